"""A published group is changed by staff: somebody joins, moves or leaves, or it ends. The run stays as it was."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.groups import why
from matching.locking import locked_cycle
from matching.publishing.checks import hold
from matching.publishing.models import Change
from matching.publishing.selectors import must_not_be_leaving, published_last
from matching.solving.grouping import Somebody, kept_apart, size_of
from programs.enrollment.answers import participant_of
from programs.enrollment.models import Enrollment, Role
from programs.mentorships import regrouping
from programs.mentorships.circles import Place
from programs.mentorships.leaving import LEAST_OF_A_GROUP
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.room import places_left
from programs.policy.models import Cycle
from tenants import audit
from tenants.people.models import Person

Kind = Change.Kind


@transaction.atomic
def add(*, group: Mentorship, enrollment: Enrollment, reason: str, by: Person | None) -> Change:
    """Take somebody who waits into a group. DomainError if they may not be in it, or if it is full."""
    cycle, group = _open(group, reason)
    _join(cycle, group, enrollment, by)
    return _write_down(cycle, Kind.ADDED, reason, by, who=enrollment, group=group)


@transaction.atomic
def move(
    *, group: Mentorship, enrollment: Enrollment, to: Mentorship, reason: str, by: Person | None, words: str = ""
) -> Change:
    """Somebody leaves one group for another: both or nothing. DomainError as for either."""
    cycle, group = _open(group, reason)
    _leave(group, enrollment, by, moves=True)
    _same, other = _open(to, reason)
    _join(cycle, other, enrollment, by, moves=True, words=words)
    return _write_down(cycle, Kind.CHANGED, reason, by, who=enrollment, group=other, before=group)


@transaction.atomic
def take_out(*, group: Mentorship, enrollment: Enrollment, reason: str, by: Person | None, words: str = "") -> Change:
    """Somebody leaves a group and waits for another. DomainError if it would be no group without them."""
    cycle, group = _open(group, reason)
    _leave(group, enrollment, by, moves=False, words=words)
    return _write_down(cycle, Kind.ENDED, reason, by, who=enrollment, before=group)


@transaction.atomic
def end(*, group: Mentorship, reason: str, by: Person | None, words: str = "") -> Change:
    """A group ends, and everybody in it waits for another."""
    cycle, group = _open(group, reason)
    regrouping.end(mentorship=group, by=by, reason=reason, words=words)
    return _write_down(cycle, Kind.ENDED, reason, by, before=group)


def _open(group: Mentorship, reason: str) -> tuple[Cycle, Mentorship]:
    """The session and the group, held; DomainError where it cannot be changed now."""
    cycle = locked_cycle(Cycle(pk=group.cycle_id))
    if cycle.state != Cycle.State.RUNNING:
        raise DomainError(_("Groups are changed once they are published, as long as the session runs."))
    must_not_be_leaving(cycle)
    if not reason.strip():
        raise DomainError(_("Write down why, so that a colleague understands it next year."), field="reason")
    locked = Mentorship.objects.select_for_update(of=["self"]).get(pk=group.pk)
    if locked.state != Mentorship.State.ACTIVE:
        raise DomainError(_("This group has ended already."))
    locked.cycle = cycle
    return cycle, locked


def _join(
    cycle: Cycle, group: Mentorship, enrollment: Enrollment, by: Person | None, *, moves: bool = False, words: str = ""
) -> None:
    hold([enrollment.pk])
    joins = Enrollment.objects.select_related("person").get(pk=enrollment.pk, cycle=cycle)
    if joins.state != Enrollment.State.ELIGIBLE or not places_left(cycle, [joins])[joins.pk]:
        raise DomainError(_("%(name)s does not wait for a group any more.") % {"name": joins.person.name})
    there = [place.enrollment for place in _people(group)]
    most = size_of(cycle.settings).most
    if len(there) >= most:
        raise DomainError(
            ngettext(
                "This group is full: the program takes %(count)d person in each.",
                "This group is full: the program takes %(count)d people in each.",
                most,
            )
            % {"count": most},
            field="to",
        )
    everybody = [Somebody(each.role, participant_of(each)) for each in (*there, joins)]
    if apart := kept_apart(cycle.settings, everybody):
        names = [(*there, joins)[everybody.index(each)].person.name for each in apart]
        raise DomainError(
            _("%(one)s and %(other)s cannot be in one group: a rule of the program keeps them apart.")
            % {"one": names[0], "other": names[1]}
        )
    place = Place(joins, why(everybody, everybody[-1]))
    regrouping.join(mentorship=group, place=place, by=by, moves=moves, words=words)


def _leave(group: Mentorship, enrollment: Enrollment, by: Person | None, *, moves: bool, words: str = "") -> None:
    hold([enrollment.pk])
    there = _people(group)
    mine = next((each for each in there if each.enrollment_id == enrollment.pk), None)
    if mine is None:
        raise DomainError(_("%(name)s is in this group no more.") % {"name": enrollment.person.name})
    if mine.role == Role.MENTOR:
        raise DomainError(_("This group is nothing without its mentor. End it, and suggest groups anew."))
    if len(there) <= LEAST_OF_A_GROUP:
        raise DomainError(_("Too few would be left. End the group instead."))
    mine.mentorship = group
    regrouping.take_out(participation=mine, by=by, moves=moves, words=words)


def _people(group: Mentorship) -> list[Participation]:
    """Who is in a group now, with their sign-ups."""
    there = group.participations.filter(answer=Participation.Answer.YES)
    return list(there.select_related("person", "enrollment__person").order_by("pk"))


def _write_down(
    cycle: Cycle,
    kind: Change.Kind,
    reason: str,
    by: Person | None,
    *,
    who: Enrollment | None = None,
    group: Mentorship | None = None,
    before: Mentorship | None = None,
) -> Change:
    change = Change.objects.create(
        cycle=cycle,
        run=published_last(cycle),
        kind=kind,
        mentorship=group,
        before=before,
        facts={"who": str(who.pk)} if who else {},
        reason=reason.strip()[:200],
        by=by,
        at=clock.now(),
    )
    audit.record("group.changed", subject=change, actor=by, kind=kind)
    return change
