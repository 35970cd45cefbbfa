"""What staff see of a pair where a preference about oneself counts: that it was met is told to its owner alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from matching.criteria.sentences import MOST_REASONS, TO_MENTEE
from matching.models import SuggestedPair

PRIVATE: Final = "my_own_preference"


@dataclass(frozen=True)
class Line:
    """A criterion's points in a pair, or those of two together, so that neither can be read off."""

    criteria: tuple[str, ...]
    share: int
    weight: int
    known: bool
    facts: Mapping[str, Any]


def lines_of(pair: SuggestedPair) -> list[Line]:
    """What a pair's score is made of, what matters most first; the lines add up to the score.

    The private criterion stands in one line with another, whose facts are left out lest they tell its part of the sum.
    """
    lines = {
        name: Line((name,), each["share"], each["weight"], each["known"], each["facts"])
        for name, each in pair.facts["points"].items()
    }
    if has_private_part(pair) and len(lines) > 1:
        hidden = lines.pop(PRIVATE)
        other = lines.pop(_beside(hidden, list(lines.values())))
        both = (*other.criteria, *hidden.criteria)
        lines[PRIVATE] = Line(both, other.share + hidden.share, other.weight + hidden.weight, known=True, facts={})
    return sorted(lines.values(), key=lambda line: (-line.weight, line.criteria))


def _beside(hidden: Line, others: Sequence[Line]) -> str:
    """The lightest criterion that weighs as much as the hidden one, or else the heaviest: it must hide it."""
    heavy = [each for each in others if each.weight >= hidden.weight]
    found = min(heavy, key=_by_weight) if heavy else max(others, key=_by_weight)
    return found.criteria[0]


def _by_weight(line: Line) -> tuple[int, tuple[str, ...]]:
    return line.weight, line.criteria


def has_private_part(pair: SuggestedPair) -> bool:
    """Whether a preference about oneself counts in the pair's program, met or not."""
    return PRIVATE in pair.facts["points"]


def sentences_for_staff(pair: SuggestedPair) -> list[str]:
    """What staff see of the mentee's reasons: one fewer than the most there can be, so that none is missed."""
    said: list[str] = pair.facts["to_mentee"]
    if not has_private_part(pair):
        return said
    return [sentence for sentence in said if sentence != TO_MENTEE[PRIVATE]][: MOST_REASONS - 1]
