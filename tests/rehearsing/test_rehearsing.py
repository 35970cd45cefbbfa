"""A rehearsal is a society of its own: whole, apart, ahead of time, and gone without a trace."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from chiron.console.services import add_operator
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.enrollment.biosketch import biosketch_of
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Goal, Meeting, Mentorship, Question
from programs.policy import templates
from programs.policy.document import store_policy
from programs.policy.models import Cycle, Program
from programs.policy.services import change_state, create_program, open_cycle
from programs.rehearsing import acting
from programs.rehearsing.entering import way_in
from programs.rehearsing.people import HOST, invented_for
from programs.rehearsing.services import begin_rehearsal, parts_to_rehearse, sign_up
from programs.rehearsing.showing import session, steps
from programs.renewing.services import prepare_next
from programs.surveys.models import Wave
from tenants import context, due, rehearsals
from tenants.archive.leaving import drop_who_left
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person, StaffRole
from tenants.people.services import grant_role
from tests.beside.smtp import MailServer
from tests.factories.programs import TEMPLATES, make_person
from tests.factories.staff import browser_of

State = Enrollment.State
pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture
def me(sierra: Society) -> Person:
    person = make_person("Maria", "Lopez")
    grant_role(person=person, kind=StaffRole.Kind.MANAGER, by=None)
    return person


@pytest.fixture
def program(sierra: Society) -> Program:
    return create_program(policy=templates.load(TEMPLATES["sierra"]), by=None)


@pytest.fixture
def rehearsal(sierra: Society, program: Program, me: Person) -> Society:
    return begin_rehearsal(program=program, part="One-to-one", society=sierra, by=me)


@pytest.fixture
def empty(sierra: Society, me: Person) -> Society:
    """A rehearsal of nothing, in which only its days pass."""
    rehearsal = rehearsals.begin(of=sierra, by=me, owner=False)
    with context.society(rehearsal):
        acting.plan_next_day()
    return rehearsal


@contextmanager
def inside(rehearsal: Society) -> Iterator[Cycle]:
    """As it stands by now."""
    with context.society(rehearsal.pk):
        cycle = session()
        assert cycle is not None
        yield cycle


def let_pass(rehearsal: Society, days: int) -> None:
    """As the button does, with the worker at hand."""
    rehearsals.let_time_pass(rehearsal=rehearsal, days=days)
    rehearsals.pass_time(str(rehearsal.pk))


def fresh(rehearsal: Society) -> Society:
    with context.platform():
        return Society.objects.get(pk=rehearsal.pk)


def browser_of_rehearsal(rehearsal: Society, person: Person) -> Client:
    """A browser in which whoever rehearses has gone in."""
    browser = Client(headers={"host": rehearsal.host})
    browser.post(f"/{way_in(rehearsal, person).partition(rehearsal.host)[2].partition('/')[2]}")
    return browser


def bring_together(rehearsal: Society) -> None:
    """What staff do at the desk."""
    with inside(rehearsal) as cycle:
        cycle = change_state(cycle=cycle, to=Cycle.State.MATCHING, by=None)
        publish(run=suggest_pairs(cycle=cycle, by=None), by=None)


@pytest.mark.parametrize("name", templates.names())
def test_the_form_of_every_program_that_ships_can_be_filled_in(sierra: Society, name: str) -> None:
    policy = templates.load(name)
    program = create_program(policy=policy, by=None)
    for part in parts_to_rehearse(policy):
        cycle = open_cycle(
            program=program, part=part.name, starts_on=clock.today() + 40 * A_DAY, today=clock.today(), by=None
        )
        cycle = change_state(cycle=cycle, to=Cycle.State.RECRUITING, by=None)
        Person.objects.update(email="")  # of the part before: the same people again
        people = list(invented_for(part, cycle.starts_on, sierra.time_zone))
        assert {each.role for each in people} == part.roles.keys()
        first = {each.role: each for each in reversed(people)}
        signed_up = [sign_up(each, cycle, Random(0)) for each in first.values()]
        assert {each.state for each in signed_up} <= {State.ELIGIBLE, State.APPLIED, State.WAITLISTED}


def test_everybody_in_it_is_invented_and_nothing_of_it_is_in_the_society(
    sierra: Society, me: Person, rehearsal: Society
) -> None:
    assert not Enrollment.objects.exists()
    assert list(Person.objects.all()) == [me]
    with inside(rehearsal) as cycle:
        assert cycle.enrollments.filter(role=Role.MENTOR).count() == 10
        assert cycle.enrollments.filter(role=Role.MENTEE, state=State.ELIGIBLE).count() == 11
        refused = cycle.enrollments.get(state=State.NOT_ELIGIBLE)
        assert refused.decision["reasons"]
        others = Person.objects.exclude(email=me.email).values_list("email", flat=True)
        assert {address.partition("@")[2] for address in others} == {HOST}


def test_what_others_read_of_somebody_follows_their_answers(rehearsal: Society) -> None:
    with inside(rehearsal) as cycle:
        for each in cycle.enrollments.select_related("person"):
            read = biosketch_of(each.person, each.answers, each.role).text
            assert all(word in read for word in each.answers["aspects"]), read


def test_a_session_is_lived_through_to_its_report(rehearsal: Society, mail_server: MailServer, me: Person) -> None:
    bring_together(rehearsal)
    let_pass(rehearsal, 1)
    with inside(rehearsal) as cycle:
        assert clock.today() == clock.everywhere().date() + A_DAY
        assert set(cycle.mentorships.values_list("state", flat=True)) == {Mentorship.State.PROPOSED}
    let_pass(rehearsal, 7)
    with inside(rehearsal) as cycle:
        states = list(cycle.mentorships.values_list("state", flat=True))
        assert states.count(Mentorship.State.ACTIVE) >= 4
        assert Mentorship.State.DECLINED in states
        assert Mentorship.State.PROPOSED in states  # somebody is silent
        lasts = (cycle.ends_on - clock.today()).days
    told = []
    for _month in range(lasts // 30 + 2):
        let_pass(rehearsal, 30)
        with inside(rehearsal) as cycle:
            told.append(next(step for step in steps(cycle) if not step.done))
    ends = f"until the session ends on {date_format(cycle.ends_on, 'F j, Y')}"
    assert ends in told[0].words
    assert "read the page for the board" in told[-1].words
    assert told[-1].url.endswith("/report/")
    report = browser_of_rehearsal(fresh(rehearsal), me).get(told[-1].url).content.decode()
    again = re.search(r"Would take part again: (\d+) of (\d+)", report)
    assert again, "answered by enough"
    assert int(again[1]) > int(again[2]) / 2, "most are content"
    with inside(rehearsal) as cycle:
        assert quiet_once(cycle)
        assert Meeting.objects.filter(mentorship__cycle=cycle).count() >= 10
        assert Goal.objects.filter(mentorship__cycle=cycle).exists()
        (survey,) = Wave.objects.filter(cycle=cycle, moment="end")
        assert survey.closed_at is not None
        assert 0 < sum(survey.answered.values()) < sum(survey.asked.values())
        written = OutboxMail.objects.exclude(state=OutboxMail.State.CANCELED)
        assert written.exclude(recipient=me.email).count() > 40
        assert {mail.state for mail in written} == {OutboxMail.State.SENT}
        renewal = prepare_next(last=cycle, by=Person.objects.get(email=me.email), write=True)
        days = max(0, (renewal.coming.sign_up_opens_on - clock.today()).days)
    for step in [60] * (days // 60) + [days % 60 + 7]:
        let_pass(rehearsal, step)
    with inside(rehearsal) as coming:
        assert coming.enrollments.count() > 4
    assert {message["To"].addresses[0].addr_spec for message in mail_server.taken} == {me.email}
    assert all("Rehearsal" in str(message["Subject"]) for message in mail_server.taken)


def quiet_once(cycle: Cycle) -> bool:
    """Whether anybody was asked more than once without a word."""
    asked = Question.objects.filter(mentorship__cycle=cycle, words=None)
    return max(Counter(asked.values_list("mentorship", flat=True)).values(), default=0) > 1


def test_what_is_due_happens_on_its_day_and_in_its_order(empty: Society, monkeypatch: pytest.MonkeyPatch) -> None:
    lived = []
    monkeypatch.setattr(acting, "live_a_day", lambda: lived.append(clock.now()))
    let_pass(empty, 30)
    assert len(lived) == 30
    gaps = {round((after - before) / A_DAY, 2) for before, after in pairwise(lived)}
    assert gaps <= {0.96, 1.0, 1.04}  # the clocks of that zone may change on the way


def test_the_society_goes_on_in_its_own_time(sierra: Society, empty: Society) -> None:
    due.schedule("rehearsal.day", "sierra's", at=clock.now() + 3 * A_DAY)
    let_pass(empty, 30)
    with context.platform():
        assert Due.objects.get(society=sierra).due_at > clock.now() + 2 * A_DAY
    assert clock.now() - clock.everywhere() < timedelta(minutes=1)


def test_a_second_press_while_time_passes_changes_nothing(empty: Society) -> None:
    until = rehearsals.let_time_pass(rehearsal=empty, days=7)
    assert rehearsals.let_time_pass(rehearsal=empty, days=30) == until
    rehearsals.pass_time(str(empty.pk))
    rehearsals.pass_time(str(empty.pk))  # a message that came twice
    assert timedelta(days=7) - fresh(empty).clock_ahead < timedelta(minutes=1)


def test_a_page_that_waits_for_a_day_is_read_anew_once_it_is_there(empty: Society, me: Person) -> None:
    there, waits = browser_of_rehearsal(empty, me), {"HX-Request": "true"}
    rehearsals.let_time_pass(rehearsal=empty, days=1)
    assert "HX-Refresh" not in there.get("/staff/rehearsal/", headers=waits).headers
    rehearsals.pass_time(str(empty.pk))
    assert there.get("/staff/rehearsal/", headers=waits).headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in there.get("/staff/rehearsal/").headers


def test_a_worker_that_died_on_the_way_is_followed_by_another(empty: Society) -> None:
    rehearsals.let_time_pass(rehearsal=empty, days=3)
    job = rehearsals._next(str(empty.pk))
    assert job is not None  # and here it died, with the day half over
    with context.platform():
        Due.objects.filter(pk=job.id).update(due_at=clock.now())  # its lease is over
    rehearsals.pass_time(str(empty.pk))
    assert fresh(empty).passing_until is None


def test_no_rehearsal_within_a_rehearsal_and_no_step_without_an_end(empty: Society, me: Person) -> None:
    with pytest.raises(DomainError, match="a rehearsal already"):
        rehearsals.begin(of=empty, by=me, owner=False)
    for days in (0, -1, 400):
        with pytest.raises(DomainError, match="steps of a day"):
            rehearsals.let_time_pass(rehearsal=empty, days=days)


def test_whoever_has_no_address_is_told_why_they_cannot_rehearse(sierra: Society) -> None:
    with pytest.raises(DomainError, match="no mail address"):
        rehearsals.begin(of=sierra, by=make_person("Nora", email=""), owner=False)


def test_operators_do_not_count_it(sierra: Society, empty: Society) -> None:
    with context.platform():
        operator = Client(headers={"host": "localhost"})
        operator.force_login(add_operator(email="op@chiron.example.org", name="Op Lee").account)
    listed = operator.get("/console/").content.decode()
    assert sierra.name in listed
    assert empty.slug not in listed


def test_its_pages_say_what_it_is_and_its_link_lets_one_person_in_by_a_button(
    sierra: Society, empty: Society, me: Person
) -> None:
    browser = Client(headers={"host": empty.host})
    assert "Allow" not in browser.get("/robots.txt").content.decode()
    path = way_in(empty, me).partition(empty.host)[2].partition("/")[2]
    assert browser.get("/staff/rehearsal/").status_code == 302
    page = browser.get(f"/{path}")
    assert "Go in" in page.content.decode()
    assert browser.get("/staff/rehearsal/").status_code == 302  # the link alone did nothing
    assert browser.post(f"/{path}").headers["Location"] == "/staff/rehearsal/"
    there = browser.get("/staff/rehearsal/").content.decode()
    assert "everybody here is invented" in there
    assert "A month" in there
    assert browser.get("/staff/programs/").status_code == 200
    stranger = Client(headers={"host": sierra.host})
    assert stranger.get(f"/{path}").status_code == 404  # the same link, on another host
    with context.platform():
        Society.objects.filter(pk=empty.pk).update(clock_ahead=A_DAY)
    assert browser.get(f"/{path}").status_code in (200, 409, 410, 422)
    assert "Go in" not in browser.get(f"/{path}").content.decode()  # it has expired


def test_it_is_said_that_evenings_cannot_be_rehearsed(sierra: Society, program: Program, me: Person) -> None:
    where = reverse("rehearsing:begin", args=[program.slug])
    client = browser_of(me, sierra)
    evenings = [part.name for part in program.versions.get().policy.parts if part.format == "speed"]
    assert f"Not in a rehearsal: {', '.join(evenings)}." in client.get(where).content.decode()
    document = store_policy(program.versions.get().policy)
    document["parts"] = [part for part in document["parts"] if part["format"] == "speed"]
    document["source"]["ours"] = []
    program.versions.update(document=document)
    assert "this program has evenings alone" in client.get(where).content.decode()


def test_no_form_leads_where_a_browser_would_not_follow(sierra: Society, program: Program, me: Person) -> None:
    where = reverse("rehearsing:begin", args=[program.slug])
    manager = browser_of(me, sierra)
    page = manager.post(where, {"part": "One-to-one"}, follow=True)
    assert page.redirect_chain == [(where, 302)], "forms stay on the host"
    assert "Your rehearsal is ready." in page.content.decode()
    made = rehearsals.of_person(sierra, me)
    assert made is not None
    there = browser_of_rehearsal(made, me)
    overview = there.get("/staff/rehearsal/")
    ended = there.post("/staff/rehearsal/end/").headers["Location"]
    assert f"form-action 'self' {ended.removesuffix('staff/programs/')};" in overview.headers["Content-Security-Policy"]


@pytest.mark.django_db(transaction=True)
def test_it_goes_without_a_trace(lakes: Society) -> None:
    from tenants.provisioning.spares import make_spare

    make_spare()
    with context.society(lakes):
        program = create_program(policy=templates.load(TEMPLATES["sierra"]), by=None)
        ann = Person.objects.get()
        rehearsal = begin_rehearsal(program=program, part="One-to-one", society=lakes, by=ann)
        schema = rehearsal.schema_name
    with context.society(rehearsal):
        assert Enrollment.objects.count() == 22
    rehearsals.end(rehearsal=rehearsal)
    rehearsals.end(rehearsal=rehearsal)
    assert Client(headers={"host": rehearsal.host}).get("/").status_code == 404
    assert drop_who_left() == [rehearsal.slug]
    with context.platform():
        assert not Society.objects.filter(pk=rehearsal.pk).exists()
        assert not Due.objects.filter(society_id=rehearsal.pk).exists()
        assert Society.objects.filter(schema_name=schema).count() == 0
        assert Society.objects.filter(pk=lakes.pk).exists()


def test_each_mail_of_a_rehearsal_opens_as_the_letter_and_none_of_a_society_does(
    sierra: Society, program: Program, rehearsal: Society, me: Person
) -> None:
    manager = browser_of(me, sierra)
    page = manager.get(reverse("rehearsing:begin", args=[program.slug])).content.decode()
    assert "every other letter opens on the page “Mail”" in page
    bring_together(rehearsal)
    there = browser_of_rehearsal(rehearsal, me)
    with inside(rehearsal):
        mail = OutboxMail.objects.filter(template="mentorship_asked")[0]
    listed = there.get("/staff/mail/").content.decode()
    assert f"/staff/mail/{mail.pk}/letter/" in listed
    letter = there.get(f"/staff/mail/{mail.pk}/letter/").content.decode()
    assert mail.recipient_name in letter
    assert mail.text.splitlines()[2].strip()[:40] in letter
    shown = there.get(f"/staff/mail/{mail.pk}/letter/html/")
    assert shown.content.decode() == mail.html
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    real = OutboxMail.objects.create(template="x", recipient="a@example.org", subject="Hello", text="Hello", sender="s")
    assert "Hello" in manager.get("/staff/mail/").content.decode()
    for address in ("letter/", "letter/html/"):
        assert manager.get(f"/staff/mail/{real.pk}/{address}").status_code == 404
        assert address not in manager.get("/staff/mail/").content.decode()


def test_where_staff_decide_about_each_sign_up_a_button_lets_all_others_in(sierra: Society, me: Person) -> None:
    program = create_program(policy=templates.load(TEMPLATES["northstar"]), by=None)
    made = begin_rehearsal(program=program, part="One-to-one", society=sierra, by=me)
    there = browser_of_rehearsal(made, me)
    assert "Let all 21 in" in there.get("/staff/rehearsal/").content.decode()
    for _twice in range(2):
        there.post("/staff/rehearsal/let-in/")
    overview = there.get("/staff/rehearsal/").content.decode()
    assert "You have decided about everybody." in overview
    assert "let-in" not in overview
    bring_together(made)
    with inside(made) as cycle:
        assert cycle.mentorships.count() == 10
        assert OutboxMail.objects.filter(template="sign_up_decided").count() == 21


def test_where_the_rules_decide_there_is_nobody_to_let_in(rehearsal: Society, me: Person) -> None:
    assert "Who may take part" not in browser_of_rehearsal(rehearsal, me).get("/staff/rehearsal/").content.decode()
