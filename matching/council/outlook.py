"""Which pairs would change under a result, and under each vote: the people of a session as they are now, solved again.

Pairs are kept by their sign-ups and shown without names. Of several best answers the one with the fewest changes is
taken, so that a pair changes only where something is better for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.council.counting import Percents, Result
from matching.council.describing import described
from matching.council.models import Ballot
from matching.council.voting import counted, fill_anew
from matching.criteria import Scores
from matching.engine import Changes, Delta, ProblemError
from matching.selectors import possible_pairs
from matching.services import seed_of
from matching.snapshots import pairs_before
from matching.solving.part import Solved, solve_pool
from matching.waiting import MATCHABLE, Waiting
from programs.enrollment.models import Role
from programs.policy.document import Matching
from programs.policy.models import Cycle
from programs.policy.services import FROZEN
from tenants import due
from tenants.people.models import Person

# Looking again, left to a worker; the reference is the ballot's id.
KIND = "council.look"
# Possible pairs up to which one waits for the answer.
AT_ONCE: Final = 100 * 100

Change = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One mentee whose pair would change, as they may be spoken of."""

    mentee: str
    now: str
    then: str


def weighed(matching: Matching, percents: Percents) -> Matching:
    """The same settings with other weights."""
    weights = {
        name: weight.model_copy(update={"points": percents.get(name, 0) * 10})
        for name, weight in matching.weights.items()
    }
    return matching.model_copy(update={"weights": weights})


def look_soon(ballot: Ballot) -> None:
    """Look which pairs would change: at once where that takes a moment, else by a worker."""
    if possible_pairs(ballot.cycle) <= AT_ONCE:
        look(ballot=ballot)
    else:
        due.schedule(KIND, str(ballot.pk), at=clock.now())


@transaction.atomic
def look(*, ballot: Ballot) -> None:
    """Keep which pairs would change under the result, and with each vote those that would change under it alone."""
    ballot = Ballot.objects.select_for_update(of=["self"]).select_related("version", "cycle__version").get(pk=ballot.pk)
    if ballot.state != Ballot.State.CLOSED:
        return
    result, votes = Result.restored(ballot.result), counted(ballot)
    ballot.outlook, ballot.looked_at = {"why_not": _why_not(ballot.cycle)}, clock.now()
    if result.percents and not ballot.outlook["why_not"]:
        try:
            now = _Now(ballot.cycle)
        except (DomainError, ProblemError):
            ballot.outlook = {"why_not": _("The pairs that you keep cannot all be any more. Look through them first.")}
        else:
            ballot.outlook = {"pairs": len(now.solved.pairs), "changes": now.changes_under(ballot, result.percents)}
            for vote in votes:
                vote.changes = now.changes_under(ballot, vote.percents)
            fill_anew(ballot, votes)
    ballot.save(update_fields=["outlook", "looked_at"])


def _why_not(cycle: Cycle) -> str:
    """Why nothing can be said of pairs; empty if it can."""
    if cycle.state in FROZEN:
        return _("The pairs of this session are published, so nothing changes in them.")
    if cycle.settings.matching.by_lists:
        return _(
            "Here pairs follow the lists in which people rank each other; what matters only decides among those whom "
            "nobody named. So which pairs would change is not shown."
        )
    roles = set(cycle.enrollments.filter(state__in=MATCHABLE).values_list("role", flat=True))
    if not {Role.MENTOR, Role.MENTEE} <= roles:
        return _("Nobody can be matched yet: it takes at least one mentor and one mentee.")
    return ""


class _Now:
    """The pairs that the session's own settings would suggest at this moment."""

    def __init__(self, cycle: Cycle) -> None:
        waiting = Waiting.of(cycle)
        self.known, self.ids = waiting.known, waiting.enrollment_ids()
        self.solved: Solved = solve_pool(
            cycle.settings,
            waiting.pool(),
            seed=seed_of(cycle),
            known=waiting.known,
            keep=waiting.keep,
            standing=waiting.standing,
            served=waiting.served,
            before=pairs_before(cycle),
        )

    def changes_under(self, ballot: Ballot, percents: Percents) -> list[Change]:
        """The mentees whose mentors would be others, with the mentors before and after, by sign-up."""
        solved = self.solved
        scores = Scores(solved.rows, solved.pool.mentors, weighed(ballot.part.matching, percents), self.known)
        _answer, delta = solved.answer.again(Changes(source=scores))
        others = sorted({solved.person(row) for row, _mentor in (*delta.gone, *delta.come)})
        return [self._change(delta, mentee) for mentee in others]

    def _change(self, delta: Delta, mentee: int) -> Change:
        pool, whose = self.solved.pool, self.solved.person

        def mentors(pairs: Iterable[tuple[int, int]]) -> list[str]:
            return [self.ids[pool.mentors[mentor].key, Role.MENTOR] for row, mentor in pairs if whose(row) == mentee]

        return {
            "mentee": self.ids[pool.mentees[mentee].key, Role.MENTEE],
            "now": mentors(delta.gone),
            "then": mentors(delta.come),
        }


@dataclass(frozen=True)
class Telling:
    """Who may be spoken of to a reader, and how: the people of a session, read once for all changes of a page."""

    reader: Person
    persons: Mapping[UUID, UUID]
    said: Mapping[UUID, str]

    @classmethod
    def of(cls, cycle: Cycle, reader: Person) -> Self:
        people = list(cycle.enrollments.filter(state__in=MATCHABLE).select_related("person"))
        return cls(reader, {each.pk: each.person_id for each in people}, described(people, reader=reader))

    def lines(self, changes: Sequence[Change]) -> list[Line]:
        """Changes without names, and nothing of pairs in which the reader takes part, before or after.

        People who have left since are left out with their pairs. The order tells nothing: it is that of the words.
        """
        lines = [
            Line(self._told(change["mentee"]), self._mentors(change["now"]), self._mentors(change["then"]))
            for change in changes
            if all(map(self._may_be_told, (change["mentee"], *change["now"], *change["then"])))
        ]
        return sorted(lines, key=lambda line: (line.mentee, line.now, line.then))

    def _may_be_told(self, pk: str) -> bool:
        return self.persons.get(UUID(pk), self.reader.pk) != self.reader.pk

    def _told(self, pk: str) -> str:
        return self.said[UUID(pk)]

    def _mentors(self, pks: Sequence[str]) -> str:
        """Mentors in words; empty if there is nobody."""
        return "; ".join(sorted(self._told(pk) or _("somebody of whom no more can be told") for pk in pks))
