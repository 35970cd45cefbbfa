"""Mentor and mentee at once: one person in both roles of one session, and never a pair with themself."""

from __future__ import annotations

import pytest
from django.urls import reverse

from chiron.kernel.errors import DomainError
from matching.publishing.services import publish
from matching.services import decide_pair, suggest_pairs
from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.services import sign_up, withdraw
from programs.mentorships.models import Mentorship
from programs.mentorships.requests import ask
from programs.policy.models import Cycle
from programs.policy.services import change_state
from tenants.models import Society
from tenants.people.models import Person
from tests.desk.making import KEEP, MENTEE, MENTOR, take_part
from tests.enrollment.test_waiting_pages import read
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.test_requests import finding_cycle


def both(cycle: Cycle) -> tuple[Person, Enrollment, Enrollment]:
    """Somebody in mid-career who helps those behind and asks those ahead."""
    person = make_person("Mia", "Vega", stage="mid career")
    sign_ups = [
        sign_up(cycle=cycle, person=person, role=role, answers=answers | {"stage": "mid career"}, by=person)
        for role, answers in ((Role.MENTOR, MENTOR), (Role.MENTEE, MENTEE))
    ]
    Enrollment.objects.filter(person=person).update(state=Enrollment.State.ELIGIBLE)
    for each in sign_ups:
        agree(enrollment=each, agreed=owed_for(each).agreements)
    return person, sign_ups[0], sign_ups[1]


def matching(cycle: Cycle) -> Cycle:
    return change_state(cycle=cycle, to=Cycle.State.MATCHING, by=None)


def test_alone_they_are_nobodys_pair(sierra: Society) -> None:
    cycle = make_cycle()
    _person, mentor, mentee = both(cycle)
    cycle = matching(cycle)
    assert not suggest_pairs(cycle=cycle, by=None).pairs.exists()
    with pytest.raises(DomainError, match="This pair cannot be"):
        decide_pair(cycle=cycle, mentee=mentee, mentor=mentor, kind=KEEP, reason="", by=make_staff())


def test_each_role_finds_somebody_else(sierra: Society) -> None:
    cycle = make_cycle()
    person, mentor, mentee = both(cycle)
    ahead, behind = take_part(cycle, Role.MENTOR, "Senior"), take_part(cycle, Role.MENTEE, "Junior")
    run = publish(run=suggest_pairs(cycle=matching(cycle), by=None), by=None)
    assert set(run.pairs.values_list("mentor", "mentee")) == {(ahead.pk, mentee.pk), (mentor.pk, behind.pk)}
    assert Mentorship.objects.count() == 2
    for enrollment in (mentor, mentee):
        enrollment.refresh_from_db()
        assert enrollment.state == Enrollment.State.MATCHED
    page = read(browser_of(person, sierra), reverse("enrollment:me"))
    assert page.count(f"{cycle.program.name}, {cycle.name}") == 2
    assert "Mentor · Can take part" in page
    assert "Mentee · Can take part" in page


def test_in_the_directory_nobody_asks_themself(sierra: Society) -> None:
    cycle = finding_cycle()
    Cycle.objects.filter(pk=cycle.pk).update(state=Cycle.State.RECRUITING)
    cycle = Cycle.objects.select_related("version", "program").get(pk=cycle.pk)
    _person, mentor, mentee = both(cycle)
    with pytest.raises(DomainError, match="cannot be asked"):
        ask(mine=mentee, other=mentor)
    assert not Mentorship.objects.exists()


def test_leaving_one_role_keeps_the_other(sierra: Society) -> None:
    cycle = make_cycle()
    person, mentor, mentee = both(cycle)
    withdraw(enrollment=mentor, by=person)
    mentee.refresh_from_db()
    assert mentee.state == Enrollment.State.ELIGIBLE
    page = read(browser_of(person, sierra), reverse("enrollment:me"))
    assert "Mentor · Withdrawn" in page
    assert "Mentee · Can take part" in page
