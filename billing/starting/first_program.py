"""A plain program with a session around the sign-ups that a society has in a spreadsheet."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction

from chiron.kernel import clock
from programs.policy import templates
from programs.policy.models import Cycle, Program
from programs.policy.services import change_state, create_program, move_dates, open_cycle
from tenants import context
from tenants.models import Society
from tenants.people.models import Person

TEMPLATE: Final = "one-to-one-mentoring"
# People are introduced before it starts.
STARTS_IN: Final = timedelta(weeks=4)


@transaction.atomic
def set_up_for_sheet(*, society: Society, by: Person) -> Cycle:
    """A program in plain settings, and its session, which takes sign-ups from now on; twice is once."""
    with context.platform():
        Society.objects.select_for_update().only("pk").get(pk=society.pk)
    if cycle := Cycle.objects.filter(program__slug=TEMPLATE).first():
        return cycle
    today = clock.today(society.zone)
    policy = templates.load(TEMPLATE)
    program = Program.objects.filter(slug=TEMPLATE).first() or create_program(
        policy=policy, contact=society.contact_mail, slug=TEMPLATE, by=by
    )
    starts_on = today + STARTS_IN
    cycle = open_cycle(program=program, part=policy.parts[0].name, starts_on=starts_on, today=today, by=by)
    cycle = move_dates(cycle=cycle, by=by, sign_up_opens_on=today)
    return change_state(cycle=cycle, to=Cycle.State.RECRUITING, by=by)
