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
from matching.solving import SCORE_PER_POINT
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
    scores = Scores(
        [one.participant for one in mentees], [one.participant for one in mentors], matching, supply.waiting.known
    )
    best_of_mentee, best_of_mentor = _best(scores)
    floor = matching.floor * SCORE_PER_POINT
    found = list(_left(mentees, best_of_mentee, floor, lambda row: _counts(scores, row, None)))
    found += _left(mentors, best_of_mentor, floor, lambda col: _counts(scores, None, col))
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


def _counts(scores: Scores, row: int | None, col: int | None) -> dict[str, int]:
    """Whom each rule takes away from one person, the most first; those who are left would not suit well enough."""
    mentees, mentors = scores.shape
    rows = np.arange(mentees) if row is None else np.array([row])
    cols = np.arange(mentors) if col is None else np.array([col])
    counts = {rule.id: int(rule.mask(rows, cols).sum()) for rule in scores.rules}
    counts[BELOW_FLOOR] = int((scores.block(rows, cols) != FORBIDDEN).sum())
    return {rule: count for rule, count in sorted(counts.items(), key=lambda each: -each[1]) if count}
