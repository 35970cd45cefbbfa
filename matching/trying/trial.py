"""The people of a session as they are tried: their columns and today's pairs, kept in the cache for the next move."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any, Final

from django.core.cache import cache
from django.utils.translation import gettext_lazy

from chiron.kernel.errors import DomainError
from matching.criteria import Known, Scores
from matching.engine import Changes, Delta, ProblemError, Progress, Result, what_if
from matching.services import seed_of
from matching.snapshots import pairs_before
from matching.solving import Pool, positions_of, solve_pool
from matching.trying.columns import Columns, in_proportion, reweighed, weights_of
from matching.trying.invented import invented_pool
from matching.waiting import Waiting
from programs.policy.models import Cycle

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
class People:
    """Whom one tries it with: those who wait in a session, or invented ones if there is nobody yet."""

    cycle: Cycle
    pool: Pool
    known: Known
    keep: Sequence[tuple[str, str]]
    standing: int
    before: Sequence[tuple[str, str]]
    invented: bool

    @classmethod
    def of(cls, cycle: Cycle) -> People:
        waiting = Waiting.of(cycle)
        pool = waiting.pool()
        if pool.mentees and pool.mentors:
            return cls(cycle, pool, waiting.known, waiting.keep, waiting.standing, pairs_before(cycle), invented=False)
        return cls(cycle, invented_pool(cycle), Known(), (), 0, (), invented=True)

    @property
    def key(self) -> str:
        """A fingerprint of everything that the answer depends on, weights left out."""
        people = [str(one) for one in (*self.pool.mentees, *self.pool.mentors)]
        version, pairs = (
            self.cycle.version.digest,
            [list(map(list, self.keep)), list(map(list, self.before)), self.standing],
        )
        known = [list(map(list, some)) for some in (self.known.never, self.known.asked)]
        rest = json.dumps([people, version, pairs, known, seed_of(self.cycle)])
        return blake2b(rest.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, eq=False)
class Trial:
    """A pool as columns, the pairs that are best under the settings as they are, and what people are called."""

    key: str
    weights: Mapping[str, int]
    columns: Columns
    result: Result
    mentees: Sequence[str]
    mentors: Sequence[str]
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
                seed=seed,
            )
        except ProblemError:
            raise DomainError(str(CANNOT)) from None
        result, _problem = columns.solve(weights, positions_of(people.pool, people.before).tolist())
        mentees, mentors = ([one.name for one in side] for side in (people.pool.mentees, people.pool.mentors))
        made = cls(key, weights, columns, result, mentees, mentors, people.invented)
        cache.set(_key(cycle, key), made, KEPT_FOR)
        return made

    @classmethod
    def remembered(cls, cycle: Cycle, key: str) -> Trial | None:
        """The people as they were when a page was opened; None if that is too long ago."""
        found: Trial | None = cache.get(_key(cycle, key))
        return found

    def tried(self, wanted: Mapping[str, int]) -> Outcome:
        """What the weights would do; it changes nothing."""
        delta = self.columns.tried(self.result, self.weights, in_proportion(wanted, self.weights))
        return outcome_of(delta, len(self.result.pairs), self.mentees, self.mentors)

    def ranges(self, cycle: Cycle) -> dict[str, tuple[int, int]]:
        """How far each weight can move before a pair changes; worked out once for the same people."""
        key = f"{_key(cycle, self.key)}-ranges"
        found: dict[str, tuple[int, int]] | None = cache.get(key)
        if found is None:
            ranges = self.columns.ranges(self.result, self.weights)
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
            before=people.before,
            progress=progress,
        )
    except ProblemError:
        raise DomainError(str(CANNOT)) from None
    matching = reweighed(cycle.settings.matching, in_proportion(wanted, before))
    scores = Scores(people.pool.mentees, people.pool.mentors, matching, people.known)
    delta = what_if(now.result, now.problem, Changes(source=scores), progress=progress)
    names = ([one.name for one in side] for side in (people.pool.mentees, people.pool.mentors))
    return outcome_of(delta, len(now.pairs), *names)


def outcome_of(delta: Delta, before: int, mentees: Sequence[str], mentors: Sequence[str]) -> Outcome:
    """A difference of two answers, in names, by the mentees' names."""

    def of(mentee: int, pairs: Sequence[tuple[int, int]]) -> list[str]:
        return [mentors[mentor] for each, mentor in pairs if each == mentee]

    changed = sorted({pair[0] for pair in (*delta.gone, *delta.come)}, key=lambda mentee: (mentees[mentee], mentee))
    moved = [Moved(mentees[mentee], of(mentee, delta.gone), of(mentee, delta.come)) for mentee in changed]
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
