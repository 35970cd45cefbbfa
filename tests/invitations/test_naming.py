"""A member names a colleague; staff invite or set aside; nobody learns who is known, or who named whom."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from programs.invitations import nominations
from programs.invitations.models import Invitation, Nomination
from programs.policy.models import Cycle
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff
from tests.invitations.making import IDA, member, open_cycle, visitor_of

SAID = {**IDA, "role": "mentor", "sentence": "She listens."}


@pytest.fixture
def cycle(commonwealth: Society) -> Cycle:
    return open_cycle()


def where(cycle: Cycle) -> str:
    return reverse("invitations:nominate", args=[cycle.program.slug])


def text_of(page: bytes) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.decode())


def named(cycle: Cycle, by: Person, *, may_name: bool = False) -> Nomination:
    return nominations.nominate(program=cycle.program, by=by, may_name=may_name, **SAID)


def test_the_page_says_the_same_whether_an_address_is_known(cycle: Cycle, commonwealth: Society) -> None:
    member("Bo")
    nominator = browser_of(make_person("Nia"), commonwealth)
    known = nominator.post(where(cycle), SAID | {"email": "bo.okafor@example.org"})
    unknown = nominator.post(where(cycle), SAID | {"email": "nobody@example.org"})
    assert text_of(known.content) == text_of(unknown.content)
    assert "Staff look at it" in known.content.decode()
    assert (Nomination.objects.count(), OutboxMail.objects.count()) == (2, 0)


def test_only_members_name_and_only_so_many_a_day(cycle: Cycle, commonwealth: Society) -> None:
    assert visitor_of(commonwealth).post(where(cycle), SAID).status_code == 302
    assert not Nomination.objects.exists()
    nia = make_person("Nia")
    nominator = browser_of(nia, commonwealth)
    for _again in range(2):
        nominator.post(where(cycle), SAID)
    assert Nomination.objects.count() == 1, "said again, the newer words count"
    for number in range(19):
        nominator.post(where(cycle), SAID | {"email": f"n{number}@example.org"})
    told = nominator.post(where(cycle), SAID | {"email": "last@example.org"})
    assert (told.status_code, Nomination.objects.count()) == (422, 20)


@pytest.mark.parametrize("may_name", [True, False])
def test_the_mail_says_who_named_only_if_allowed(cycle: Cycle, commonwealth: Society, may_name: bool) -> None:
    nomination = named(cycle, make_person("Nia", "Brandt"), may_name=may_name)
    staff = browser_of(make_staff(), commonwealth)
    page = reverse("invited:one", args=[cycle.pk]) + f"?nomination={nomination.pk}"
    listed = staff.get(reverse("invited:nominations", args=[cycle.program.slug])).content.decode()
    for words in ("Ida Nilsen", "She listens.", "Nia Brandt", page.replace("&", "&amp;")):
        assert words in listed
    shown = staff.get(page).content.decode()
    assert 'value="ida@example.org"' in shown
    staff.post(page, {**IDA, "role": "mentor", "me": "yes"})
    assert Nomination.objects.get().state == "waiting"
    assert staff.post(page, {**IDA, "role": "mentor"}).status_code == 302
    for mail in OutboxMail.objects.all():
        assert ("Nia Brandt thought of you" in mail.text) is may_name
        assert "She listens" not in mail.text
    nomination.refresh_from_db()
    assert (nomination.state, nomination.invitation) == ("invited", Invitation.objects.get())


def test_a_name_without_an_address_is_found_on_the_list(cycle: Cycle, commonwealth: Society) -> None:
    bo = member("Bo")
    nomination = nominations.nominate(
        program=cycle.program, by=make_person("Nia"), may_name=False,
        **SAID | {"given_name": "Bo", "family_name": "Okafor", "email": ""},
    )  # fmt: skip
    staff = browser_of(make_staff(), commonwealth)
    one = reverse("invited:one", args=[cycle.pk])
    found = staff.get(one, {"q": "Okafor", "nomination": nomination.pk}).content.decode()
    picked = f"?person={bo.pk}&amp;nomination={nomination.pk}"
    assert picked in found
    staff.post(one + picked.replace("&amp;", "&"), {"role": "mentor"})
    assert Invitation.objects.get().person == bo
    nomination.refresh_from_db()
    assert nomination.state == "invited"


def test_whoever_is_set_aside_learns_nothing(cycle: Cycle, commonwealth: Society) -> None:
    nomination = named(cycle, make_person("Nia"))
    staff: Client = browser_of(make_staff(), commonwealth)
    for _twice in range(2):
        staff.post(reverse("invited:set_aside", args=[nomination.pk]))
    nomination.refresh_from_db()
    assert (nomination.state, OutboxMail.objects.count()) == ("set_aside", 0)
