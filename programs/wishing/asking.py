"""Two mails at most before wishes close: may others read about you, and whom would you like."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from chiron.kernel import clock
from programs.enrollment.agreeing import owed_for
from programs.enrollment.models import Enrollment
from programs.mentorships.days import zone
from programs.mentorships.directory import listed
from programs.mentorships.requests import CAN_ASK
from programs.policy.models import Cycle
from programs.policy.services import plans
from programs.wishing.models import Named
from programs.wishing.rules import has_wishes, is_open, last_day, may_be_named, ranks
from tenants import context, due, outbox

# The reference is the session's id, and after a colon the sign-up after which it goes on.
SHOW, SAY = "wishes.show", "wishes.say"
BEFORE: Final = {SHOW: timedelta(days=10), SAY: timedelta(days=3)}
AT_ONCE: Final = 100
MORNING: Final = time(9)


@plans
def plan_mails(cycle: Cycle) -> None:
    """After a session's state, days or settings changed: plan anew when people are asked, or that nobody is.

    A moment that is over stays so: whoever signs up later reads of it there, and nobody is written to twice.
    """
    for kind, before in BEFORE.items():
        at = datetime.combine(last_day(cycle) - before, MORNING, tzinfo=zone()) if is_open(cycle) else clock.now()
        if at > clock.now() and not cycle.version.policy.calendar.rolling:
            due.schedule(kind, str(cycle.pk), at=at, lane=due.Lane.BULK)
        else:
            due.cancel(kind, str(cycle.pk))


@transaction.atomic
def ask(*, cycle: Cycle, kind: str, after: str = "") -> None:
    """Write to the next hundred whom it concerns, and leave word to go on; nothing once wishes are closed."""
    if not has_wishes(cycle) or not is_open(cycle):
        return
    people = _whom(cycle, kind)
    some = list((people.filter(pk__gt=after) if after else people)[:AT_ONCE])
    for enrollment in some:
        enrollment.cycle = cycle
        concerned = ranks(enrollment) if kind == SAY else may_be_named(enrollment)
        if concerned and not owed_for(enrollment) and (kind == SHOW or listed(enrollment).exists()):
            _write(enrollment, kind)
    if len(some) == AT_ONCE:
        due.schedule(kind, f"{cycle.pk}:{some[-1].pk}", at=clock.now(), lane=due.Lane.BULK)


def _whom(cycle: Cycle, kind: str) -> QuerySet[Enrollment]:
    people = cycle.enrollments.filter(state__in=CAN_ASK).exclude(person__email="").select_related("person")
    if kind == SHOW:
        return people.filter(listing__isnull=True).order_by("pk")
    return people.exclude(Exists(Named.objects.filter(mine=OuterRef("pk")))).order_by("pk")


def _write(enrollment: Enrollment, kind: str) -> None:
    society, cycle = context.current(), enrollment.cycle
    assert society is not None, "A session belongs to a society."
    values = {
        "mine": enrollment,
        "program": cycle.program,
        "cycle": cycle,
        "until": last_day(cycle),
        "link": society.url(reverse("wishing:wishes", args=[enrollment.pk], urlconf="chiron.urls_society")),
    }
    outbox.mail(kind.replace(".", "_"), to=enrollment.person, context=values, reply_to=cycle.program.contact)
