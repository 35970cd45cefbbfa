"""The first page of the staff area: what needs somebody today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chiron.kernel import clock
from programs.enrollment.selectors import to_check
from programs.mentorships.selectors import free_again, unanswered
from programs.mentorships.touch import months
from programs.policy.access import cycles_seen
from programs.policy.models import Cycle
from programs.policy.services import FROZEN
from tenants.outbox.selectors import in_trouble
from tenants.people.access import EVERY_KIND, RUNS_PROGRAMS, SEES_NAMES, SocietyRequest, may, staff

SHOWN = 8
SOON = timedelta(days=30)
# What is still to come once pairs are published; and where people come all year, sign-up goes on.
LATER, SIGN_UP = ("starts_on", "ends_on"), ("sign_up_opens_on", "sign_up_closes_on")


@require_safe
@never_cache
@staff(*EVERY_KIND)
def today(request: SocietyRequest) -> HttpResponse:
    """What waits for a word of staff, and which days come."""
    now = clock.today(request.society.zone)
    cycles = cycles_seen(request.person, *SEES_NAMES)
    seen = list(cycles_seen(request.person, *EVERY_KIND))
    names = names_of(seen)
    checks = list(to_check(cycles)[: SHOWN + 1])
    late = list(unanswered(now, cycles=cycles.order_by())[: SHOWN + 1])
    # The log holds mails of all programs, so a role in one program does not open it.
    mails = list(in_trouble()[: SHOWN + 1]) if may(request.person, *SEES_NAMES) else []
    free = free_again(cycles_seen(request.person, *RUNS_PROGRAMS).order_by())
    context = {
        "today": now,
        "to_check": [(each, names[each.cycle_id]) for each in checks[:SHOWN]],
        "more_to_check": len(checks) > SHOWN,
        "unanswered": [(each, names[each.mentorship.cycle_id]) for each in late[:SHOWN]],
        "more_unanswered": len(late) > SHOWN,
        "free_again": [(*each, names[each[0].pk]) for each in free.most_common()],
        "quiet": [(*each, names[each[0].pk]) for each in months.count_quiet(cycles.order_by()).most_common()],
        "mails": mails[:SHOWN],
        "more_mails": len(mails) > SHOWN,
        "coming": [(*each, names[each[2].pk]) for each in coming_days(seen, now)],
        "may_start": may(request.person, *RUNS_PROGRAMS),
    }
    return render(request, "mentorships/today.html", context)


def names_of(cycles: Sequence[Cycle]) -> dict[UUID, str]:
    """“Program, session” of each; those that would read alike say which part they run, and else when they start."""
    names = {cycle.pk: f"{cycle.program.name}, {cycle.name}" for cycle in cycles}
    for more in (lambda cycle: cycle.part, lambda cycle: date_format(cycle.starts_on, "F j, Y")):
        alike = Counter(names.values())
        names |= {each.pk: f"{names[each.pk]} ({more(each)})" for each in cycles if alike[names[each.pk]] > 1}
    return names


def coming_days(cycles: list[Cycle], today: date) -> list[tuple[date, str, Cycle]]:
    """The days of these sessions within a month, the next one first."""
    labels = {
        "sign_up_opens_on": _("Sign-up opens"),
        "sign_up_closes_on": _("Last day to sign up"),
        "publish_on": _("Pairs are published"),
        "starts_on": _("The session starts"),
        "ends_on": _("The session ends"),
    }
    days = [
        (getattr(cycle, name), label, cycle)
        for cycle in cycles
        if cycle.state != Cycle.State.CLOSED
        for name, label in labels.items()
        if cycle.state not in FROZEN or name in LATER or (name in SIGN_UP and cycle.version.policy.calendar.rolling)
    ]
    return sorted((each for each in days if today <= each[0] <= today + SOON), key=lambda each: each[0])
