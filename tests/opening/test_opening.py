"""From a new society to an open sign-up: the list that knows what is done, the first mails, and one button."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.opening import first_mails as first
from programs.opening.services import open_sign_up, proposed_start
from programs.policy import templates
from programs.policy.models import Cycle, Program
from programs.policy.services import change_state, create_program, open_cycle
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person, StaffRole
from tests.design import words
from tests.factories.staff import browser_of, make_staff

LIST = "/staff/set-up/"
DONE = "Done:"


@pytest.fixture
def owner(sierra: Society) -> Person:
    return make_staff(kind=StaffRole.Kind.OWNER)


@pytest.fixture
def browser(owner: Person, sierra: Society) -> Client:
    return browser_of(owner, sierra)


@pytest.fixture
def program(sierra: Society) -> Program:
    return create_program(policy=templates.load("mentorship-in-medicine"), by=None)


def shown(browser: Client) -> str:
    return browser.get(LIST).content.decode()


def days(browser: Client, **other: str) -> dict[str, str]:
    """What the form says if nobody changes anything."""
    form = browser.get(LIST).context["form"]
    return {name: str(form[name].initial or form.initial[name]) for name in form.fields} | other


def test_a_society_without_a_program_is_led_to_choosing_one(browser: Client) -> None:
    page = shown(browser)
    assert reverse("programs:choose") in page
    assert "Open sign-up</h2>" not in page


def test_each_step_shows_by_itself_that_it_is_done(browser: Client, owner: Person, program: Program) -> None:
    before = shown(browser).count(DONE)
    assert before == 1, "the program is there"
    browser.post(reverse("opening:mails", args=[program.slug]))
    assert "Sent to one of you on" in shown(browser)
    Entry.objects.create(verb="rehearsal.begun", actor_kind="person", actor_id=owner.pk)
    assert shown(browser).count(DONE) == before + 2


def test_today_leads_to_the_list_until_sign_up_has_opened(browser: Client, program: Program) -> None:
    assert LIST in browser.get("/staff/").content.decode()
    sent = browser.post(LIST, days(browser))
    cycle = Cycle.objects.get()
    assert (cycle.state, sent["Location"]) == ("recruiting", reverse("opening:share", args=[cycle.pk]))
    assert LIST not in browser.get("/staff/").content.decode()
    assert browser.get(LIST)["Location"] == reverse("opening:share", args=[cycle.pk])
    assert Program.objects.get().shown_at is not None


def test_its_pages_use_no_word_of_the_code(browser: Client, program: Program) -> None:
    pages = [LIST, reverse("opening:mails", args=[program.slug])]
    browser.post(LIST, days(browser))
    pages.append(reverse("opening:share", args=[Cycle.objects.get().pk]))
    pages += ["/staff/mail/many/", "/staff/mail/postal-address/"]
    for page in pages:
        said = strip_tags(browser.get(page, follow=True).content.decode())
        assert words.found(said) == [], page


def test_support_is_not_led_to_a_page_that_is_not_theirs(sierra: Society, program: Program) -> None:
    support = browser_of(make_staff(kind=StaffRole.Kind.SUPPORT, given="Sue"), sierra)
    assert LIST not in support.get("/staff/").content.decode()
    assert support.get(LIST).status_code == 404


def test_the_button_pressed_twice_opens_one_session(browser: Client, program: Program) -> None:
    said = days(browser)
    for _press in range(2):
        browser.post(LIST, said)
    assert Cycle.objects.count() == 1


def test_sign_up_opens_on_a_day_to_come(browser: Client, program: Program) -> None:
    tomorrow = clock.today() + timedelta(days=2)
    page = browser.post(LIST, days(browser, opens_on=tomorrow.isoformat()), follow=True).content.decode()
    assert Cycle.objects.get().sign_up_opens_on == tomorrow
    assert "Sign-up opens by itself on" in page


def test_a_session_that_was_prepared_is_the_one_that_opens(program: Program, owner: Person) -> None:
    today = date(2026, 12, 1)
    prepared = open_cycle(program=program, part="One-to-one", starts_on=date(2027, 2, 15), today=today, by=None)
    opened = open_sign_up(
        program=program, part="One-to-one", opens_on=today, starts_on=date(2027, 2, 22), today=today, by=owner
    )
    assert (opened.pk, opened.starts_on) == (prepared.pk, date(2027, 2, 22))
    assert opened.sign_up_closes_on == prepared.sign_up_closes_on + timedelta(days=7)


def test_a_session_too_near_to_sign_up_to_is_refused_and_nothing_is_left(program: Program, owner: Person) -> None:
    today = date(2026, 12, 1)
    with pytest.raises(DomainError, match="The last day to sign up would be November 24, 2026"):
        open_sign_up(
            program=program, part="One-to-one", opens_on=today, starts_on=date(2026, 12, 8), today=today, by=owner
        )
    assert not Cycle.objects.exists()


def test_the_day_that_is_proposed_leaves_time_to_sign_up() -> None:
    policy = templates.load("mentorship-in-medicine")
    assert proposed_start(policy, date(2026, 12, 1)) == date(2027, 2, 15)
    assert proposed_start(policy, date(2027, 2, 1)) == date(2027, 9, 15)
    rolling = templates.load("premed-mentorship")
    assert proposed_start(rolling, date(2020, 1, 1)) == (rolling.first_cycle.starts if rolling.first_cycle else None)


@pytest.mark.parametrize("name", templates.names())
def test_every_template_has_its_first_mails_and_nothing_of_them_stays(name: str, owner: Person) -> None:
    program = create_program(policy=templates.load(name), by=None)
    found = first.first_mails(program, viewer=owner)
    assert len(found) >= 4
    assert len({each.letter.subject for each in found}) == len(found)
    for each in found:
        assert program.name in each.letter.text
        links = each.letter.html.partition("<body")[2].split('href="http')[1:]
        assert links
        assert all(f"/programs/{program.slug}/" in link.partition('"')[0] for link in links), "they let nobody in"
    assert not Person.objects.exclude(pk=owner.pk).exists()
    assert not Enrollment.objects.exists()
    assert not OutboxMail.objects.exists()
    assert not Cycle.objects.exists()


def test_all_of_them_go_to_whoever_asked_and_to_nobody_else(browser: Client, owner: Person, program: Program) -> None:
    where = reverse("opening:mails", args=[program.slug])
    assert "Send me all 5" in browser.get(where).content.decode()
    for _press in range(2):
        browser.post(where)
    sent = list(OutboxMail.objects.all())
    assert ([each.recipient for each in sent], Entry.objects.filter(verb=first.SENT).count()) == ([owner.email] * 5, 1)
    assert browser.get(f"{where}1/")["Content-Security-Policy"].endswith("allow-popups-to-escape-sandbox")
    assert browser.get(f"{where}6/").status_code == 404


def test_whoever_runs_one_program_sees_no_list_of_another(sierra: Society, program: Program) -> None:
    other = create_program(policy=templates.load("premed-mentorship"), by=None)
    manager = browser_of(make_staff(kind=StaffRole.Kind.MANAGER, given="Pat", program_id=program.pk), sierra)
    page = shown(manager)
    assert program.name in page
    assert other.name not in page
    change_state(
        cycle=open_cycle(
            program=other, part="One-to-one", starts_on=clock.today() + timedelta(days=90), today=clock.today(), by=None
        ),
        to=Cycle.State.RECRUITING,
        by=None,
    )
    assert manager.get(LIST)["Location"] == "/staff/", "nothing of theirs is open, and nothing of another's is shown"
