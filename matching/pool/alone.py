"""Who can be matched with nobody who is there, and by which rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from numpy.typing import NDArray

from matching.criteria import Scores
from matching.criteria.sentences import RULES
from matching.engine.scores import FORBIDDEN, blocks_of
from matching.pool.supply import Supply, There
from matching.solving.problems import SCORE_PER_POINT, rows_of
from programs.enrollment.models import Role

BELOW_FLOOR: Final = "below_floor"
SUITS_NOT: Final = gettext_lazy("nobody would suit well enough")


@dataclass(frozen=True)
class Alone:
    """Somebody whom the rules leave nobody; `rules` counts whom each rule takes away, the most first."""

    there: There
    rules: Mapping[str, int]

    @property
    def rule(self) -> str:
        """The rule that takes most away."""
        return next(iter(self.rules))

    @property
    def why(self) -> str:
        """All rules, in words."""
        if self.there.participant.role == "mentee":
            said = [
                ngettext("%(count)d mentor: %(rule)s", "%(count)d mentors: %(rule)s", count)
                % {"count": count, "rule": spoken(rule)}
                for rule, count in self.rules.items()
            ]
        else:
            said = [
                ngettext("%(count)d mentee: %(rule)s", "%(count)d mentees: %(rule)s", count)
                % {"count": count, "rule": spoken(rule)}
                for rule, count in self.rules.items()
            ]
        return "; ".join(said)


def spoken(rule: str) -> str:
    """A rule in words."""
    return str(SUITS_NOT) if rule == BELOW_FLOOR else _(RULES[rule])


def alone(supply: Supply) -> list[Alone]:
    """Everybody who can have nobody of those who are there, by name; none as long as one side is empty."""
    matching = supply.cycle.settings.matching
    mentees, mentors = (
        [one for one in supply.people if one.participant.role == role] for role in (Role.MENTEE, Role.MENTOR)
    )
    if not matching.weights or not mentees or not mentors:
        return []
    rows = rows_of(supply.cycle.settings, [one.participant for one in mentees])
    scores = Scores(rows, [one.participant for one in mentors], matching, supply.waiting.known)
    position = {one.participant.key: place for place, one in enumerate(mentees)}
    whose = np.array([position[row.key] for row in rows])
    best_of_row, best_of_mentor = _best(scores)
    best_of_mentee = np.full(len(mentees), FORBIDDEN, np.int32)
    np.maximum.at(best_of_mentee, whose, best_of_row)
    floor = matching.floor * SCORE_PER_POINT
    found = list(_left(mentees, best_of_mentee, floor, lambda one: _counts(scores, np.flatnonzero(whose == one), None)))
    found += _left(mentors, best_of_mentor, floor, lambda col: _counts(scores, None, col, whose))
    return found


def by_rule(found: Sequence[Alone]) -> list[tuple[str, str, Mapping[str, int]]]:
    """Each rule that takes most away from somebody: its id, its words, and from how many of each role."""
    count: dict[str, Counter[str]] = {}
    for each in found:
        count.setdefault(each.rule, Counter())[each.there.participant.role] += 1
    order = sorted(count, key=lambda rule: (-count[rule].total(), rule))
    return [(rule, spoken(rule), count[rule]) for rule in order]


def _best(scores: Scores) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    mentees, mentors = scores.shape
    of_mentee, of_mentor = (np.full(count, FORBIDDEN, np.int32) for count in (mentees, mentors))
    for rows in blocks_of(np.arange(mentees), mentors):
        block = scores.block(rows)
        of_mentee[rows] = block.max(axis=1)
        np.maximum(of_mentor, block.max(axis=0), out=of_mentor)
    return of_mentee, of_mentor


def _left(
    people: Sequence[There], best: NDArray[np.int32], floor: int, counts: Callable[[int], dict[str, int]]
) -> Iterator[Alone]:
    for place, one in enumerate(people):
        if best[place] < max(floor, 0):
            yield Alone(one, counts(place))


def _counts(
    scores: Scores, mine: NDArray[np.int64] | None, col: int | None, whose: NDArray[np.int64] | None = None
) -> dict[str, int]:
    """Whom each rule takes away from one person, the most first; those who are left would not suit well enough.

    mine: a mentee's rows; col: or a mentor; whose: then the mentee of each row. A rule counts where it holds whatever
    the mentor is for.
    """
    mentees, mentors = scores.shape
    rows = np.arange(mentees) if mine is None else mine
    cols = np.arange(mentors) if col is None else np.array([col])

    def people(rows_out: NDArray[np.bool_]) -> int:
        if whose is None:
            return int(rows_out.all(axis=0).sum())
        in_all = np.ones(int(whose.max()) + 1, np.bool_)
        np.logical_and.at(in_all, whose, rows_out[:, 0])
        return int(in_all.sum())

    counts = {rule.id: people(rule.mask(rows, cols)) for rule in scores.rules}
    there = len(cols) if whose is None else int(whose.max()) + 1
    counts[BELOW_FLOOR] = there - people(scores.block(rows, cols) == FORBIDDEN)
    return {rule: count for rule, count in sorted(counts.items(), key=lambda each: -each[1]) if count}
