"""Preparing the session that follows another one, and planning when everybody is asked to come again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.agreeing import plan_reminder
from programs.enrollment.interests import plan_telling
from programs.policy.models import Cycle, Interest
from programs.policy.services import change_state, move_dates, open_cycle
from programs.renewing import audience, proposing
from programs.renewing.links import here
from programs.renewing.models import Renewal
from tenants import audit, due
from tenants.outbox import mailings
from tenants.people.models import Person

# Writing to everybody, and reminding whoever has not answered; the reference is the renewal's id.
ASK, REMIND = "next_session.ask", "next_session.remind"
# Staff have this long to think again.
WAIT = timedelta(minutes=10)


@transaction.atomic
def prepare_next(
    *, last: Cycle, by: Person, name: str = "", words: str = "", write: bool = False, days: proposing.Days | None = None
) -> Renewal:
    """Prepare the session that follows one, under the program's newest settings; asked twice, it is one session.

    Where a later one is prepared already, that is the one. With `write` its sign-up opens on its day, and everybody
    of the last one is written to then. DomainError if the last one has not begun, or the days or the name do not do.
    """
    locked = _locked(last)
    if found := Renewal.objects.filter(last=locked).select_related("coming").first():
        return found
    if locked.state not in proposing.HAS_RUN:
        raise DomainError(_("The next session is prepared once this one runs."))
    coming = proposing.prepared_already(locked) or _opened(locked, name, days, by)
    renewal = Renewal.objects.create(last=locked, coming=coming, by=by, created_at=clock.now(), words=words.strip())
    audit.record("next_session.prepared", subject=renewal, actor=by, last=str(locked.pk), coming=str(coming.pk))
    if write:
        plan_asking(renewal=renewal, words=words, by=by)
    return renewal


@transaction.atomic
def plan_asking(*, renewal: Renewal, words: str, by: Person) -> Renewal:
    """Have everybody of the last session written to: in ten minutes, or on the morning on which sign-up opens.

    Asked twice, they are written to once. DomainError if sign-up is over, there is nobody to write to, or the society
    may not invite that many.
    """
    locked = _renewal(renewal)
    if locked.asks_at is not None or locked.asked_at is not None:
        return locked
    coming, today = locked.coming, clock.today(here().zone)
    if coming.state not in proposing.TO_COME or coming.sign_up_closes_on < today:
        raise DomainError(_("Sign-up for %(session)s is over, so nobody can be asked.") % {"session": coming})
    chosen = audience.whom(locked.last, coming.settings, coming)
    if not chosen.people:
        raise DomainError(_("There is nobody to write to."))
    if refused := mailings.refusal(len(chosen.people)):
        raise DomainError(refused)
    if coming.state == Cycle.State.DRAFT:
        coming = locked.coming = change_state(cycle=coming, to=Cycle.State.RECRUITING, by=by)
        plan_reminder(coming)
        plan_telling(coming)
    # Whoever is on the standing list too gets one mail, and this is the better one.
    _theirs(locked, [person.email for person in chosen.people]).update(invited_to=coming, invited_at=clock.now())
    locked.words, locked.asks_at = words.strip(), when_written(coming)
    locked.save(update_fields=["words", "asks_at"])
    due.schedule(ASK, str(locked.pk), at=locked.asks_at)
    audit.record("next_session.asking", subject=locked, actor=by, people=len(chosen.people))
    return locked


@transaction.atomic
def stop_asking(*, renewal: Renewal, by: Person) -> Renewal:
    """Let nobody be written to after all; DomainError once the mails are being written."""
    locked = _renewal(renewal)
    if locked.asked_at is not None or locked.asked.exists():
        raise DomainError(_("The mails are on their way already."))
    if locked.asks_at is None:
        return locked
    locked.asks_at = None
    locked.save(update_fields=["asks_at"])
    due.cancel(ASK, str(locked.pk))
    people = audience.whom(locked.last, locked.coming.settings, locked.coming).people
    _theirs(locked, [person.email for person in people]).update(invited_to=None, invited_at=None)
    audit.record("next_session.asking_stopped", subject=locked, actor=by)
    return locked


def when_written(coming: Cycle) -> datetime:
    """When everybody is written to: not before people can sign up, and with time to think again."""
    opens = datetime.combine(coming.sign_up_opens_on, time(9), tzinfo=here().zone)
    return max(opens, clock.now() + WAIT)


def _opened(last: Cycle, name: str, days: proposing.Days | None, by: Person) -> Cycle:
    today, version = clock.today(here().zone), proposing.newest_settings(last)
    days = days or proposing.days_proposed(last, version, today)
    starts: date = days["starts_on"]
    coming = open_cycle(program=last.program, part=last.part, starts_on=starts, name=name, today=today, by=by)
    moved: dict[str, Any] = {each: day for each, day in days.items() if day != getattr(coming, each)}
    return move_dates(cycle=coming, by=by, **days) if moved else coming


def _theirs(renewal: Renewal, emails: list[str]) -> Any:
    """The lines of the standing list of people who are asked by us: none in a role that they did not have."""
    roles = renewal.last.enrollments.order_by().values("role")
    return Interest.objects.filter(program=renewal.coming.program_id, email__in=emails, role__in=roles)


def _locked(cycle: Cycle) -> Cycle:
    return Cycle.objects.select_for_update(of=["self"]).select_related("program", "version").get(pk=cycle.pk)


def _renewal(renewal: Renewal) -> Renewal:
    rows = Renewal.objects.select_for_update(of=["self"]).select_related(
        "last__version", "last__program", "coming__version", "coming__program"
    )
    return rows.get(pk=renewal.pk)
