"""The training clock: how long ago somebody completed training, counted on the day a session starts.

A date decides where there is one; only without it does the stage speak: whoever is still a student, resident or fellow
has not completed training, which is a fact and not a gap. Training that will be completed after the counted day is not
completed on it. Of somebody who has not completed training, no comparison is true: neither “within 2 years” nor “at
least 8” nor “at most 5”. On the anniversary itself both “within 2 years” and “at least 2 years” are true. An
anniversary that does not exist (February 29) is the last day of its month, as in PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from programs.policy.lengths import Length
from programs.policy.participant import Participant
from programs.policy.rules.syntax import Condition
from programs.policy.words import IN_TRAINING


def compared(condition: Condition, person: Participant, on: date) -> bool | None:
    """Whether what a condition says about training holds on this day; None if that cannot be told."""
    earliest = person.training_completed_on
    if earliest is None:
        return False if person.stage in IN_TRAINING else None
    latest = max(person.training_completed_latest or earliest, earliest)
    holds = _test(condition, on)
    # Between two possible days the answer can only change at the counted day and at its own limit, which lies before.
    seen = {holds(day) for day in (earliest, latest, min(max(on, earliest), latest))}
    return seen.pop() if len(seen) == 1 else None


def _test(condition: Condition, on: date) -> Callable[[date], bool]:
    """Whether the condition holds for somebody who completed training on a given day."""
    if condition.verb == "within":
        length = condition.length or Length(0, "day")
        return lambda day: day <= on <= length.after(day)
    years = Length(condition.number, "year")
    if condition.verb == "at least":
        return lambda day: day <= on and years.after(day) <= on
    return lambda day: day <= on < Length(condition.number + 1, "year").after(day)
