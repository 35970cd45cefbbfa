"""A run as one file that anybody can check: what was asked, the answer with its prices, and nobody's name or answers.

The proof needs numbers alone: what each pair would score, how many places there are, the pairs and the prices. So the
file knows people by their place in two lists, and nothing in it says what they told the program. Reading and checking
need no database and no Django.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from chiron.kernel.errors import DomainError
from matching.criteria.wishes import Places, Ranks
from matching.engine import (
    CertificateError,
    MatrixSource,
    Pin,
    Problem,
    ProblemError,
    Quota,
    Result,
    Rounds,
)
from matching.on_files import envelope
from matching.on_files.envelope import Data
from matching.solving import by_lists
from matching.solving.by_lists import ByLists

# Pairs up to which a file is written: 5,000 mentees and 3,000 mentors make about 100 MB.
MOST_PAIRS: Final = 16_000_000
ROWS_AT_ONCE: Final = 256
# What stands for the reason why a pair was kept against a rule: staff wrote it, maybe of somebody.
BECAUSE: Final = "kept by staff"


@dataclass(frozen=True)
class Checked:
    """What a file was found to prove."""

    about: Data
    figures: Data
    mentees: int
    mentors: int
    value: int
    bound: int
    fingerprint: str
    first: int | None = None
    """How many of the pairs are somebody's first, where first mentors go before second ones."""
    looked_at: int | None = None
    """How many pairs were looked at for two who would both rather have each other, where pairs follow lists."""


def write_run(file: BinaryIO, about: Mapping[str, Any], answer: Rounds | ByLists) -> str:
    """Write a run, with a row of scores on each line, and return its fingerprint; the same run gives the same bytes.

    about: what else the file says of the run, as JSON can hold it.
    """
    answer = without_words(answer)
    parts: Data = {
        "about": dict(about),
        "asked": _asked(answer.asked),
        **({"lists": _lists(answer)} if isinstance(answer, ByLists) else {"result": answer.result.to_dict()}),
        "figures": figures_of(answer),
    }
    if answer.first is not None:
        parts["first"] = {"served": list(answer.served or ()), "result": answer.first.result.to_dict()}
    return envelope.write(file, parts, _rows(answer.asked))


def without_words(answer: Rounds | ByLists) -> Rounds | ByLists:
    """The same without the reasons that staff wrote for pairs kept against a rule, and sealed again if it had any."""
    if not answer.result.overrides:
        return answer
    pins = [Pin(*pin, BECAUSE if Pin.of(pin).because else "") for pin in answer.asked.pins]
    if isinstance(answer, ByLists):
        return replace(answer, asked=replace(answer.asked, pins=pins))
    overrides = tuple(Pin(*pin, BECAUSE) for pin in answer.result.overrides)
    *first, last = (replace(each.result, overrides=overrides).sealed() for each in answer.rounds)
    return Rounds.restored(replace(answer.asked, pins=pins), last, first[0] if first else None, answer.served)


def figures_of(answer: Rounds | ByLists) -> Data:
    """How evenly the answer treats people; the engine says what each figure means."""
    found = asdict(answer.fairness())
    everybody = found.pop("everybody")
    del found["groups"]
    return found | {"mentees": everybody["people"], "matched": everybody["matched"]}


def check_run(data: Data) -> Checked:
    """Prove all that the file claims: every score read, every pair priced, every figure reckoned again.

    DomainError with the first thing that is wrong.
    """
    envelope.check_version(data)
    try:
        problem = _problem(data)
        answer = _answer(problem, data)
        looked_at = answer.check().possible if isinstance(answer, ByLists) else None
        certificate = answer.result.certificate if isinstance(answer, ByLists) else answer.verify()
    except CertificateError as error:
        raise DomainError(str(error)) from error
    except (ProblemError, AttributeError, LookupError, TypeError, ValueError, OverflowError) as error:
        raise DomainError(f"The file does not hold what a run needs: {error}") from error
    figures = figures_of(answer)
    envelope.check_figures(data, figures)
    fingerprint = envelope.check_fingerprint(data)
    mentees, mentors = problem.shape
    return Checked(
        envelope.part_of(data, "about"),
        figures,
        mentees,
        mentors,
        certificate.value,
        certificate.bound,
        fingerprint,
        None if answer.first is None else len(answer.first.result.pairs),
        looked_at,
    )


def _asked(problem: Problem) -> Data:
    """The problem without its scores."""
    return {
        "mentees": problem.shape[0],
        "mentors": problem.shape[1],
        "places": problem.capacity.tolist(),
        "places_to_fill": problem.needed.tolist(),
        "mentors_wanted": problem.wanted.tolist(),
        "person_of": problem.persons.tolist(),
        "floor": problem.floor,
        "most_pairs": problem.max_pairs,
        "keep": [[*pin, Pin.of(pin).because] for pin in problem.pins],
        "quotas": [[quota.side, list(quota.members), quota.most] for quota in problem.quotas],
    }


def _problem(data: Data) -> Problem:
    asked = data["asked"]
    return Problem(
        source=MatrixSource(envelope.scores_of(data["scores"], (asked["mentees"], asked["mentors"]), "mentees")),
        capacity=_column(asked["places"]),
        demand=_column(asked["mentors_wanted"]),
        min_load=_column(asked["places_to_fill"]),
        person_of=_column(asked["person_of"]),
        floor=asked["floor"],
        max_pairs=asked["most_pairs"],
        pins=[Pin(*pin) for pin in asked["keep"]],
        quotas=[Quota(*quota) for quota in asked["quotas"]],
    )


def _lists(answer: ByLists) -> Data:
    """Who named whom at which place, and the pairs beside those that are kept; all by numbers."""
    sides = {"by_mentee": answer.ranks.by_mentee, "by_mentor": answer.ranks.by_mentor}
    named = {side: [[*pair, place] for pair, place in sorted(places.items())] for side, places in sides.items()}
    return named | {"pairs": answer.stable.pairs.tolist()}


def _places(rows: Sequence[Sequence[int]], problem: Problem) -> Places:
    mentees, mentors = problem.shape
    for mentee, mentor, place in rows:
        if not (0 <= mentee < mentees and 0 <= mentor < mentors and 0 < place <= mentees + mentors):
            raise ValueError(f"The wish {[mentee, mentor, place]} is of nobody who is there.")
    return {(int(mentee), int(mentor)): int(place) for mentee, mentor, place in rows}


def _answer(problem: Problem, data: Data) -> Rounds | ByLists:
    if "lists" in data:
        lists = data["lists"]
        ranks = Ranks(_places(lists["by_mentee"], problem), _places(lists["by_mentor"], problem))
        return by_lists.claimed(problem, ranks, lists["pairs"])
    result = Result.from_dict(data["result"])
    if "first" not in data:
        return Rounds.restored(problem, result)
    served = [int(person) for person in data["first"]["served"]]
    return Rounds.restored(problem, result, Result.from_dict(data["first"]["result"]), served)


def _column(numbers: Sequence[int]) -> NDArray[np.int64]:
    """Whole numbers; an empty list has no type of its own."""
    return np.array(numbers) if numbers else np.zeros(0, np.int64)


def _rows(problem: Problem) -> Iterator[Sequence[int]]:
    """Every mentee's scores with all mentors."""
    mentees, _mentors = problem.shape
    for first in range(0, mentees, ROWS_AT_ONCE):
        yield from problem.source.block(np.arange(first, min(first + ROWS_AT_ONCE, mentees))).tolist()
