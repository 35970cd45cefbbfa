"""A run of groups as one file that anybody can check: what was asked, the groups, and what none can exceed.

Groups are hard to find, and so is the proof that none are better. Prices prove a bound that anybody can reckon again;
where a search came to a lower one, it is made once more, and that is all that can be said of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from chiron.kernel.errors import DomainError
from matching.engine import CertificateError, Circles, Groups, Led, MatrixSource, ProblemError, groups, verify_groups
from matching.on_files import envelope
from matching.on_files.envelope import Data
from matching.solving.grouping import NO_DIRECTION, Gathered, Grouped, Matrix, fit

CIRCLES: Final = "circles"
LED: Final = "led"


@dataclass(frozen=True)
class CheckedGroups:
    """What a file was found to prove: none are worth more than `proven`, and by a second search than `bound`."""

    about: Data
    figures: Data
    total: int
    bound: int
    proven: int
    fingerprint: str
    left_out: Data

    @property
    def optimal(self) -> bool:
        """Whether no better groups exist, be it that only a search says so."""
        return self.total == self.bound


def write_groups(file: BinaryIO, about: Mapping[str, Any], grouped: Grouped) -> str:
    """Write a run of groups, and return its fingerprint; the same run gives the same bytes."""
    asked = grouped.gathered
    parts = {
        "about": dict(about),
        "asked": _asked(asked),
        "groups": grouped.result.to_dict(),
        "figures": figures_of(asked.scores, grouped.result),
    }
    return envelope.write(file, parts, asked.scores.tolist())


def figures_of(scores: Matrix, result: Groups) -> Data:
    """How many are in groups, and how well two of one fit on average, in the best group and in the least good."""
    leaders = result.leaders or [None] * len(result.members)
    fits = [fit(scores, members, leader) for members, leader in zip(result.members, leaders, strict=True)]
    return {
        "groups": len(fits),
        "people": scores.shape[0] + (scores.shape[1] if result.leaders else 0),
        "in_groups": sum(map(len, result.members)) + len(result.leaders),
        "best_group": max(fits, default=0),
        "lowest_group": min(fits, default=0),
    }


def check_groups(data: Data) -> CheckedGroups:
    """Prove all that the file claims: who is with whom, every score, the bound and every figure reckoned again.

    DomainError with the first thing that is wrong.
    """
    envelope.check_version(data)
    try:
        scores = _scores(data)
        question, result = _question(data["asked"], scores), Groups.from_dict(data["groups"])
        result.check_seal()
        verify_groups(replace(result, proof="prices", bound=result.proven).sealed(), question)
        _check_bound(result, question)
        figures = figures_of(scores, result)
        left_out = {str(why): int(count) for why, count in data["asked"]["left_out"].items()}
    except CertificateError as error:
        raise DomainError(str(error)) from error
    except (ProblemError, AttributeError, LookupError, TypeError, ValueError, OverflowError) as error:
        raise DomainError(f"The file does not hold what a run of groups needs: {error}") from error
    envelope.check_figures(data, figures)
    fingerprint = envelope.check_fingerprint(data)
    about = envelope.part_of(data, "about")
    return CheckedGroups(about, figures, result.total, result.bound, result.proven, fingerprint, left_out)


def _check_bound(result: Groups, question: Circles | Led) -> None:
    """The bound is that of the prices, or one which the same search, made once more, does not exceed."""
    if result.proof == "prices":
        if result.bound != result.proven:
            raise CertificateError(f"The prices prove a bound of {result.proven}, and it says {result.bound}.")
        return
    if result.proof != "search" or not result.total <= result.bound < result.proven:
        raise CertificateError(
            f"No search comes to a bound of {result.bound} for groups that are worth {result.total}."
        )
    again = groups(question, steps=result.steps, work=result.work, seed=result.seed)
    if again.bound > result.bound:
        raise CertificateError(
            f"The same search comes to a bound of {again.bound}, and the file says {result.bound}. A search in another "
            "release of OR-Tools can come to less."
        )


def _asked(asked: Gathered) -> Data:
    """The question without its scores. In place of keys stands the order in which they have people drawn."""
    question, left = asked.question, [why for _who, why in asked.left]
    about: Data = {"left_out": {why: left.count(why) for why in sorted(set(left))}}
    if isinstance(question, Circles):
        order = {"order": _ranks(question.keys)}
        return (
            {"kind": CIRCLES, "people": question.people, "least": question.least, "most": question.most} | order | about
        )
    mentees, mentors = question.source.shape
    return {
        "kind": LED,
        "mentees": mentees,
        "mentors": mentors,
        "least": question.least.tolist(),
        "most": question.capacity.tolist(),
        "order_of_mentees": _ranks(question.mentee_keys),
        "order_of_mentors": _ranks(question.mentor_keys),
    } | about


def _ranks(keys: NDArray[np.uint64] | None) -> list[int]:
    assert keys is not None
    return [int(rank) for rank in np.argsort(np.argsort(keys))]


def _scores(data: Data) -> Matrix:
    asked = data["asked"]
    shape = (asked["people"],) * 2 if asked["kind"] == CIRCLES else (asked["mentees"], asked["mentors"])
    return envelope.scores_of(data["scores"], shape, "people" if asked["kind"] == CIRCLES else "mentees")


def _question(asked: Data, scores: Matrix) -> Circles | Led:
    if asked["kind"] == CIRCLES:
        source = MatrixSource(np.where(scores == NO_DIRECTION, 0, scores))
        return Circles(source, asked["least"], asked["most"], keys=_keys(asked["order"]))
    if asked["kind"] != LED:
        raise ValueError(f"Groups are of the kind “{CIRCLES}” or “{LED}”, not “{asked['kind']}”.")
    return Led(
        MatrixSource(scores),
        capacity=np.array(asked["most"], np.int64),
        least=np.array(asked["least"], np.int64),
        mentee_keys=_keys(asked["order_of_mentees"]),
        mentor_keys=_keys(asked["order_of_mentors"]),
    )


def _keys(ranks: Sequence[int]) -> NDArray[np.uint64]:
    return np.array(ranks, np.uint64)
