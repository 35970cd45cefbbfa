"""Opening sign-up to a program for the first time, by one button."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from programs.enrollment.agreeing import plan_reminder
from programs.enrollment.interests import plan_telling
from programs.policy.document import Policy
from programs.policy.models import Cycle, Program
from programs.policy.services import change_state, move_dates, open_cycle
from tenants.people.models import Person

State = Cycle.State
# So long people have at least for signing up to the session that is proposed.
TO_SIGN_UP = timedelta(days=14)
STARTS_TRIED = 12


def proposed_start(policy: Policy, today: date) -> date | None:
    """The next first day of a session to which people have time to sign up; None if the settings do not say."""
    start = policy.calendar.next_start(today)
    for _attempt in range(STARTS_TRIED):
        if start is None:
            break
        closes = policy.calendar.dates_from(start).sign_up_closes
        if closes is None or closes >= today + TO_SIGN_UP:
            return start
        start = policy.calendar.next_start(start)
    first = policy.first_cycle.starts if policy.first_cycle else None
    return first if first and first > today + TO_SIGN_UP else start


@transaction.atomic
def open_sign_up(*, program: Program, part: str, opens_on: date, starts_on: date, today: date, by: Person) -> Cycle:
    """Open sign-up to a program's first session, which is made if staff have prepared none; other days follow.

    Pressed twice, it is one session. DomainError if its days would be the wrong way round or too far away.
    """
    locked = Program.objects.select_for_update().get(pk=program.pk)
    if opened := locked.cycles.exclude(state=State.DRAFT).order_by("created_at").first():
        return opened
    cycle = locked.cycles.filter(state=State.DRAFT, part=part).order_by("starts_on").first()
    if cycle is None:
        cycle = open_cycle(program=locked, part=part, starts_on=starts_on, today=today, by=by)
    elif cycle.starts_on != starts_on:
        cycle = _moved(cycle, starts_on, by)
    _check_order(cycle, opens_on, today)
    if cycle.sign_up_opens_on != opens_on:
        cycle = move_dates(cycle=cycle, by=by, sign_up_opens_on=opens_on)
    cycle = change_state(cycle=cycle, to=State.RECRUITING, by=by)
    plan_reminder(cycle)
    plan_telling(cycle)
    return cycle


def _moved(cycle: Cycle, starts_on: date, by: Person) -> Cycle:
    """A session that staff had prepared, as many days earlier or later."""
    by_days = starts_on - cycle.starts_on
    names = ("sign_up_opens_on", "sign_up_closes_on", "publish_on", "starts_on", "ends_on")
    return move_dates(cycle=cycle, by=by, **{name: getattr(cycle, name) + by_days for name in names})


def _check_order(cycle: Cycle, opens_on: date, today: date) -> None:
    closes = cycle.sign_up_closes_on
    if closes < today or closes < opens_on:
        raise DomainError(
            _("The last day to sign up would be %(closes)s. Choose a later first day of the session, or open earlier.")
            % {"closes": date_format(closes, "F j, Y")},
            field="starts_on",
        )
