"""The people of a session as they are tried: their columns and today's pairs, kept in the cache for the next move."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any, Final

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chiron.kernel.errors import DomainError
from matching.criteria import Known, Scores
from matching.criteria.aspects import aspect_of
from matching.engine import Changes, Delta, ProblemError, Progress, Result, Rounds
from matching.services import seed_of
from matching.snapshots import pairs_before
from matching.solving.part import solve_pool
from matching.solving.problems import Kept, Pool, positions_of, rows_of
from matching.trying.columns import Columns, in_proportion, reweighed, weights_of
from matching.trying.invented import invented_pool
from matching.waiting import Waiting
from programs.policy.models import Cycle
from programs.policy.participant import Participant

KEPT_FOR: Final = 3600
CANNOT: Final = gettext_lazy(
    "The pairs that you keep cannot all be any more: somebody changed an answer. Look through them again."
)


@dataclass(frozen=True, slots=True)
class Moved:
    """A mentee whose mentors would be others."""

    mentee: str
    now: Sequence[str]
    then: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What other weights would do: how many pairs there are and would be, and the mentees whose pairs would change."""

    before: int
    after: int
    moved: Sequence[Moved]

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> Outcome:
        return cls(stored["before"], stored["after"], [Moved(**each) for each in stored["moved"]])


@dataclass(frozen=True)
class Named:
    """What people are called: the mentees, whose each row is and what it is for, and the mentors."""

    mentees: Sequence[str]
    whose: Sequence[int]
    aspects: Sequence[str]
    mentors: Sequence[str]

    @classmethod
    def of(cls, pool: Pool, rows: Sequence[Participant], whose: Sequence[int]) -> Named:
        mentees, mentors = ([one.name for one in side] for side in (pool.mentees, pool.mentors))
        return cls(mentees, whose, [aspect_of(row) for row in rows], mentors)

    def mentor(self, row: int, mentor: int) -> str:
        """A mentor, and what for where each is for one thing."""
        if not self.aspects[row]:
            return self.mentors[mentor]
        return _("%(mentor)s, for %(what)s") % {"mentor": self.mentors[mentor], "what": self.aspects[row]}


@dataclass(frozen=True)
class People:
    """Whom one tries it with: those who wait in a session, or invented ones if there is nobody yet."""

    cycle: Cycle
    pool: Pool
    known: Known
    keep: Sequence[Kept]
    standing: int
    served: frozenset[str]
    before: Sequence[Kept]
    invented: bool

    @classmethod
    def of(cls, cycle: Cycle) -> People:
        waiting = Waiting.of(cycle)
        pool = waiting.pool()
        if pool.mentees and pool.mentors:
            return cls(
                cycle,
                pool,
                waiting.known,
                waiting.keep,
                waiting.standing,
                waiting.served,
                pairs_before(cycle),
                invented=False,
            )
        return cls(cycle, invented_pool(cycle), Known(), (), 0, frozenset(), (), invented=True)

    @property
    def key(self) -> str:
        """A fingerprint of everything that the answer depends on, weights left out."""
        people = [str(one) for one in (*self.pool.mentees, *self.pool.mentors)]
        version, pairs = (
            self.cycle.version.digest,
            [list(map(list, self.keep)), list(map(list, self.before)), self.standing, sorted(self.served)],
        )
        known = [*(list(map(list, some)) for some in (self.known.never, self.known.asked)), str(self.known.wished)]
        rest = json.dumps([people, version, pairs, known, seed_of(self.cycle)])
        return blake2b(rest.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, eq=False)
class Trial:
    """A pool as columns, the pairs that are best under the settings as they are, and what people are called."""

    key: str
    weights: Mapping[str, int]
    columns: Columns
    result: Result
    first: Result | None
    named: Named
    invented: bool

    @classmethod
    def begin(cls, people: People) -> Trial:
        """Work it out and remember it. DomainError if a kept pair may not be any more."""
        key = people.key
        if found := cls.remembered(people.cycle, key):
            return found
        cycle, weights = people.cycle, weights_of(people.cycle.settings.matching)
        seed = seed_of(cycle)
        try:
            columns = Columns.of(
                cycle.settings,
                people.pool,
                known=people.known,
                keep=people.keep,
                standing=people.standing,
                served=people.served,
                seed=seed,
            )
        except ProblemError:
            raise DomainError(str(CANNOT)) from None
        rows = rows_of(cycle.settings, people.pool.mentees)
        answer = columns.solve(weights, positions_of(rows, people.pool.mentors, people.before).tolist())
        made = cls(
            key,
            weights,
            columns,
            answer.result,
            answer.first.result if answer.first else None,
            Named.of(people.pool, rows, answer.asked.persons.tolist()),
            people.invented,
        )
        cache.set(_key(cycle, key), made, KEPT_FOR)
        return made

    @classmethod
    def remembered(cls, cycle: Cycle, key: str) -> Trial | None:
        """The people as they were when a page was opened; None if that is too long ago."""
        found: Trial | None = cache.get(_key(cycle, key))
        return found

    def tried(self, wanted: Mapping[str, int]) -> Outcome:
        """What the weights would do; it changes nothing."""
        delta = self.columns.tried(self._answer, in_proportion(wanted, self.weights))
        return outcome_of(delta, len(self.result.pairs), self.named)

    @property
    def _answer(self) -> Rounds:
        return self.columns.restored(self.weights, self.result, self.first)

    def ranges(self, cycle: Cycle) -> dict[str, tuple[int, int]]:
        """How far each weight can move before a pair changes; worked out once for the same people."""
        key = f"{_key(cycle, self.key)}-ranges"
        found: dict[str, tuple[int, int]] | None = cache.get(key)
        if found is None:
            ranges = self.columns.ranges(self._answer, self.weights)
            found = {each.criterion: (each.low, each.high) for each in ranges}
            cache.set(key, found, KEPT_FOR)
        return found


def tried_at_length(
    people: People, wanted: Mapping[str, int], progress: Callable[[Progress], object] | None = None
) -> Outcome:
    """The same for so many people that no columns are kept: everything is read block by block, twice."""
    cycle = people.cycle
    before = weights_of(cycle.settings.matching)
    try:
        now = solve_pool(
            cycle.settings,
            people.pool,
            seed=seed_of(cycle),
            known=people.known,
            keep=people.keep,
            standing=people.standing,
            served=people.served,
            before=people.before,
            progress=progress,
        )
    except ProblemError:
        raise DomainError(str(CANNOT)) from None
    matching = reweighed(cycle.settings.matching, in_proportion(wanted, before))
    scores = Scores(now.rows, people.pool.mentors, matching, people.known)
    _answer, delta = now.answer.again(Changes(source=scores), progress)
    return outcome_of(delta, len(now.pairs), Named.of(people.pool, now.rows, now.answer.asked.persons.tolist()))


def outcome_of(delta: Delta, before: int, named: Named) -> Outcome:
    """A difference of two answers, in names, by the mentees' names."""

    def of(mentee: int, pairs: Sequence[tuple[int, int]]) -> list[str]:
        return [named.mentor(row, mentor) for row, mentor in pairs if named.whose[row] == mentee]

    names = named.mentees
    others = {named.whose[row] for row, _mentor in (*delta.gone, *delta.come)}
    changed = sorted(others, key=lambda mentee: (names[mentee], mentee))
    moved = [Moved(names[mentee], of(mentee, delta.gone), of(mentee, delta.come)) for mentee in changed]
    return Outcome(before, before + delta.pairs, moved)


def keep_outcome(cycle: Cycle, wanted: Mapping[str, int], outcome: Outcome) -> None:
    """Remember what a worker found, the last one only."""
    cache.set(_tried_key(cycle), {"wanted": dict(wanted), "outcome": asdict(outcome)}, KEPT_FOR)


def kept_outcome(cycle: Cycle, wanted: Mapping[str, int]) -> Outcome | None:
    """What a worker found for these weights; None if it was not asked, or asked for others since."""
    found: dict[str, Any] | None = cache.get(_tried_key(cycle))
    return Outcome.restored(found["outcome"]) if found and found["wanted"] == dict(wanted) else None


def _key(cycle: Cycle, key: str) -> str:
    return f"trial-{cycle.pk}-{key}"


def _tried_key(cycle: Cycle) -> str:
    return f"tried-{cycle.pk}-{cycle.version_id}"
