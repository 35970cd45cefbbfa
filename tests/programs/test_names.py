"""Names that somebody types: one line that one can see, or a sentence at the field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.enrollment.signing_up import become_known
from tenants.accounts.models import Account
from tenants.models import Society
from tenants.people.models import Person, StaffRole
from tenants.people.profiles import change_profile
from tenants.people.services import appoint
from tests.factories.programs import make_person
from tests.programs.answering import WHO
from tests.programs.test_member_pages import open_session, signed_in

Visitor = Callable[[str], Client]
HIDDEN = ["Bob\r\nBcc: x@evil.example", "Bo\u200bb", "\u202eboB"]


@pytest.mark.parametrize("name", HIDDEN)
def test_nobody_is_addressed_by_hidden_characters(sierra: Society, visitor: Visitor, name: str) -> None:
    person = make_person("Ada", "Stone", email="ada.stone@example.org")
    client = signed_in(visitor(sierra.host), "ada.stone@example.org")
    page = client.post("/me/", {"called": f"Ada {name}", "biosketch": ""})
    assert page.status_code == 422
    assert "hidden character" in page.content.decode()
    with pytest.raises(DomainError, match="hidden character"):
        change_profile(person=person, called=name, biosketch="")
    person.refresh_from_db()
    assert person.called == ""


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("field", ["given_name", "family_name"])
def test_nobody_signs_up_with_hidden_characters(sierra: Society, visitor: Visitor, field: str, name: str) -> None:
    cycle = open_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    page = client.post(f"/sessions/{cycle.pk}/sign-up/mentee/", WHO | {field: f"Bo {name}"})
    assert page.status_code == 422
    assert "hidden character" in page.content.decode()
    account = Account.objects.get(email="bo.reed@example.org")
    names = {"given_name": "Bo", "family_name": "Reed"} | {field: name}
    with pytest.raises(DomainError, match="hidden character"):
        become_known(account_id=account.pk, **names)
    assert (Enrollment.objects.count(), Person.objects.count()) == (0, 0)


def test_a_name_of_spaces_is_asked_for(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    page = client.post(f"/sessions/{cycle.pk}/sign-up/mentee/", WHO | {"given_name": " \u00a0 "})
    assert page.status_code == 422
    account = Account.objects.get(email="bo.reed@example.org")
    with pytest.raises(DomainError, match="first name"):
        become_known(account_id=account.pk, given_name=" ", family_name="Reed")


def test_nobody_is_appointed_with_hidden_characters(sierra: Society) -> None:
    owner = make_person("Ada", "Stone")
    with pytest.raises(DomainError, match="hidden character"):
        appoint(email="bo@example.org", given_name="Bo\nBcc: x", kind=StaffRole.Kind.OWNER, by=owner)
    assert Person.objects.count() == 1
