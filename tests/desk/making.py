"""Sessions that can be matched."""

from __future__ import annotations

from typing import Any

from matching.models import PairDecision
from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.models import Enrollment, Role, SheetImport
from programs.enrollment.services import sign_up
from programs.policy.models import Cycle
from programs.policy.services import change_state
from tests.factories.programs import bring, bring_samples, make_cycle, make_person

KEEP, NEVER = PairDecision.Kind.KEEP, PairDecision.Kind.NEVER

COMMON: dict[str, Any] = {
    "zip": "95814",
    "languages": ["English"],
    "interests": ["telehealth", "teaching"],
    "meeting_mode": "either",
    "availability": ["Wed noon"],
    "specialty": "Pediatrics",
    "membership_status": "active",
    "attests": True,
}
MENTOR = COMMON | {"stage": "late career", "aspects": ["leadership", "research"], "challenges": ["burnout"]}
MENTEE = COMMON | {"stage": "resident", "aspects": ["leadership"], "challenges": ["burnout"]}


def matching_cycle(society: str, *, roster: bool = True) -> Cycle:
    """The society's session with its sample sheets, ready for suggestions; a roster fills in what people left out."""
    cycle = make_cycle(society)
    if roster:
        bring_samples(society, cycle)
    else:
        bring(SheetImport.Kind.MENTORS, f"{society}-mentors", cycle=cycle)
        bring(SheetImport.Kind.MENTEES, f"{society}-mentees", cycle=cycle)
    return change_state(cycle=cycle, to=Cycle.State.MATCHING, by=None)


def small_cycle(
    *, mentors: int = 2, mentees: int = 2, places: int = 1, society: str = "sierra", agrees: bool = True
) -> Cycle:
    """A session with a few people who all may be paired with each other."""
    cycle = make_cycle(society)
    for number in range(mentors):
        take_part(cycle, Role.MENTOR, f"Mentor{number}", agrees=agrees, places=places)
    for number in range(mentees):
        take_part(cycle, Role.MENTEE, f"Mentee{number}", agrees=agrees)
    return change_state(cycle=cycle, to=Cycle.State.MATCHING, by=None)


def take_part(cycle: Cycle, role: Role, given: str, *, agrees: bool = True, **more: Any) -> Enrollment:
    """Somebody signed up, and found to be able to take part; whom staff brought has not agreed to anything."""
    answers = (MENTOR if role == Role.MENTOR else MENTEE) | more
    person = make_person(
        given, "Vega", stage=answers["stage"], specialty=answers["specialty"], biosketch=f"I am {given}."
    )
    enrollment = sign_up(cycle=cycle, person=person, role=role, answers=answers, by=None)
    Enrollment.objects.filter(pk=enrollment.pk).update(state=Enrollment.State.ELIGIBLE)
    enrollment.refresh_from_db()
    if agrees:
        agree(enrollment=enrollment, agreed=owed_for(enrollment).agreements)
    return enrollment
