"""A society starts by itself: three questions, a code, an address, and its owner is in."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.http import HttpResponseBase
from django.test import Client

from billing.models import Subscription
from billing.starting import addresses, services
from billing.starting.due import forget_what_was_left, open_when_ready
from billing.starting.models import HandOver, Start
from billing.starting.services import Asked
from chiron.console.services import add_operator
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import SheetImport
from programs.policy.models import Cycle, Program
from tenants import context, due
from tenants.accounts.models import Account
from tenants.audit.models import Entry
from tenants.models import RESERVED_SLUGS, Due, Society, Spare
from tenants.outbox.models import OutboxMail
from tenants.people.models import StaffRole
from tests.billing.buying import work
from tests.factories.staff import make_staff
from tests.people.conftest import newest_code

pytestmark = pytest.mark.django_db
Visitor = Callable[[str], Client]
MAIL = "ann.lee@lakesmed.org"
TYPED = {"name": "Lakes Medical Society", "website": "www.lakesmed.org", "person": "Ann Marie Lee", "email": MAIL}
AGREED = {"slug": "lakes", "may_act": "on", "agrees": "on"}


@pytest.fixture
def client(societies: dict[str, Society], visitor: Visitor) -> Client:
    return visitor("localhost")


def ask(client: Client, **typed: str) -> HttpResponseBase:
    return client.post("/start/", TYPED | typed)


def prove(client: Client, **typed: str) -> HttpResponseBase:
    """Up to the address: type the three things, then the code."""
    assert ask(client, **typed)["Location"] == "/start/code/"
    with context.platform():
        code = newest_code()
    return client.post("/start/code/", {"code": code})


def open_portal(client: Client, slug: str = "lakes", **typed: str) -> Society:
    """Up to the page that leads in."""
    assert prove(client, **typed)["Location"] == "/start/address/"
    assert client.post("/start/address/", AGREED | {"slug": slug})["Location"] == "/start/ready/"
    with context.platform():
        return Society.objects.get(slug=slug)


def way_in(client: Client) -> str:
    """The path of the link in the page that leads in, which goes there by itself."""
    page = client.get("/start/ready/")
    url = page["Refresh"].partition("url=")[2]
    assert f'href="{url}"' in page.content.decode()
    return "/" + url.partition("://")[2].partition("/")[2]


def test_from_three_questions_to_an_owner_who_is_in(client: Client, visitor: Visitor) -> None:
    society = open_portal(client)
    assert (society.name, society.website, society.contact_mail) == (TYPED["name"], "https://www.lakesmed.org", MAIL)
    assert (society.state, society.is_confirmed) == (Society.State.TRIAL, True)
    portal = visitor(society.host)
    assert portal.get(way_in(client))["Location"] == "/staff/what-to-run/"
    assert portal.get("/staff/what-to-run/").status_code == 200
    with context.platform():
        assert Subscription.objects.filter(society=society).count() == 1
        start = Start.objects.get(society=society)
        assert (start.terms, start.processing) == ("2026-11", "2026-11")
        mail = OutboxMail.objects.get(template="society_started")
    assert mail.recipient == MAIL
    assert "1. Who agrees with whom" in mail.text
    assert "6. If data are breached" in mail.text
    assert society.host in mail.text
    with context.society(society):
        role = StaffRole.objects.select_related("person").get()
        assert (role.kind, role.person.given_name, role.person.family_name) == ("owner", "Ann Marie", "Lee")
        assert Entry.objects.get(verb="society.agreed").facts == {"terms": "2026-11", "processing": "2026-11"}


def test_the_way_in_works_once_for_minutes_and_at_one_portal(client: Client, visitor: Visitor) -> None:
    society = open_portal(client)
    link, stranger = way_in(client), visitor(society.host)
    assert visitor("sierra.localhost").get(link).status_code == 404
    with clock.moved_by(services.HAND_OVER):
        assert stranger.get(link).status_code == 410
    owner = visitor(society.host)
    assert owner.get(link).status_code == 302
    assert owner.get(link)["Location"] == "/staff/what-to-run/"  # who is in by it goes on
    over = stranger.get(link)
    assert over.status_code == 410
    assert 'href="/sign-in/?next=/staff/what-to-run/"' in over.content.decode()
    assert "sessionid" not in stranger.cookies
    with context.platform():
        assert not HandOver.objects.exists()


def test_one_proof_of_the_address_lets_in_once_also_after_signing_out(client: Client, visitor: Visitor) -> None:
    society = open_portal(client)
    links = [way_in(client) for _tab in range(2)]
    assert visitor(society.host).get(links[1]).status_code == 302
    assert visitor(society.host).get(links[0]).status_code == 410
    again = client.get("/start/ready/")
    assert "Refresh" not in again
    assert f'href="{society.url("/staff/")}"' in again.content.decode()
    with clock.moved_by(timedelta(seconds=5)):
        prove(client)
        assert visitor(society.host).get(way_in(client)).status_code == 302


def test_who_left_half_way_is_reminded_once_and_goes_on_by_the_link(client: Client, visitor: Visitor) -> None:
    prove(client)
    with clock.moved_by(timedelta(hours=20)):
        prove(client)  # comes back, and leaves again
    for hours, mails in ((30, 0), (45, 1), (90, 1)):
        with clock.moved_by(timedelta(hours=hours)):
            work()
        with context.platform():
            assert OutboxMail.objects.filter(template="start_left").count() == mails, hours
    with context.platform():
        mail = OutboxMail.objects.get(template="start_left")
    link = re.search(r"/start/left/\S+/", mail.text)
    assert link is not None
    stranger = visitor("localhost")
    with clock.moved_by(timedelta(days=3)):
        prove(client)
        work()
        assert "Go on with Lakes Medical Society" in stranger.get(link[0]).content.decode()
        assert "sessionid" not in stranger.cookies, "a mail filter opens it too"
        assert stranger.post(link[0])["Location"] == "/start/address/"
        assert stranger.post("/start/address/", AGREED)["Location"] == "/start/ready/"
        again = visitor("localhost")
        assert [again.get(link[0]).status_code, again.post(link[0]).status_code] == [410, 410]
        assert again.get("/start/ready/")["Location"] == "/start/", "it lets nobody in to what is open"
    with context.platform():
        assert OutboxMail.objects.filter(template="start_left").count() == 1


def test_who_finished_is_not_reminded(client: Client) -> None:
    open_portal(client)
    with clock.moved_by(timedelta(days=2)):
        work()
    with context.platform():
        assert not OutboxMail.objects.filter(template="start_left").exists()


def test_who_comes_back_to_the_first_page_is_led_on(client: Client) -> None:
    prove(client)
    assert 'href="/start/address/"' in client.get("/start/").content.decode()


def test_the_same_button_twice_or_in_another_tab_opens_one_portal(client: Client) -> None:
    society = open_portal(client)
    for slug in ("lakes", "lakes-other"):
        assert client.post("/start/address/", AGREED | {"slug": slug})["Location"] == "/start/ready/"
    with context.platform():
        assert Start.objects.get().society == society
        assert not Spare.objects.exists()
        assert OutboxMail.objects.filter(template="society_started").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_open_one_portal(societies: dict[str, Society]) -> None:
    with context.platform():
        start = services.begin(asked=Asked(**TYPED | {"website": "https://www.lakesmed.org"}))
        spares = Spare.objects.count()

    def agree(slug: str) -> str:
        try:
            with context.platform():
                society = services.agree(start=start, slug=slug).society
            assert society is not None
            return society.slug
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        opened = set(pool.map(agree, ("lakes", "lakes-two")))
    assert len(opened) == 1
    with context.platform():
        assert Society.objects.count() == len(societies) + 1
        assert Spare.objects.count() == spares - 1


def test_where_no_space_lies_ready_the_page_waits_and_goes_on_by_itself(client: Client, visitor: Visitor) -> None:
    with context.platform():
        spare = Spare.objects.get().pk
        Spare.objects.all().delete()
    prove(client)
    client.post("/start/address/", AGREED)
    waiting = client.get("/start/ready/")
    assert (waiting.status_code, waiting["Refresh"]) == (200, "3")
    assert client.get("/start/address/")["Location"] == "/start/ready/"
    with context.platform():
        waits = Due.objects.get(kind=services.OPEN)
        open_when_ready(due.take(waits, clock.now()))
        waits.refresh_from_db()
        assert clock.now() < waits.due_at < clock.now() + timedelta(minutes=1)
        Spare.objects.create(schema_name=spare)
        open_when_ready(due.take(waits, clock.now()))
        assert not Due.objects.filter(kind=services.OPEN).exists()
        open_when_ready(
            due.take(Due.objects.create(kind=services.OPEN, ref=waits.ref, due_at=clock.now()), clock.now())
        )
        assert Society.objects.filter(name=TYPED["name"]).count() == 1
    assert visitor("lakes.localhost").get(way_in(client)).status_code == 302


def test_whoever_comes_back_with_the_same_address_goes_on(client: Client, visitor: Visitor) -> None:
    prove(client)
    other = visitor("localhost")
    assert other.get("/start/address/")["Location"] == "/start/"
    assert prove(other, name="Lakes Medical Association")["Location"] == "/start/address/"
    with context.platform():
        assert Start.objects.get().name == "Lakes Medical Association"
    other.post("/start/address/", AGREED)  # and the reply is lost
    third = visitor("localhost")
    prove(third)
    assert third.get("/start/address/")["Location"] == "/start/ready/"
    assert visitor("lakes.localhost").get(way_in(third)).status_code == 302


def test_what_was_left_is_forgotten_and_what_is_open_stays(client: Client) -> None:
    prove(client)
    with context.platform():
        start = Start.objects.get()
        row = Due.objects.get(kind=services.FORGET)
        assert row.due_at - start.begun_at >= services.LEFT_FOR
        forget_what_was_left(row.ref)
        row.delete()
        assert not Start.objects.exists()
    assert client.get("/start/address/")["Location"] == "/start/"
    open_portal(client)
    with context.platform():
        assert not Due.objects.filter(kind=services.FORGET).exists()
        forget_what_was_left(str(Start.objects.get().pk))
        assert Start.objects.count() == 1


def test_no_reply_tells_whom_anybody_knows(client: Client, visitor: Visitor, societies: dict[str, Society]) -> None:
    with context.society(societies["sierra"]):
        make_staff(StaffRole.Kind.OWNER)
    with context.platform():
        add_operator(email="ann@chiron.example.org", name="Ann Lee")
    pages = []
    for email in ("nobody@example.org", "dana.whitfield@example.org", "ann@chiron.example.org"):
        fresh = visitor("localhost")
        ask(fresh, email=email)
        said = fresh.get("/start/code/").content.decode().replace(email, "…")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", said))
        with context.platform():
            assert newest_code()
    assert len(set(pages)) == 1


def test_a_code_is_tried_five_times_and_asked_for_three_times_a_minute(client: Client) -> None:
    ask(client)
    with context.platform():
        code = newest_code()
    wrong = "000-000" if code != "000-000" else "111-111"
    for _each in range(5):
        assert client.post("/start/code/", {"code": wrong}).status_code == 422
    assert client.post("/start/code/", {"code": code})["Location"] == "/start/"
    assert [client.post("/start/", TYPED).status_code for _each in range(3)] == [302, 302, 429]


def test_the_same_society_started_by_a_second_person_is_told_kindly(
    client: Client, visitor: Visitor, societies: dict[str, Society]
) -> None:
    sierra = societies["sierra"]
    with context.platform():
        Society.objects.filter(pk=sierra.pk).update(website="https://lakesmed.org/about")
    with context.society(sierra):
        owner = make_staff(StaffRole.Kind.OWNER)
    prove(client)
    page = client.get("/start/address/").content.decode()
    assert "Perhaps your society is here already" in page
    for said in (owner.email, owner.name, sierra.host, sierra.name):
        assert said not in page
    for _twice in range(2):
        assert client.post("/start/let-me-in/")["Location"] == "/start/address/"
    with context.society(sierra):
        mail = OutboxMail.objects.get(template="start_asks_in")
    assert (mail.recipient, mail.reply_to) == (owner.email, MAIL)
    assert client.post("/start/address/", AGREED)["Location"] == "/start/ready/"


def test_nobody_goes_on_with_what_somebody_else_started(client: Client, visitor: Visitor) -> None:
    open_portal(client)
    with context.platform():
        start = Start.objects.get()
    other = visitor("localhost")
    assert other.post(f"/start/go-on/{start.pk}/")["Location"] == "/start/"
    prove(other, email="eve@elsewhere.org", website="elsewhere.org", name="Elsewhere")
    assert other.post(f"/start/go-on/{start.pk}/").status_code == 404
    with clock.moved_by(timedelta(hours=3)):
        assert client.get("/start/ready/")["Location"] == "/start/"


def test_who_reads_free_mail_is_not_confirmed_and_learns_it_in_the_mail(client: Client) -> None:
    society = open_portal(client, email="ann.lee@gmail.com")
    assert not society.is_confirmed
    with context.platform():
        assert "more than 25 people" in OutboxMail.objects.get(template="society_started").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"website": "lakes"}, "website"),
        ({"person": ""}, "person"),
        ({"email": "ann"}, "email"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_sent(
    client: Client, wrong: dict[str, str], field: str
) -> None:
    page = ask(client, **wrong)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    with context.platform():
        assert not OutboxMail.objects.exists()


def test_without_agreeing_nothing_is_opened(client: Client) -> None:
    prove(client)
    page = client.post("/start/address/", {"slug": "lakes"})
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"may_act", "agrees"})
    with context.platform():
        assert not Society.objects.filter(slug="lakes").exists()


def start_of(name: str, website: str = "https://www.lakesmed.org") -> Start:
    return Start(email=MAIL, person="Ann Lee", name=name, website=website)


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("Lakes Medical Society", "lakes"),
        ("The Sierra Medical Association", "sierra-medical-association"),  # of sierra there is one
        ("Medical Society", "medical-society"),
        ("-<b>Medical</b> Lakes-", "lakes"),
        ("Ärztekammer Zürich", "arztekammer-zurich"),
        ("北京医学会", "lakesmed"),
        ("QA", "lakesmed"),  # too short
        ("Support", "lakesmed"),  # kept for Chiron itself
        ("xn--80ak6aa92e", "xn-80ak6aa92e"),
        ("Internists and Other Practitioners of the Whole Great West", "internists-other-practitioners-whole"),
    ],
)
def test_an_address_is_proposed_from_the_name(
    platform_door: None, societies: dict[str, Society], name: str, proposed: str
) -> None:
    assert addresses.propose(start_of(name)) == proposed
    addresses.check(proposed, start_of(name))


def test_a_taken_address_gets_another_proposal(platform_door: None, societies: dict[str, Society]) -> None:
    waiting = start_of("Other Lakes", "https://other.org")
    waiting.slug, waiting.terms, waiting.processing, waiting.agreed_at = "lakes", "1", "1", clock.now()
    waiting.save()
    for slug in ("lakes", "sierra", "s1erra", "sl-erra", "admln", "l0gin", "1akes"):
        with pytest.raises(DomainError, match=f"“{slug}” is taken, or looks like one.*“lakes-medical-society” is free"):
            addresses.check(slug, start_of("Lakes Medical Society"))
    addresses.check("lakes", waiting)
    for slug in ("l", "la", "xn--lakes", "Lakes", "lakes.org", "-lakes", *list(RESERVED_SLUGS)[:2]):
        with pytest.raises(DomainError):
            addresses.check(slug, start_of("Lakes"))


def test_what_to_run_is_asked_once_and_a_sheet_gets_a_program_around_it(client: Client, visitor: Visitor) -> None:
    society = open_portal(client)
    portal = visitor(society.host)
    portal.get(way_in(client))
    page = portal.get("/staff/what-to-run/").content.decode()
    for name in ("mentorship-in-medicine", "premed-mentorship", "physician-to-physician-pilot", "one-to-one-mentoring"):
        assert f'href="/staff/templates/{name}/"' in page
    with context.society(society):
        assert not Program.objects.exists()
    for _twice in range(2):
        there = portal.post("/staff/what-to-run/from-sheet/")["Location"]
    with context.society(society):
        assert there == f"/staff/sessions/{Cycle.objects.get().pk}/import/"
    page_of_sheet = portal.get(there)
    assert page_of_sheet.status_code == 200
    assert SheetImport.Kind.MENTEES in page_of_sheet.content.decode()
    assert portal.get("/staff/what-to-run/").status_code == 302


def test_an_account_is_no_operators(client: Client, visitor: Visitor) -> None:
    """Who starts a society gets no account on the platform itself."""
    open_portal(client)
    with context.platform():
        assert not Account.objects.filter(email=MAIL).exists()
