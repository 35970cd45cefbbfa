"""What to talk about and what to do in one month of a session: a little at a time, and each thing in its turn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from programs.policy.document.texts import Text

# Which of the texts that ship belong to the beginning, the middle and the end.
FIRST: Final = ("first_meeting", "goals_together")
HALFWAY: Final = "halfway"
LAST: Final = "looking_back"
A_MONTH = 30.44  # days, on average
TALKS, DOINGS = 2, 3


def month_of(today: date, starts_on: date, ends_on: date) -> tuple[int, int]:
    """Which month of a session this is, from 1, and how many it has."""
    months = max(1, round((ends_on - starts_on).days / A_MONTH))
    now = int((today - starts_on).days / A_MONTH) + 1
    return min(max(now, 1), months), months


def prompts(texts: Sequence[Text], month: int, months: int) -> list[Text]:
    """What to talk about: first meetings first, looking back last, and between them two of all others in turn."""
    named = {each.name: each for each in texts if each.name}
    others = [each for each in texts if each.name not in (*FIRST, HALFWAY, LAST)]
    if month == 1:
        found = [named[name] for name in FIRST if name in named]
        return found or _in_turn(others, 1, TALKS)
    middle, last = (months + 1) // 2, month == months
    fixed = LAST if last else HALFWAY if month == max(middle, 2) else None
    found = [named[fixed]] if fixed in named else []
    return [*found, *_in_turn(others, month - 1, TALKS - len(found))]


def activities(texts: Sequence[Text], month: int) -> list[Text]:
    """What to do together, three of all in turn."""
    return _in_turn(texts, month, DOINGS)


def _in_turn(texts: Sequence[Text], turn: int, count: int) -> list[Text]:
    """So many of a list for the first turn, the next ones for the second, and from the beginning again."""
    if len(texts) <= count:
        return list(texts)
    start = (turn - 1) * count
    return [texts[(start + each) % len(texts)] for each in range(count)]
