"""After a no or an end: who comes next for those whose place is free, everybody else left as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.criteria.aspects import aspect_of
from matching.engine import ProblemError
from matching.locking import locked_cycle
from matching.publishing.checks import hold
from matching.publishing.models import Change, NextBest
from matching.publishing.proposals import proposal_of
from matching.publishing.selectors import published_last, waiting_in
from matching.services import must_be_possible, seed_of
from matching.solving.facts import pair_facts
from matching.solving.part import solve_pool
from matching.waiting import Waiting
from programs.enrollment.models import Role
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.requests import looks_further
from programs.mentorships.services import propose
from programs.policy.models import Cycle
from tenants import allowance, audit, due
from tenants.allowance import NotIncluded, Thing
from tenants.people.models import Person

# Looking for the next best lies in the platform's table of what is due; the reference is the session's id.
KIND = "match.next_best"
CAME_TO_NOTHING = (Mentorship.State.DECLINED, Mentorship.State.ENDED)


@looks_further
def look_soon(mentorship: Mentorship) -> None:
    """Have a worker look, in a transaction of its own: it holds the session first, as publishing does."""
    due.schedule(KIND, str(mentorship.cycle_id), at=clock.now())


@transaction.atomic
def find_next(*, cycle: Cycle) -> list[NextBest]:
    """Find the best pairs for those who are free again, over all who wait; doing it again finds the same.

    Pairs that stand, and people who were waiting before without a no, are not touched. Where the program says so the
    pairs go out by themselves.
    """
    cycle = locked_cycle(cycle)
    if leaving := waiting_in(cycle):  # its people are taken in a moment
        due.schedule(KIND, str(cycle.pk), at=(leaving.leaves_at or clock.now()) + timedelta(minutes=1))
        return []
    cycle.next_best.all().delete()
    if cycle.state != Cycle.State.RUNNING or cycle.settings.in_groups or not cycle.settings.matching.weights:
        return []
    found = NextBest.objects.bulk_create(_next_best(cycle, Waiting.of(cycle)))
    if cycle.settings.matching.after_a_no == "itself":
        _send_by_themselves(found)
    return found


def _send_by_themselves(found: Iterable[NextBest]) -> None:
    """As many as there is room for. The others wait on the page of pairs, where staff are told why."""
    for each in found:
        try:
            send_next(next_best=each, by=None)
        except NotIncluded:
            return


def _next_best(cycle: Cycle, waiting: Waiting) -> list[NextBest]:
    free = _free_again(cycle)
    if not any(each.pk in free for each in waiting.enrollments):
        return []
    pool = waiting.pool()
    if not pool.mentees or not pool.mentors:
        return []
    try:
        solved = solve_pool(
            cycle.settings,
            pool,
            seed=seed_of(cycle),
            known=waiting.known,
            keep=waiting.keep,
            standing=waiting.standing,
            served=waiting.served,
        )
    except (ProblemError, DomainError):  # pairs are kept that cannot be any more: staff read so when they suggest
        return []
    ids = waiting.enrollment_ids()
    rows = []
    for pair, facts in pair_facts(solved):
        row = solved.rows[pair.mentee]
        mentee = UUID(ids[row.key, Role.MENTEE])
        mentor = UUID(ids[pool.mentors[pair.mentor].key, Role.MENTOR])
        if after := free.get(mentee) or free.get(mentor):
            rows.append(
                NextBest(
                    cycle=cycle,
                    mentee_id=mentee,
                    mentor_id=mentor,
                    aspect=aspect_of(row),
                    score=pair.score,
                    facts=facts,
                    after_id=after,
                    found_at=clock.now(),
                )
            )
    return rows


def _free_again(cycle: Cycle) -> Mapping[UUID, UUID]:
    """Sign-ups of whom a pair came to nothing, each with the last such pair."""
    over = Participation.objects.filter(mentorship__cycle=cycle, mentorship__state__in=CAME_TO_NOTHING)
    return dict(over.order_by("mentorship__proposed_at", "pk").values_list("enrollment_id", "mentorship_id"))


@transaction.atomic
def send_next(*, next_best: NextBest, by: Person | None) -> Change:
    """Ask whoever is asked first about a next best pair, and write it down beside what was published.

    DomainError if it was sent already, if one of the two is no longer free, or if there is no room for one more.
    """
    cycle = locked_cycle(Cycle(pk=next_best.cycle_id))
    there = NextBest.objects.select_for_update(of=["self"]).select_related("mentee__person", "mentor__person")
    locked = there.filter(pk=next_best.pk).first()
    if locked is None:
        raise DomainError(_("This pair was sent already, or somebody else comes next by now."))
    hold([locked.mentee_id, locked.mentor_id])
    must_be_possible(Waiting.of(cycle), cycle, locked.mentee, locked.mentor)
    allowance.require_here(Thing.PUBLISH, pairs=1)
    mentorship = propose(cycle=cycle, proposal=proposal_of(locked.as_pair()), by=by)
    change = Change.objects.create(
        cycle=cycle,
        run=published_last(cycle),
        kind=Change.Kind.NEXT,
        mentorship=mentorship,
        before_id=locked.after_id,
        score=locked.score,
        facts=locked.facts,
        by=by,
        at=clock.now(),
    )
    audit.record("pair.next_sent", subject=change, actor=by, mentorship=str(mentorship.pk))
    locked.delete()
    return change
