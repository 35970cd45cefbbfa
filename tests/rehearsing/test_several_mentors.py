"""Invented people say what they would like help with, and with how many mentors, where the program asks."""

from __future__ import annotations

from random import Random

from chiron.kernel import clock
from matching.services import suggest_pairs
from programs.enrollment.models import Enrollment
from programs.policy import templates
from programs.policy.models import Cycle, Program
from programs.policy.services import change_state
from programs.rehearsing.people import invented_for
from programs.rehearsing.services import _session, sign_up
from tenants.models import Society


def test_a_menu_of_mentors_can_be_rehearsed(sierra: Society) -> None:
    policy = templates.load("primary-care")
    of = Program(name=policy.title, slug="a-menu", contact=policy.contact)
    cycle = _session(policy, of, "A menu of mentors", clock.today(sierra.zone))
    for number, invented in enumerate(invented_for(cycle.settings, cycle.starts_on, sierra.time_zone)):
        sign_up(invented, cycle, Random(number))
    mentees = list(cycle.enrollments.filter(role="mentee"))
    assert all(each.answers["aspects"] for each in mentees)
    assert {each.answers["places"] for each in mentees} == {1, 2}
    cycle.enrollments.update(state=Enrollment.State.ELIGIBLE)
    run = suggest_pairs(cycle=change_state(cycle=cycle, to=Cycle.State.MATCHING, by=None), by=None)
    assert run.in_rounds
    assert run.pairs.exclude(aspect="").count() == run.pairs.count() > 5
