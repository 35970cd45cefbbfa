"""“This is the same person” is taken back within thirty days: both are as they were, but for what was done since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import due, parting
from programs.enrollment.members import join, join_member
from programs.enrollment.models import Enrollment, Joining
from programs.enrollment.services import sign_up, withdraw
from tenants import context
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.people.models import Person
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import browser_of, make_staff
from tests.programs.test_members import member, signed_up
from tests.programs.test_staff_pages import manager, page, send

__all__ = ["manager"]


def seen(*people: Person) -> list[Any]:
    return list(Person.objects.filter(pk__in=[each.pk for each in people]).order_by("pk").values())


def test_both_are_as_they_were_and_decided_anew(sierra: Society) -> None:
    cycle, by = make_cycle(), make_person("Mo", "Staff")
    row, enrollment = member(stage="mid career", specialty="Neurology"), signed_up(cycle)
    imported = sign_up(cycle=cycle, person=row, role="mentee", answers={"stage": "mid career"}, by=None)
    before, was = seen(row, enrollment.person), imported.state
    person = join_member(enrollment=enrollment, member_pk=row.pk, by=by)
    assert seen(row, person) != before
    apart = parting.take_apart(person=person, by=by)
    assert (apart.member.pk, apart.stayed) == (row.pk, 0)
    assert seen(row, person) == before
    enrollment.refresh_from_db()
    imported.refresh_from_db()
    assert (enrollment.person_id, enrollment.state) == (person.pk, Enrollment.State.TO_CHECK)
    assert (imported.person_id, imported.state) == (row.pk, was)
    assert Entry.objects.filter(verb="person.joining_taken_back", subject_id=str(person.pk)).count() == 1
    assert not Joining.objects.exists()
    with context.platform():
        assert not Due.objects.filter(kind=parting.KIND).exists()
    with pytest.raises(DomainError, match="nothing to take back any more"):
        parting.take_apart(person=person, by=by)


def test_what_was_said_and_done_since_stays(sierra: Society) -> None:
    """The list's newer word goes with its row; a sign-up, a stage and an address that are in use by then do not."""
    cycle, by = make_cycle(), make_person("Mo", "Staff")
    row, enrollment = member(stage="mid career"), signed_up(cycle)
    left = sign_up(cycle=cycle, person=row, role="mentee", answers={"stage": "mid career"}, by=None)
    person = join_member(enrollment=enrollment, member_pk=row.pk, by=by)
    withdraw(enrollment=Enrollment.objects.get(pk=left.pk), by=person)
    Person.objects.filter(pk=person.pk).update(membership_status="lapsed", stage="retired")
    make_person("New", "Comer", email="M1@roster.example.org")
    apart = parting.take_apart(person=person, by=by)
    assert apart.stayed == 1
    left.refresh_from_db()
    assert (left.person_id, left.state) == (person.pk, Enrollment.State.WITHDRAWN)
    again = Person.objects.get(pk=row.pk)
    assert (again.membership_status, again.stage, again.email) == ("lapsed", "mid career", "")
    assert Person.objects.get(pk=person.pk).stage == "retired"


def test_after_thirty_days_nothing_is_kept(sierra: Society) -> None:
    row, enrollment, by = member(), signed_up(make_cycle()), make_person("Mo", "Staff")
    person = join_member(enrollment=enrollment, member_pk=row.pk, by=by)
    joining = Joining.objects.get()
    with context.platform():
        assert Due.objects.get(kind=parting.KIND).ref == str(joining.pk)
    with clock.moved_by(timedelta(days=30)), pytest.raises(DomainError, match="thirty days are over"):
        parting.take_apart(person=person, by=by)
    due.forget_a_joining(str(joining.pk))
    due.forget_a_joining(str(joining.pk))
    assert not Joining.objects.exists()


def test_who_proved_the_address_is_that_member_for_good(sierra: Society) -> None:
    row, enrollment, by = member(), signed_up(make_cycle()), make_person("Mo", "Staff")
    person = join(person_pk=enrollment.person_id, member_pk=row.pk, by=None)
    with pytest.raises(DomainError, match="nothing to take back"):
        parting.take_apart(person=person, by=by)


def test_staff_take_it_back_on_the_sign_ups_page_and_twice_does_no_harm(sierra: Society, manager: Client) -> None:
    row, enrollment = member(), signed_up(make_cycle())
    address = reverse("sessions:sign_up", args=[enrollment.pk])
    assert "Take back: these are two people" not in page(manager, address)
    text = send(manager, address, member=str(row.pk))
    assert "Zoë Ortega-Lind, M1: said on" in text
    assert "Take back: these are two people" in text
    assert "These are two people again" in send(manager, address, member="apart")
    assert "Is this a member?" in page(manager, address)
    assert "nothing to take back any more" in send(manager, address, member="apart")
    assert Person.objects.filter(pk=row.pk, member_id="M1").exists()


def test_a_partner_of_another_institution_has_no_word_on_the_list(sierra: Society) -> None:
    cycle, by = make_cycle(), make_person("Mo", "Staff")
    row, enrollment = member(), signed_up(cycle)
    join_member(enrollment=enrollment, member_pk=row.pk, by=by)
    ends = clock.today(sierra.zone) + timedelta(days=30)
    partner = browser_of(make_staff(program_id=cycle.program_id, ends_on=ends, institution="Lakes"), sierra)
    address = reverse("sessions:sign_up", args=[enrollment.pk])
    assert "M1" not in page(partner, address)
    assert partner.post(address, {"member": "apart"}).status_code == 404
    assert Joining.objects.exists()
