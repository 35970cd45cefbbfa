"""Whom to look for so that more groups can be, of those who wait: counted by role, with the kind that suits them best.

For pairs the worth of one more mentor is solved. There are too many ways to split people into groups for that, but how
many of each role another group takes is known, and so is who would wait without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.criteria import Scores
from matching.pool.kinds import Kind, kinds_for
from matching.pool.recruiting import MOST_STEPS, NEARLY, WORTH_IT
from matching.solving.grouping import size_of
from programs.policy.document import Part
from programs.policy.participant import Participant
from programs.policy.words import ROLES_OF

# What each role is in a pair's score: the one who gives is scored as a mentor.
GIVES: Final = ("mentor", "senior", "middle", "peer")


@dataclass(frozen=True)
class GroupStep:
    """People to look for, by role, for one group more, and how many of those who wait now it would take in."""

    needs: Sequence[tuple[str, int]]
    gain: int


def per_group(part: Part) -> Mapping[str, tuple[int, int]]:
    """How many of each role a group takes, the fewest and the most."""
    size, roles = size_of(part), ROLES_OF[part.format]
    if part.format == "triad":
        return dict.fromkeys(roles, (1, 1))
    if part.format == "group":
        least = max(1, size.at_least - 1)
        return {"mentor": (1, 1), "mentee": (least, max(least, size.most - 1))}
    return dict.fromkeys(roles, (size.at_least, size.most))


def steps(part: Part, waiting: Mapping[str, int], ceiling: int | None) -> list[GroupStep]:
    """One group more at a time, each on top of those before it, as long as it takes in somebody who waits now.

    waiting: how many there are of each role; ceiling: how many groups there may be yet.
    """
    per, there = per_group(part), dict(waiting)
    groups = min(there[role] // least for role, (least, _most) in per.items())
    found: list[GroupStep] = []
    while len(found) < MOST_STEPS and (ceiling is None or groups < ceiling):
        needs = {role: max(0, (groups + 1) * least - there[role]) for role, (least, _most) in per.items()}
        gain = sum(
            min(waiting[role], (groups + 1) * most) - min(waiting[role], groups * most)
            for role, (_least, most) in per.items()
        )
        if gain <= 0:
            break
        found.append(GroupStep([(role, count) for role, count in needs.items() if count], gain))
        there = {role: there[role] + needs[role] for role in per}
        groups += 1
    return found


def suits(part: Part, role: str, others: Sequence[Participant]) -> Kind:
    """Which kind of person in this role suits these best on average; the least narrow of those that do nearly as well,
    and anybody where no kind is worth naming."""
    kinds = kinds_for(others, part.matching)
    asked = [kind.participant(number) for number, kind in enumerate(kinds)]
    mentees, mentors = (others, asked) if role in GIVES else (asked, others)
    table = Scores(mentees, mentors, part.matching.model_copy(update={"never": ()})).block(np.arange(len(mentees)))
    means = np.asarray(table).mean(axis=0 if role in GIVES else 1) if others else np.zeros(len(kinds))
    best = means - means[0]
    if best.max() < WORTH_IT:
        return kinds[0]
    near = [number for number, more in enumerate(best) if more >= NEARLY * best.max()]
    return kinds[min(near, key=lambda number: (kinds[number].narrow, -best[number], number))]
