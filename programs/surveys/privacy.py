"""What may be told of answers. Pure; everything that shows answers goes through here, once, when a survey closes.

The rules: a group is told of only if at least five of it answered. It is told of in parts only if each part may be told
of alone, so that no part can be had by taking others from the whole. A group of fewer than ten that all say the same
is told as “most”, without numbers; in parts it is then not told of at all, for the whole would give the part away.
Where something is not told, that is said, and never which of the reasons it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

FEWEST: Final = 5
FEW: Final = 10

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one group's answers to one question: counts by answer, or the answer of most, or nothing."""

    answered: int = 0
    counts: Counts = field(default_factory=dict)
    most: str = ""

    @property
    def is_told(self) -> bool:
        return bool(self.counts or self.most)

    @classmethod
    def stored(cls, data: Mapping[str, Any]) -> Told:
        """As `asdict` kept it."""
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One person's answers as they are counted: the role, and the answer to each question that was answered."""

    role: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is told of a survey: of everybody, and where that may be told by role, by role and then by question."""

    whole: Mapping[str, Told]
    parts: Mapping[str, Mapping[str, Told]]

    def kept(self) -> dict[str, Any]:
        """As data that JSON can hold."""
        return asdict(self)

    @classmethod
    def stored(cls, data: Mapping[str, Any]) -> Outcome:
        """As `kept` gave it."""
        parts = {ask: {role: Told.stored(each) for role, each in told.items()} for ask, told in data["parts"].items()}
        return cls({ask: Told.stored(each) for ask, each in data["whole"].items()}, parts)


def may_be_told(answered: int) -> bool:
    """Whether so many are enough for a group to be told of."""
    return answered >= FEWEST


def tell(counts: Counts) -> Told:
    """What is told of a group by how many of it gave each answer."""
    answered = sum(counts.values())
    if not may_be_told(answered):
        return Told()
    alike = next((answer for answer, count in counts.items() if count == answered), None)
    if alike is not None and answered < FEW:
        return Told(answered, {}, alike)
    return Told(answered, dict(counts))


def tell_parts(parts: Mapping[str, Counts]) -> dict[str, Told]:
    """What is told of the parts of a group: of each by counts, or of none."""
    told = {part: tell(counts) for part, counts in parts.items()}
    return told if len(told) > 1 and all(each.counts for each in told.values()) else {}


def outcome(sheets: Sequence[Sheet], questions: Mapping[str, Sequence[str]]) -> Outcome:
    """What is told of all sheets of a survey; `questions` says which answers there are to each, in their order."""
    roles = sorted({sheet.role for sheet in sheets})
    whole, parts = {}, {}
    for ask, answers in questions.items():
        by_role = {role: dict.fromkeys(answers, 0) for role in roles}
        for sheet in sheets:
            if (answer := sheet.answers.get(ask)) in by_role[sheet.role]:
                by_role[sheet.role][answer] += 1
        whole[ask] = tell({answer: sum(counts[answer] for counts in by_role.values()) for answer in answers})
        parts[ask] = tell_parts(by_role)
    return Outcome(whole, parts)


def roles_told(answered: Counts) -> bool:
    """Whether comments may carry the roles of their writers: each role needs five who answered.

    With one too small, the comments without a role would be all of that role.
    """
    return len(answered) > 1 and all(may_be_told(count) for count in answered.values())
