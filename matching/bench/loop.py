"""The scores of matching.criteria once more, pair by pair in plain Python: what B1 is measured against.

It is written as one would write it to be quick: words are folded and looked up once per person, distances are kept,
and a pair that a rule forbids is not scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.criteria.columns import fold, folded, trait
from matching.criteria.employers import named_employer
from matching.criteria.points import NEUTRAL, WHOLE, equal_shares
from matching.criteria.related import RELATED, are_related
from programs.policy.document import Matching
from programs.policy.participant import Participant
from programs.policy.places import middle_of
from programs.policy.words import STAGES

COVERED: Final = {"lived_my_challenge": "challenges", "aspects_covered": "aspects", "shared_interests": "interests"}
EARTH_IN_MILES, HALVINGS, STEPS_PER_MILE = 3958.7613, 11, 20
FOR_TIMES: Final = (0, 700, 900, 1000)
CLASH: Final = {("in person", "virtual"), ("virtual", "in person")}


@dataclass(frozen=True)
class Someone:
    """A person with everything that need be worked out but once."""

    said: Participant

    @cached_property
    def stage(self) -> int:
        return STAGES.index(self.said.stage)

    @cached_property
    def trained(self) -> date | None:
        return self.said.training_completed_on

    @cached_property
    def specialty(self) -> str:
        return fold(self.said.specialty or "")

    @cached_property
    def employer(self) -> str | None:
        return named_employer(self.said.employer)

    @cached_property
    def languages(self) -> set[str]:
        return set(folded(self.said.languages))

    @cached_property
    def times(self) -> set[str]:
        return set(folded(self.said.availability))

    @cached_property
    def wanted(self) -> dict[str, list[tuple[str, int]]]:
        words = {criterion: folded(getattr(self.said, field)) for criterion, field in COVERED.items()}
        return {
            name: list(zip(some, equal_shares(WHOLE, len(some)), strict=True)) for name, some in words.items() if some
        }

    @cached_property
    def had(self) -> dict[str, set[str]]:
        return {criterion: set(folded(getattr(self.said, field))) for criterion, field in COVERED.items()}

    @cached_property
    def traits(self) -> dict[str, str | None]:
        return {name: trait(self.said, name) for name in ("gender", "heritage")}

    @cached_property
    def place(self) -> tuple[float, float, float] | None:
        at = None if self.said.meeting_mode == "virtual" else middle_of(self.said.zip or "")
        if at is None:
            return None
        latitude, longitude = map(radians, at)
        return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)


def known(people: Sequence[Participant]) -> list[Someone]:
    """Everybody with all of it worked out."""
    everybody = [Someone(person) for person in people]
    for someone in everybody:
        for name, attribute in vars(Someone).items():
            if isinstance(attribute, cached_property):
                getattr(someone, name)
    return everybody


class Loop:
    """Scores of one pair after the other."""

    def __init__(self, matching: Matching) -> None:
        self.weights: dict[str, int] = {name: weight.points for name, weight in matching.weights.items()}
        half_at = matching.weights["near_each_other"].half_at
        assert half_at is not None
        steps = np.arange(ceil(half_at.miles * HALVINGS * STEPS_PER_MILE) + 1) / STEPS_PER_MILE
        self.by_distance: list[int] = np.rint(WHOLE * np.exp2(-steps / half_at.miles)).astype(int).tolist()
        self.near: dict[tuple[object, object], int] = {}

    def scores(self, mentees: Sequence[Someone], mentors: Sequence[Someone]) -> NDArray[np.int32]:
        """mentees × mentors, -1 where a hard rule forbids the pair."""
        return np.array([[self.score(mentee, mentor) for mentor in mentors] for mentee in mentees], np.int32)

    def score(self, mentee: Someone, mentor: Someone) -> int:
        """Weighted points of a pair, or -1."""
        if self._forbidden(mentee, mentor):
            return -1
        weights = self.weights
        score = weights["specialty"] * self._field(mentee, mentor)
        score += weights["my_own_preference"] * self._preference(mentee, mentor)
        score += weights["free_at_the_same_time"] * self._times(mentee, mentor)
        score += weights["near_each_other"] * self._closeness(mentee, mentor)
        for name in COVERED:
            wanted, had = mentee.wanted.get(name), mentor.had[name]
            covered = sum(share for word, share in wanted if word in had) if wanted and had else NEUTRAL
            score += weights[name] * covered
        return score

    def _forbidden(self, mentee: Someone, mentor: Someone) -> bool:
        if mentor.stage < mentee.stage or (mentee.employer and mentee.employer == mentor.employer):
            return True
        if (mentee.said.meeting_mode, mentor.said.meeting_mode) in CLASH:
            return True
        if mentee.languages and mentor.languages and mentee.languages.isdisjoint(mentor.languages):
            return True
        return bool(mentor.stage == mentee.stage and _less_than_a_year(mentee.trained, mentor.trained))

    def _field(self, mentee: Someone, mentor: Someone) -> int:
        mine, theirs = mentee.specialty, mentor.specialty
        if not mine or not theirs:
            return NEUTRAL
        return WHOLE if mine == theirs else RELATED * are_related(mine, theirs)

    def _preference(self, mentee: Someone, mentor: Someone) -> int:
        asked = mentee.said.prefers_shared
        if not asked:
            return NEUTRAL
        points = 0
        for name, half in zip(asked, equal_shares(NEUTRAL, len(asked)), strict=True):
            mine, theirs = mentee.traits[name], mentor.traits[name]
            points += half if mine is None or theirs is None else 2 * half * (mine == theirs)
        return points

    def _times(self, mentee: Someone, mentor: Someone) -> int:
        if not mentee.times or not mentor.times:
            return NEUTRAL
        return FOR_TIMES[min(len(mentee.times & mentor.times), 3)]

    def _closeness(self, mentee: Someone, mentor: Someone) -> int:
        one, other = mentee.place, mentor.place
        if one is None or other is None:
            return NEUTRAL
        if (one, other) not in self.near:
            half_chord = sqrt(sum((mine - theirs) ** 2 for mine, theirs in zip(one, other, strict=True))) / 2
            steps = int(2 * EARTH_IN_MILES * asin(min(half_chord, 1)) * STEPS_PER_MILE)
            self.near[one, other] = self.by_distance[min(steps, len(self.by_distance) - 1)]
        return self.near[one, other]


def _less_than_a_year(mentee: date | None, mentor: date | None) -> bool:
    return mentee is not None and mentor is not None and mentor.replace(year=mentor.year + 1) > mentee
