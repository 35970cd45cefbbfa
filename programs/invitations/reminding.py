"""Reminding those who have still to agree to something: by a button of staff, and once by itself before pairs come.

Whom only a sheet brought is not written to unasked, so by itself nobody is reminded whom staff have not written to.
Whoever wants no invitations gets no reminders either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chiron.kernel import clock
from programs.enrollment.agreeing import open_cycles, owed_for, still_to_agree
from programs.enrollment.models import Enrollment
from programs.invitations import mails
from programs.invitations.links import here
from programs.invitations.models import OptOut, Reminder
from programs.policy.models import Cycle, Program
from tenants import audit, due
from tenants.outbox import mailings
from tenants.people.models import Person

# Writing those that staff asked for, and the time to remind by itself; references are a program's and a session's id.
KIND, IN_TIME = "agreements.remind", "agreements.remind_in_time"
# So long before pairs are published the program reminds by itself.
BEFORE = timedelta(days=7)
# Whoever was reminded is left in peace for so long.
REST = timedelta(days=3)
# So many are written in one transaction.
AT_ONCE = 100
LEFT_OUT: Final[Mapping[str, Any]] = {
    "no address": gettext_lazy("no mail address is known"),
    "no more": gettext_lazy("asked to get no invitations"),
    "pauses": gettext_lazy("pauses now"),
    "reminded": gettext_lazy("reminded in the last three days"),
}


@dataclass
class Whom:
    """Who would be reminded, a sign-up of each by address, and how many are left out and why."""

    people: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    def reasons(self) -> list[tuple[Any, int]]:
        """Why people are left out, in words, with how many they are."""
        return [(words, self.left_out[why]) for why, words in LEFT_OUT.items() if self.left_out[why]]

    def first(self, most: int) -> list[Enrollment]:
        """The sign-ups of the first of them, in the order of names."""
        chosen = [pk for _cycle, pk in list(self.people.values())[:most]]
        found = Enrollment.objects.select_related("person", "cycle__program", "cycle__version").in_bulk(chosen)
        return [found[pk] for pk in chosen]


def whom(program: Program) -> Whom:
    """Who would be reminded now; nobody twice."""
    return _whom(program, open_cycles(program))


@transaction.atomic
def remind_all(*, program: Program, by: Person) -> int:
    """Have everybody of a program reminded who has still to agree; returns how many. At once again, it is nobody."""
    locked = Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    count = _leave(locked, _whom(locked, open_cycles(locked)), by)
    if count:
        audit.record("agreement.reminders", subject=locked, actor=by, people=count)
    return count


@transaction.atomic
def go_on(*, program: Program) -> None:
    """Write the next of a program's reminders, to those who have still to agree and want mail."""
    waiting = Reminder.objects.select_for_update(of=["self"]).filter(cycle__program=program, written_at=None)
    rows = list(waiting.order_by("asked_at", "pk")[:AT_ONCE])
    owing = still_to_agree(open_cycles(program)).filter(person__email__in=[row.email for row in rows])
    found = {(enrollment.cycle_id, enrollment.person.email): enrollment for enrollment in owing}
    wanting_none = _wanting_none()
    for row in rows:
        enrollment = found.get((row.cycle_id, row.email))
        mailing = mailings.find(_key(program, row.asked_at))
        if enrollment is None or row.email.lower() in wanting_none or mailing is None:
            row.delete()
            continue
        wait = mails.WAIT if row.asked_by_staff else timedelta(0)
        mails.remind_to_agree(owed_for(enrollment), wait=wait, mailing=mailing)
        row.written_at = clock.now()
        row.save(update_fields=["written_at"])
    if len(rows) == AT_ONCE:
        due.schedule(KIND, str(program.pk), at=clock.now(), lane=due.Lane.BULK)


def plan(cycle: Cycle) -> None:
    """Have a session remind by itself: a week before its pairs are published, or tomorrow if that is over."""
    at = _morning_of(cycle)
    if at <= clock.now():
        at = datetime.combine(clock.today(here().zone) + timedelta(days=1), time(9), tzinfo=here().zone)
    due.schedule(IN_TIME, str(cycle.pk), at=at)


@transaction.atomic
def remind_in_time(*, cycle: Cycle) -> None:
    """Remind those of a session, once each, unless its settings want no reminders or its pairs are published."""
    if cycle.state not in (Cycle.State.RECRUITING, Cycle.State.MATCHING) or not cycle.settings.matching.reminders:
        return
    if clock.now() < _morning_of(cycle):  # the day was moved on
        plan(cycle)
        return
    found = _whom(cycle.program, [cycle])
    written = Reminder.objects.filter(cycle=cycle)
    once = set(written.filter(asked_by_staff=False).values_list("email", flat=True))
    by_staff = set(written.filter(asked_by_staff=True).values_list("email", flat=True))
    told = set(
        Enrollment.objects.filter(cycle=cycle).exclude(person__account=None, source__isnull=False)
        .values_list("person__email", flat=True)
    )  # fmt: skip
    found.people = {
        email: row for email, row in found.people.items() if email not in once and (email in told or email in by_staff)
    }
    if count := _leave(cycle.program, found, None):
        audit.record("agreement.reminders", subject=cycle, people=count)


def _whom(program: Program, cycles: Iterable[Cycle]) -> Whom:
    found, wanting_none = Whom(), _wanting_none()
    lately = Reminder.objects.filter(cycle__program=program, asked_at__gt=clock.now() - REST)
    reminded = set(lately.values_list("email", flat=True))
    people: set[UUID] = set()
    fields = ("pk", "cycle_id", "person_id", "person__email", "state")
    for pk, cycle, person, email, state in still_to_agree(cycles).values_list(*fields):
        if person in people:
            continue
        people.add(person)
        why = (
            "no address" if not email
            else "no more" if email.lower() in wanting_none
            else "pauses" if state == Enrollment.State.PAUSED
            else "reminded" if email in reminded
            else ""
        )  # fmt: skip
        if why:
            found.left_out[why] += 1
        else:
            found.people[email] = cycle, pk
    return found


def _leave(program: Program, found: Whom, by: Person | None) -> int:
    """Leave the writing to a worker."""
    now = clock.now()
    Reminder.objects.bulk_create(
        Reminder(cycle_id=cycle, email=email, asked_at=now, by=by, asked_by_staff=by is not None)
        for email, (cycle, _pk) in found.people.items()
    )
    if found.people:
        mailings.begin(
            key=_key(program, now),
            title=_("Reminders to agree, %(program)s") % {"program": program.name},
            people=len(found.people),
            wait=mails.WAIT if by else timedelta(0),
            by=by,
            invites=False,
        )
        due.schedule(KIND, str(program.pk), at=now, lane=due.Lane.BULK)
    return len(found.people)


def _key(program: Program, asked_at: datetime) -> str:
    return f"{KIND}:{program.pk}:{asked_at.astimezone(UTC).isoformat()}"


def _wanting_none() -> set[str]:
    return {email.lower() for email in OptOut.objects.values_list("email", flat=True)}


def _morning_of(cycle: Cycle) -> datetime:
    return datetime.combine(cycle.publish_on - BEFORE, time(9), tzinfo=here().zone)
