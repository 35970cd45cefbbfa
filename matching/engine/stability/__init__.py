"""stable(): pairs such that no two people would rather have each other, from what both sides wish.

`market` what is asked; `offers` whom each proposer asks next; `proposals` the rounds of asking; `check` the audit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from matching.engine.asked import listener
from matching.engine.errors import CertificateError, ProblemError
from matching.engine.given import integer
from matching.engine.problem import Side
from matching.engine.progress import Progress, Watch
from matching.engine.scores import Ints
from matching.engine.seals import Sealed
from matching.engine.stability.check import StableCertificate, audit, blocking_pairs
from matching.engine.stability.market import Market, Wishes
from matching.engine.stability.offers import Listed, Scored, Sides
from matching.engine.stability.proposals import Offers, propose

__all__ = ["Market", "Stable", "StableCertificate", "Wishes", "blocking_pairs", "stable", "verify_stable"]


@dataclass(frozen=True, eq=False)
class Stable(Sealed):
    """A stable set of pairs.

    pairs: (n, 2) mentee and mentor, sorted, in the positions of the input; proposing: who proposed; seed: of the lot
    between equals; certificate: what was checked; seal: a digest of all the rest.
    """

    pairs: Ints
    proposing: Side
    seed: int
    certificate: StableCertificate
    seal: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and names, as JSON holds them."""
        return {
            "pairs": self.pairs.tolist(),
            "proposing": self.proposing,
            "seed": self.seed,
            "certificate": asdict(self.certificate),
            "seal": self.seal,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """What to_dict() wrote. Raises KeyError, TypeError or ValueError if it is of another shape."""
        pairs, certificate = np.array(stored["pairs"], np.int64).reshape(-1, 2), stored["certificate"]
        return cls(pairs, stored["proposing"], stored["seed"], StableCertificate(**certificate), stored["seal"])


def stable(
    market: Market,
    *,
    proposing: Side = "mentee",
    seed: int = 0,
    progress: Callable[[Progress], object] | None = None,
) -> Stable:
    """Deferred acceptance: pairs such that no mentee and mentor would rather have each other; the same bytes for the
    same market and seed, whatever the order of the input.

    The proposing side gets, each of them, the best they can have in any stable set of pairs, ties in their lists
    settled by a lot for each pair of keys. The same people are paired whoever proposes (Roth 1986). Where both sides
    give scores, these are read block by block and nothing holds mentees × mentors.
    progress: called between rounds of proposals; what it raises stops the work. Raises ProblemError for an unknown
    side, a seed that is no whole number, and scores that are none. Source: Gale & Shapley 1962; Roth & Peranson 1999.
    """
    listener(progress)
    if not isinstance(market, Market):
        raise ProblemError(f"Stable pairs are found in a Market, not in {market!r}.")
    _check_lot(proposing, seed)
    pairs = _accepted(market, proposing, int(seed), Watch(progress))
    return Stable(pairs, proposing, int(seed), _certify(pairs, market, Watch())).sealed()


def _check_lot(proposing: object, seed: object) -> None:
    if not isinstance(proposing, str) or proposing not in ("mentee", "mentor"):
        raise ProblemError(f"The side that proposes is 'mentee' or 'mentor', not {proposing!r}.")
    integer(seed, "The seed")


def _accepted(market: Market, proposing: Side, seed: int, watch: Watch) -> Ints:
    """The pairs that hold after all proposals, sorted."""
    sides = Sides.of(market, proposing, seed)
    if isinstance(market.mentees, Wishes) or isinstance(market.mentors, Wishes):
        offers: Offers = Listed(sides)
    else:
        offers = Scored(sides, market.mentees, market.mentors)
    demand, capacity = sides.limits()
    proposer, asked = propose(offers, demand, np.minimum(capacity, len(demand)), watch)
    pairs = np.stack(sides.turn(sides.proposers.order[proposer], sides.asked.order[asked]), axis=1)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def verify_stable(
    result: Stable, market: Market, *, progress: Callable[[Progress], object] | None = None
) -> StableCertificate:
    """Prove again that no pair blocks, by looking at all that both sides accept, without the algorithm; then that these
    are the pairs of this seed, best for those who proposed, by letting them propose once more; and last the seal.

    The second is a repetition, and no proof that is independent of the algorithm. progress: called before each block of
    pairs and between rounds of proposals; what it raises stops the work. Raises CertificateError naming the
    first condition that fails, ProblemError for what is no Market. Source: blocking pairs as in Gale & Shapley 1962.
    """
    if not isinstance(result, Stable):
        raise CertificateError(f"The pairs to verify must be Stable, not {type(result).__name__}.")
    listener(progress)
    watch = Watch(progress)
    certificate = _certify(result.pairs, market, watch)
    if not isinstance(result.certificate, StableCertificate) or certificate != result.certificate:
        raise CertificateError(f"It claims {result.certificate}, but {certificate} is true.")
    try:
        _check_lot(result.proposing, result.seed)
    except ProblemError as error:
        raise CertificateError(error.message) from error
    if not np.array_equal(_accepted(market, result.proposing, int(result.seed), watch), result.pairs):
        raise CertificateError(f"If every {result.proposing} proposes with the seed {result.seed}, others are paired.")
    result.check_seal()
    return certificate


def _certify(pairs: Ints, market: Market, watch: Watch) -> StableCertificate:
    blocking, certificate = audit(pairs, market, watch)
    for mentee, mentor in blocking[:1].tolist():
        raise CertificateError(f"Mentee {mentee} and mentor {mentor} would rather have each other.")
    return certificate
