"""Is somebody who signed up a member? Whom of the list they may be, and what staff say of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models.fields.json import KT
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import members
from programs.enrollment.members import invite_to_join, join, join_member, likely_members
from programs.enrollment.models import Enrollment
from programs.enrollment.services import sign_up
from programs.policy.models import Cycle
from tenants.accounts.models import Account
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person, StaffRole
from tests.factories.programs import make_cycle, make_person
from tests.programs.test_staff_pages import manager, page, send

__all__ = ["manager"]

ROSTER = {"membership_status": "active", "stage": "mid career"}


def member(given: str = "Zoë", family: str = "Ortega-Lind", number: str = "M1", **more: object) -> Person:
    """A row of the membership list, who has not signed in."""
    values: dict[str, object] = {
        "member_id": number,
        "roster": ROSTER,
        "membership_status": "active",
        "on_roster_since": clock.now(),
        "email": f"{number}@roster.example.org".lower(),
    }
    return make_person(given, family, **values | more)


def signed_up(cycle: Cycle, given: str = "Zoe", family: str = "Ortega Lind", **answers: object) -> Enrollment:
    """Somebody whom the list does not know, by an address of their own that a code proved."""
    address = f"{given}.{family}@mail.example.org".replace(" ", "").lower()
    account = Account.objects.create(email=address)
    person = make_person(given, family, email=address, account=account)
    return sign_up(cycle=cycle, person=person, role="mentor", answers={"stage": "mid career", **answers}, by=person)


@pytest.mark.parametrize(
    ("said", "listed"),
    [("Elodie", "Élodie"), ("Élodie", "elodie"), ("Łucja", "Łucja"), ("", ""), ("Al", "“Al”"), ("明", "明")],
)
def test_a_name_is_found_however_it_is_written(sierra: Society, said: str, listed: str) -> None:
    member(listed, "Ortega Lind")
    for number, other in enumerate(("Bo", "Cy", "Dee")):
        member(other, "Ortega Lind", f"O{number}")
    enrollment = signed_up(make_cycle(), said)
    with CaptureQueriesContext(connection) as asked:
        assert [each.member.member_id for each in likely_members(enrollment)] == ["M1"]
    assert len(asked) == 1
    found = Person.objects.alias(number=KT("roster__npi")).filter(members._may_speak(enrollment), member_id__gt="")
    assert found.count() == 1, "the rest of the list is not read"


def test_likely_members_are_found_by_number_name_and_address(sierra: Society) -> None:
    cycle = make_cycle()
    for person in (
        member("Someone", "Else", "M2", roster=ROSTER | {"npi": "1234567893"}),
        member(),
        member("Zora", "Lind", "M3"),
        member("Al", "Other", "M4", email="zoe.ortegalind@old.example.org"),
        member("Zoe", "Ortega Lind", "M5", account=Account.objects.create(email="taken@example.org")),
        make_person("Zoe", "Ortega", email="no-member@example.org"),
        member("Quite", "Different", "M6"),
    ):
        assert person.pk
    enrollment = signed_up(cycle, extra={"npi": "1234567893"})
    found = [(each.member.member_id, each.because) for each in likely_members(enrollment)]
    assert found[:2] == [("M2", "the same NPI"), ("M1", "the same name")]
    assert dict(found[2:]) == {"M3": "nearly the same name", "M4": "nearly the same mail address"}


def test_who_is_that_member_takes_over_the_lists_facts_and_keeps_the_proved_address(sierra: Society) -> None:
    cycle, by = make_cycle(), make_person("Mo", "Staff")
    row, enrollment = member(), signed_up(cycle)
    imported = sign_up(cycle=cycle, person=row, role="mentee", answers={"stage": "mid career"}, by=None)
    assert enrollment.state == Enrollment.State.TO_CHECK
    person = join_member(enrollment=enrollment, member_pk=row.pk, by=by)
    enrollment.refresh_from_db()
    imported.refresh_from_db()
    assert enrollment.state == Enrollment.State.ELIGIBLE
    assert imported.person == person == enrollment.person
    assert (person.member_id, person.email) == ("M1", "zoe.ortegalind@mail.example.org")
    assert not Person.objects.filter(pk=row.pk).exists()
    assert Entry.objects.filter(verb="person.joined_member", subject_id=str(person.pk)).count() == 1


def test_a_staff_role_is_given_to_nobody_by_saying_that_this_is_her(sierra: Society) -> None:
    """It goes to who proves the address: else whoever runs one program could make somebody an owner."""
    row, enrollment, by = member(), signed_up(make_cycle()), make_person("Mo", "Staff")
    StaffRole.objects.create(person=row, kind="owner", created_at=clock.now())
    with pytest.raises(DomainError, match="has a role on the staff, and signs in with their own address"):
        join_member(enrollment=enrollment, member_pk=row.pk, by=by)
    assert row.staff_roles.get().kind == "owner"
    person = join(person_pk=enrollment.person_id, member_pk=row.pk, by=None)
    assert person.staff_roles.get().kind == "owner"


@pytest.mark.parametrize("case", ["signed in", "both signed up", "gone", "themselves", "a member already"])
def test_two_people_stay_two(sierra: Society, case: str) -> None:
    cycle, by = make_cycle(), make_person("Mo", "Staff")
    row, enrollment = member(), signed_up(cycle)
    pk = row.pk
    if case == "signed in":
        Person.objects.filter(pk=pk).update(account=Account.objects.create(email="own@example.org"))
    elif case == "both signed up":
        sign_up(cycle=cycle, person=row, role="mentor", answers={"stage": "mid career"}, by=None)
    elif case == "gone":
        row.delete()
    elif case == "themselves":
        pk = enrollment.person_id
    else:
        Person.objects.filter(pk=enrollment.person_id).update(member_id="M9")
    before = list(Person.objects.order_by("pk").values_list("pk", "member_id"))
    with pytest.raises(DomainError):
        join_member(enrollment=enrollment, member_pk=pk, by=by)
    assert list(Person.objects.order_by("pk").values_list("pk", "member_id")) == before


def test_nobody_becomes_a_member_of_another_name_by_a_form_of_ones_own(sierra: Society, manager: Client) -> None:
    """The page offers whom something speaks for; what it does not offer is no way to any row of the list."""
    row, enrollment = member("Jo", "Hall"), signed_up(make_cycle())
    text = send(manager, reverse("sessions:sign_up", args=[enrollment.pk]), member=str(row.pk))
    assert "Nothing says that these two are one person" in text
    assert "Jo Hall" not in text
    assert Person.objects.filter(pk=row.pk, member_id="M1").exists()


def test_no_member_is_invited_to_become_one_by_an_older_page(sierra: Society, manager: Client) -> None:
    row, enrollment = member(), signed_up(make_cycle())
    address = reverse("sessions:sign_up", args=[enrollment.pk])
    send(manager, address, member=str(row.pk))
    assert "is a member already" in send(manager, address, member="invite")
    assert not OutboxMail.objects.exists()


def test_who_is_no_member_is_invited_to_join_once_and_waits_meanwhile(sierra: Society) -> None:
    enrollment, by = signed_up(make_cycle()), make_person("Mo", "Staff")
    for _again in range(2):
        invite_to_join(enrollment=enrollment, by=by)
    mail = OutboxMail.objects.get(recipient=enrollment.person.email)
    assert "one thing is missing" in mail.subject
    enrollment.refresh_from_db()
    assert enrollment.state == Enrollment.State.TO_CHECK
    sign_up(cycle=enrollment.cycle, person=enrollment.person, role="mentor", answers={"stage": "retired"}, by=None)
    enrollment.refresh_from_db()
    assert enrollment.decision["asked_to_join"]


def test_staff_say_it_on_the_sign_ups_page(sierra: Society, manager: Client) -> None:
    cycle = make_cycle()
    row, enrollment = member(), signed_up(cycle)
    address = reverse("sessions:sign_up", args=[enrollment.pk])
    text = page(manager, address)
    assert "Is this a member?" in text
    assert "Zoë Ortega-Lind" in text
    assert manager.post(address, {"member": "nonsense"}).status_code == 404
    assert "as the list says" in send(manager, address, member=str(row.pk))
    assert "Is this a member?" not in page(manager, address)
    guest = signed_up(cycle, "Gil", "Guest")
    address = reverse("sessions:sign_up", args=[guest.pk])
    assert "We write to Gil Guest" in send(manager, address, member="invite")
    assert "Invited to become a member" in page(manager, address)
    assert "as a guest" in send(manager, address, member="guest")
    guest.refresh_from_db()
    assert guest.state == Enrollment.State.ELIGIBLE
