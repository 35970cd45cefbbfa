"""Kinds of mentors that one could look for: by specialty, by region, by what they help with, or by two of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from matching.pool.regions import region_of
from programs.policy.document import Matching
from programs.policy.participant import Participant
from programs.policy.words import CriterionId

# How many of each are looked at, those that most mentees have or want first.
MOST: Final = {"specialty": 12, "region": 8, "help": 8}
MATTERS: Final[dict[str, CriterionId]] = {
    "specialty": "specialty",
    "region": "near_each_other",
    "help": "aspects_covered",
}
# A stage that is further along than that of nearly every mentee.
FAR_ALONG: Final = "late career"


@dataclass(frozen=True)
class Kind:
    """What is known of a mentor whom nobody knows yet; empty is anybody. zip stands for its region."""

    specialty: str = ""
    region: str = ""
    zip: str = ""
    help: str = ""

    @property
    def narrow(self) -> int:
        """By how many things it is narrowed."""
        return sum(bool(said) for said in (self.specialty, self.region, self.help))

    def participant(self, number: int) -> Participant:
        """A mentor of this kind without a place, of whom nothing else is known."""
        return Participant(
            key=f"one more {number}",
            role="mentor",
            stage=FAR_ALONG,
            specialty=self.specialty or None,
            zip=self.zip or None,
            aspects=(self.help,) if self.help else (),
            places=0,
        )


def kinds_for(mentees: Sequence[Participant], matching: Matching) -> list[Kind]:
    """What these mentees have or want, as far as it matters in their program; anybody at all first."""
    weights = matching.weights
    said: dict[str, list[Kind]] = {
        "specialty": [Kind(specialty=name) for name in _most(mentees, "specialty", _specialty)],
        "region": [Kind(region=name, zip=_zip(mentees, name)) for name in _most(mentees, "region", _region)],
        "help": [Kind(help=name) for name in _most(mentees, "help", lambda one: one.aspects)],
    }
    matters = [kinds for name, kinds in said.items() if (weight := weights.get(MATTERS[name])) and weight.points]
    both = [_both(one, other) for some, others in combinations(matters, 2) for one in some for other in others]
    return [Kind(), *(kind for kinds in matters for kind in kinds), *both]


def _both(one: Kind, other: Kind) -> Kind:
    return Kind(
        one.specialty or other.specialty, one.region or other.region, one.zip or other.zip, one.help or other.help
    )


def _specialty(person: Participant) -> Iterable[str]:
    return [person.specialty or ""]


def _region(person: Participant) -> Iterable[str]:
    return [region_of(person.zip)]


def _most(mentees: Sequence[Participant], name: str, values: Callable[[Participant], Iterable[str]]) -> list[str]:
    count = Counter(value for person in mentees for value in values(person) if value)
    return sorted(count, key=lambda value: (-count[value], value))[: MOST[name]]


def _zip(mentees: Sequence[Participant], region: str) -> str:
    """The ZIP code that most mentees of a region have."""
    count = Counter(person.zip for person in mentees if person.zip and region_of(person.zip) == region)
    return min(count, key=lambda code: (-count[code], code))
