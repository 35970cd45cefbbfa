"""Whether identity answers changed anything: the same people solved again without them, and what would differ.

Only counts are kept, never which pairs: those would tell who shares what with whom.
"""

from __future__ import annotations

from typing import Any, Final

from matching.engine import Changes
from matching.explaining.privacy import PRIVATE
from matching.solving.part import Solved

# What so few asked for is not told, nor so few pairs exactly.
FEWEST: Final = 5


def blind_of(solved: Solved) -> dict[str, int] | None:
    """How many pairs would be others if identity answers did not count; None if they count nowhere in the program.

    asked: how many mentees wished that they count; others: pairs that this answer does not have; pairs, points: how
    many more there would be, below zero if fewer.
    """
    if not solved.scores.weights.get(PRIVATE):
        return None
    asked = sum(bool(person.prefers_shared) for person in solved.pool.mentees)
    if not asked or len(solved.scores.weights) == 1:
        return {"asked": asked, "others": 0, "pairs": 0, "points": 0}
    _answer, delta = solved.answer.again(Changes(blind_to=[PRIVATE]))
    return {"asked": asked, "others": len(delta.come), "pairs": delta.pairs, "points": delta.points}


def is_told(blind: dict[str, Any]) -> bool:
    """Whether so many asked that nobody's answer can be worked out of the counts."""
    return int(blind["asked"]) >= FEWEST
