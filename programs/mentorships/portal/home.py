"""A society's first page: its programs for visitors, and for members what needs them now."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chiron.kernel import clock
from programs.enrollment.agreeing import owed_by
from programs.enrollment.models import Enrollment
from programs.enrollment.portal.me import StageForm
from programs.enrollment.selectors import begun_sign_ups
from programs.enrollment.stages import stage_is_over
from programs.mentorships.directory import directories_of
from programs.mentorships.selectors import OPEN, mentorships_of, untold
from programs.policy.offered import offered_programs
from programs.surveys.selectors import waiting_for
from tenants import context
from tenants.people.access import person_of

OVER = (Enrollment.State.WITHDRAWN, Enrollment.State.FINISHED, Enrollment.State.MATCHED)


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The page at the society's own address."""
    society, person = context.current(), person_of(request)
    assert society is not None
    shown: dict[str, object] = {"programs": offered_programs(clock.today(society.zone)), "person": person}
    if person is None:
        return render(request, "mentorships/welcome.html", shown)
    owed = owed_by(person)
    closed = {enrollment.pk for enrollment in owed}
    sign_ups = Enrollment.objects.filter(person=person)
    quiet = untold(sign_ups).values("pk")
    mine = [place for place in mentorships_of(person) if place.enrollment_id not in closed]
    today = clock.today(society.zone)
    shown |= {
        "today": today,
        "to_agree": owed,
        "stage_form": StageForm(person=person, today=today) if stage_is_over(person, today) else None,
        "begun": begun_sign_ups(person, today),
        "surveys": waiting_for(person, today),
        "asked": [place for place in mine if place.mentorship.state in OPEN and place.answer == "waiting"],
        "waiting": [place for place in mine if place.mentorship.state in OPEN and place.answer == "yes"],
        "active": [place for place in mine if place.mentorship.state == "active"],
        "directories": directories_of(person),
        "sign_ups": sign_ups.filter(~Q(state__in=OVER) | Q(pk__in=quiet)).select_related(
            "cycle__program", "cycle__version"
        ),
    }
    return render(request, "mentorships/home.html", shown)
