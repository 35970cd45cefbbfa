"""Where people are in their careers goes on: a stage has a day on which it is expected to end, and then we ask once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from programs.enrollment import waiting
from programs.enrollment.drafts import FIRST
from programs.enrollment.fitting import AFTER
from programs.enrollment.models import Enrollment
from programs.enrollment.services import BY_RULES, TAKES_SIGN_UPS, apply_rules
from programs.policy.models import Cycle
from programs.policy.words import STAGES
from programs.surveys.models import Instrument, Response
from tenants import audit
from tenants.people.models import Person


def note_end_of_stage(person: Person, answers: Mapping[str, Any]) -> None:
    """Remember with a person when their stage is expected to end; whoever saves the person saves it."""
    ends_on, stage = answers.get("stage_ends_on"), answers.get("stage", "")
    person.stage_ends_on = date.fromisoformat(ends_on) if ends_on else None
    person.ending_stage = stage if ends_on else ""


def stage_is_over(person: Person, today: date) -> bool:
    """Whether to ask: the day has come, and nobody, the society's list neither, has said that they moved on."""
    due = person.stage_ends_on is not None and person.stage_ends_on <= today
    return due and person.stage == person.ending_stage


def next_stages(person: Person) -> Sequence[str]:
    """What comes after somebody's stage; every other one where we do not know."""
    return AFTER.get(person.stage) or tuple(stage for stage in STAGES if stage != person.stage)


def _keep_in_drafts(person: Person) -> None:
    """Have the first pages of sign-ups that are still open say it too, so that sending one brings no old stage back."""
    mine = Response.objects.select_for_update(of=["self"]).filter(
        person=person, instrument__purpose=Instrument.Purpose.INTAKE, answers__has_key=FIRST
    )
    for response in mine.filter(occasion__in=Cycle.objects.filter(state__in=TAKES_SIGN_UPS).values("pk")):
        first = {name: value for name, value in response.answers[FIRST].items() if name != "stage_ends_on"}
        ends_on = {"stage_ends_on": person.stage_ends_on.isoformat()} if person.stage_ends_on else {}
        response.answers[FIRST] = first | {"stage": person.stage} | ends_on
        response.save(update_fields=["answers"])


@transaction.atomic
def move_stage(*, person: Person, stage: str, ends_on: date | None = None) -> Person:
    """Somebody is at this stage now, or still is, until another day; open sign-ups are decided anew.

    DomainError for a stage that there is none of, or for one that is over already.
    """
    if stage not in STAGES:
        raise DomainError(_("Choose the one that fits best."), field="stage")
    locked = Person.objects.select_for_update().get(pk=person.pk)
    locked.stage, locked.stage_ends_on, locked.ending_stage = stage, ends_on, stage if ends_on else ""
    locked.save(update_fields=["stage", "stage_ends_on", "ending_stage"])
    waiting.hold(*Cycle.objects.filter(enrollments__person=locked, state__in=TAKES_SIGN_UPS).select_related("version"))
    open_ones = Enrollment.objects.select_for_update(of=["self"]).filter(
        person=locked, cycle__state__in=TAKES_SIGN_UPS, state__in=BY_RULES
    )
    for enrollment in open_ones.select_related("cycle__version", "person"):
        enrollment.answers = {**enrollment.answers, "stage": stage}
        enrollment.answers.pop("stage_ends_on", None)
        if ends_on:
            enrollment.answers["stage_ends_on"] = ends_on.isoformat()
        enrollment.save(update_fields=["answers"])
        apply_rules(enrollment=enrollment)
    _keep_in_drafts(locked)
    audit.record("person.stage_moved", subject=locked, actor=locked)
    return locked
