"""The staff's page of mails: for whoever answers for the whole society, without words and without codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chiron.kernel import clock
from tenants import outbox
from tenants.accounts.models import Account
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person, StaffRole

Kind = StaffRole.Kind
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters")]
Visitor = Callable[[str], Client]
LOG = "/staff/mail/"


@pytest.fixture
def signed_in(sierra: Society, visitor: Visitor) -> Callable[..., Client]:
    """A browser in which somebody with a role has signed in, or somebody without any."""

    def sign_in(kind: StaffRole.Kind | None, *, one_program: bool = False) -> Client:
        account = Account.objects.create_user(f"{uuid4()}@sierra.example.org")
        person = Person.objects.create(account=account, given_name="Kim", created_at=clock.now())
        if kind:
            program_id = uuid4() if one_program else None
            StaffRole.objects.create(person=person, kind=kind, program_id=program_id, created_at=clock.now())
        client = visitor(sierra.host)
        client.force_login(account)
        return client

    return sign_in


def write(**options: object) -> OutboxMail:
    words = {"words": "You both like hiking."}
    (mail,) = outbox.mail("hello", **{"to": "jo@example.org", "context": words} | options)  # type: ignore[arg-type]
    return mail


@pytest.mark.parametrize(
    ("kind", "one_program", "status"),
    [
        (Kind.OWNER, False, 200),
        (Kind.MANAGER, False, 200),
        (Kind.SUPPORT, False, 200),
        (Kind.MANAGER, True, 404),
        (Kind.SUPPORT, True, 404),
        (Kind.COMMITTEE, False, 404),
        (None, False, 404),
    ],
)
def test_the_log_is_for_those_who_answer_for_the_whole_society(
    signed_in: Callable[..., Client], kind: StaffRole.Kind | None, one_program: bool, status: int
) -> None:
    mail = write(wait=timedelta(minutes=30))
    client = signed_in(kind, one_program=one_program)
    assert client.get(LOG).status_code == status
    assert client.post(f"{LOG}{mail.pk}/take-back/").status_code == (302 if status == 200 else status)
    assert client.get(f"{LOG}{mail.pk}/take-back/").status_code == 405


def test_a_stranger_signs_in_first(sierra: Society, visitor: Visitor) -> None:
    assert visitor(sierra.host).get(LOG)["Location"].startswith("/sign-in/")


def test_it_shows_who_got_what_and_neither_words_nor_codes(signed_in: Callable[..., Client]) -> None:
    write()
    write(to="sam@example.org", secret=True, context={"words": "493817"})
    page = signed_in(Kind.OWNER).get(LOG).content.decode()
    for shown in ("jo@example.org", "sam@example.org", "Sierra Medical Society: Hello jo@example.org", "Waiting"):
        assert shown in page
    for hidden in ("hiking", "493817", "Hello sam@example.org"):
        assert any(hidden in mail.text + mail.subject for mail in OutboxMail.objects.all())
        assert hidden not in page


def test_it_finds_a_reader(signed_in: Callable[..., Client]) -> None:
    write()
    write(to="sam@example.org")
    page = signed_in(Kind.OWNER).get(LOG, {"q": "SAM"}).content.decode()
    assert "sam@example.org" in page
    assert "jo@example.org" not in page


def test_a_mail_is_taken_back_with_one_button_and_the_trail_says_by_whom(signed_in: Callable[..., Client]) -> None:
    mail = write(wait=timedelta(minutes=30))
    client = signed_in(Kind.MANAGER)
    page = client.post(f"{LOG}{mail.pk}/take-back/", follow=True).content.decode()
    assert "The mail to jo@example.org was taken back." in page
    assert OutboxMail.objects.get().state == OutboxMail.State.CANCELED
    assert Entry.objects.get(verb="mail.taken_back").actor_kind == Entry.Actor.PERSON
    again = client.post(f"{LOG}{mail.pk}/take-back/", follow=True).content.decode()
    assert "can no longer be taken back" in again


def test_its_queries_do_not_grow_with_the_mails(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Kind.OWNER)
    counts = []
    for _ in range(3):
        write()
        with CaptureQueriesContext(connection) as queries:
            client.get(LOG)
        counts.append(len(queries))
    assert counts[1:] == [counts[1]] * 2  # the first one also warms what this process remembers
