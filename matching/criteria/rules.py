"""Hard rules: a pair that may not be. Each is a mask with an id; it fires on facts, and says where it cannot tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.criteria.columns import Ints, Mask, folded
from matching.criteria.employers import may_share, named_employer
from matching.engine.factors import indicator, numbered
from programs.policy.participant import Participant
from programs.policy.words import STAGES

People = Sequence[Participant]
KeyPairs = Iterable[tuple[str, str]]

SAME_PERSON: Final = "same_person"
RULED_OUT: Final = "ruled_out_by_staff"
ASKED: Final = "asked_before"
A_YEAR: Final = 10_000  # in dates written as the number YYYYMMDD
NO_DATE: Final = 99_999_999
WAYS: Final = {"in person": 0b01, "virtual": 0b10, "either": 0b11, None: 0b11}


class HardRule(Protocol):
    """A rule over all pairs of mentees and mentors."""

    id: str

    def mask(self, rows: Ints, cols: Ints) -> Mask:
        """True where the rule forbids a pair of rows × cols."""
        ...

    def cannot_tell(self, mentee: int, mentor: int) -> bool:
        """Whether facts are missing with which the rule might forbid this pair."""
        ...


class FurtherAlong:
    """The mentor must be further along: at a later stage or, at the same one, at least a year longer out of training.

    Where a stage is unknown the dates of training decide; where they are unknown too, nothing does. Retired is the last
    stage. A year, not a day: two people of one graduating class are not further along than each other.
    """

    id = "mentor_not_further_along"

    def __init__(self, mentees: People, mentors: People) -> None:
        # Whoever's stage is unknown is neither surely behind (high) nor surely ahead (low), so the dates decide.
        mine, theirs = _ranks(mentees), _ranks(mentors)
        unknown = len(STAGES)
        self._mentee_low = np.where(mine < 0, -1, mine).astype(np.int8)
        self._mentee_high = np.where(mine < 0, unknown, mine).astype(np.int8)
        self._mentor_low = np.where(theirs < 0, -1, theirs).astype(np.int8)
        self._mentor_high = np.where(theirs < 0, unknown, theirs).astype(np.int8)
        # Where only a year is known, the rule fires if no day of it would do, and is unsure if some would.
        self._mentee_first, self._mentee_last = _dates(mentees, unknown=NO_DATE)
        self._mentor_first, self._mentor_last = _dates(mentors, unknown=-NO_DATE)

    def mask(self, rows: Ints, cols: Ints) -> Mask:
        """By stage where both are known and differ, else by dates."""
        behind = self._mentor_high[cols] < self._mentee_low[rows, None]
        by_dates = self._mentor_low[cols] <= self._mentee_high[rows, None]
        too_late = self._mentor_first[cols] + A_YEAR > self._mentee_last[rows, None]
        return np.asarray(behind | (by_dates & too_late))

    def cannot_tell(self, mentee: int, mentor: int) -> bool:
        """The dates decide, and a date is missing or not exact enough."""
        by_stage = (
            self._mentor_low[mentor] > self._mentee_high[mentee] or self._mentor_high[mentor] < self._mentee_low[mentee]
        )
        dated = self._mentor_first[mentor] > 0 and self._mentee_last[mentee] < NO_DATE
        surely = self._mentor_last[mentor] + A_YEAR <= self._mentee_first[mentee]
        surely_not = self._mentor_first[mentor] + A_YEAR > self._mentee_last[mentee]
        return bool(not by_stage and not (dated and (surely or surely_not)))


class SameEmployer:
    """Both name the same employer. Kinds of employer are none."""

    id = "same_employer"

    def __init__(self, mentees: People, mentors: People) -> None:
        self._mine, self._theirs = ([person.employer for person in people] for people in (mentees, mentors))
        mine, theirs = [[*map(named_employer, said)] for said in (self._mine, self._theirs)]
        place = numbered(name for name in mine if name)
        self._mentees = np.array([place[name] if name else -1 for name in mine], np.int64)
        self._mentors = np.array([place.get(name or "", -2) for name in theirs], np.int64)

    def mask(self, rows: Ints, cols: Ints) -> Mask:
        """Equal names; the numbers of those without one never are."""
        return np.asarray(self._mentors[cols] == self._mentees[rows, None])

    def cannot_tell(self, mentee: int, mentor: int) -> bool:
        """One says nothing, or both say the same kind."""
        return may_share(self._mine[mentee], self._theirs[mentor])


class NoCommonLanguage:
    """Both say which languages they speak, and none is the same."""

    id = "no_common_language"

    def __init__(self, mentees: People, mentors: People) -> None:
        mine, theirs = ([folded(person.languages) for person in people] for people in (mentees, mentors))
        place = numbered(name for names in mine for name in names)
        # Two columns more, so that whoever says nothing has something in common with everybody.
        self._mentees, self._mentors = indicator(mine, place, extra=2), indicator(theirs, place, extra=2)
        self._mentees[:, -2], self._mentees[:, -1] = [not names for names in mine], 1
        self._mentors[:, -2], self._mentors[:, -1] = 1, [not names for names in theirs]

    def mask(self, rows: Ints, cols: Ints) -> Mask:
        """No language in common, that of silence included."""
        return np.asarray(self._mentees[rows] @ self._mentors[cols].T == 0)

    def cannot_tell(self, mentee: int, mentor: int) -> bool:
        """One says nothing."""
        return bool(self._mentees[mentee, -2] or self._mentors[mentor, -1])


class ModesClash:
    """One meets in person only, the other online only."""

    id = "meeting_modes_clash"

    def __init__(self, mentees: People, mentors: People) -> None:
        self._said = [person.meeting_mode for person in mentees], [person.meeting_mode for person in mentors]
        self._mentees, self._mentors = (np.array([WAYS[mode] for mode in modes], np.uint8) for modes in self._said)

    def mask(self, rows: Ints, cols: Ints) -> Mask:
        """No way to meet in common."""
        return np.asarray(self._mentors[cols] & self._mentees[rows, None] == 0)

    def cannot_tell(self, mentee: int, mentor: int) -> bool:
        """One says nothing, and the other does not take either way."""
        said = {self._said[0][mentee], self._said[1][mentor]}
        return None in said and "either" not in said


class ListedPairs:
    """A rule that is a list: people who blocked each other, report to each other, or ended early before."""

    def __init__(self, rule: str, mentees: People, mentors: People, pairs: KeyPairs) -> None:
        from scipy.sparse import csr_array  # loaded at first use: every process would wait for it

        self.id = rule
        both = {pair for one, other in pairs for pair in ((one, other), (other, one))}
        rows, col = _positions(mentees), {person.key: position for position, person in enumerate(mentors)}
        cells = sorted((row, col[other]) for one, other in both if other in col for row in rows.get(one, ()))
        at = ([mentee for mentee, _ in cells], [mentor for _, mentor in cells])
        self._listed = csr_array((np.ones(len(cells), np.bool_), at), shape=(len(mentees), len(mentors)))

    def mask(self, rows: Ints, cols: Ints) -> Mask:
        """Listed pairs, whoever of the two was named first."""
        if not self._listed.nnz:
            return np.zeros((len(rows), len(cols)), np.bool_)
        return np.asarray(self._listed[rows][:, cols].toarray(), np.bool_)

    def cannot_tell(self, mentee: int, mentor: int) -> bool:
        """Never: a list is complete."""
        return False


def _positions(people: People) -> dict[str, list[int]]:
    """Where everybody stands; in more places than one where each is for one thing."""
    found: dict[str, list[int]] = {}
    for position, person in enumerate(people):
        found.setdefault(person.key, []).append(position)
    return found


def _ranks(people: People) -> NDArray[np.int8]:
    """(people,) places in the order of stages, -1 where the stage is unknown."""
    rank: dict[str | None, int] = {stage: place for place, stage in enumerate(STAGES)}
    return np.array([rank.get(person.stage, -1) for person in people], np.int8)


def _dates(people: People, *, unknown: int) -> tuple[Ints, Ints]:
    """(people,) first and last possible day of completed training, as numbers YYYYMMDD, which compare as dates do."""
    first = [person.training_completed_on for person in people]
    last = [person.training_completed_latest or person.training_completed_on for person in people]
    earliest, latest = (
        np.array([day.year * A_YEAR + day.month * 100 + day.day if day else unknown for day in days], np.int64)
        for days in (first, last)
    )
    return earliest, latest
