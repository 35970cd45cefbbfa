"""Whoever rehearses reads the mail of one mentor and one mentee, so these two live through it all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chiron.kernel import clock
from matching.services import suggest_pairs
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Mentorship, Participation
from programs.policy import templates
from programs.policy.models import Cycle
from programs.policy.services import change_state, create_program
from programs.rehearsing.acting import live_a_day
from programs.rehearsing.services import begin_rehearsal
from programs.rehearsing.showing import session
from tenants import context
from tenants.models import Society
from tenants.outbox.rehearsing import FOLLOWED
from tenants.people.models import Person, StaffRole
from tenants.people.services import grant_role
from tests.factories.programs import make_person
from tests.mentorships.making import proposed
from tests.outcomes.making import running

pytestmark = pytest.mark.django_db


ONE_TO_ONE = [name for name in templates.names() if any(p.name == "One-to-one" for p in templates.load(name).parts)]


@pytest.mark.parametrize("name", ONE_TO_ONE)
def test_both_of_the_two_are_suggested_somebody(sierra: Society, name: str) -> None:
    me = make_person("Maria", "Lopez")
    grant_role(person=me, kind=StaffRole.Kind.MANAGER, by=None)
    program = create_program(policy=templates.load(name), by=None)
    rehearsal = begin_rehearsal(program=program, part="One-to-one", society=sierra, by=me)
    with context.society(rehearsal):
        cycle = session()
        assert cycle is not None
        cycle.enrollments.filter(state=Enrollment.State.APPLIED).update(state=Enrollment.State.ELIGIBLE)
        run = suggest_pairs(cycle=change_state(cycle=cycle, to=Cycle.State.MATCHING, by=None), by=None)
        pairs = run.pairs.select_related("mentor__person", "mentee__person")
        assert {each.person.email for pair in pairs for each in (pair.mentor, pair.mentee)} >= set(FOLLOWED)


@pytest.mark.parametrize(("mentee", "answer"), [(FOLLOWED[1], "yes"), ("tess.moreau@invented.example", "no")])
def test_nobody_says_no_to_them(sierra: Society, mentee: str, answer: str) -> None:
    mentor, theirs = proposed()
    be(mentor, "ines.caldwell@invented.example")  # who declines
    be(theirs, mentee)
    Participation.objects.filter(pk=mentor.pk).update(asked_at=clock.now() - timedelta(days=4))
    live_a_day()
    mentor.refresh_from_db()
    assert mentor.answer == answer


def be(place: Participation, address: str) -> None:
    """Have this address from now on."""
    Person.objects.filter(pk=place.person_id).update(email=address)


def test_the_mentors_pair_goes_quiet_so_that_the_question_comes(sierra: Society) -> None:
    running(pairs=4)
    theirs = Mentorship.objects.order_by("pk")[2]
    be(theirs.participations.get(role=Role.MENTOR), FOLLOWED[0])
    Mentorship.objects.update(introduced_at=clock.now() - timedelta(days=60))
    live_a_day()
    assert set(Mentorship.objects.filter(meetings=None)) == {theirs}
