"""What staff see of programs, sessions, sign-ups and people, and what their buttons do."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from chiron.kernel import clock
from programs.enrollment.models import Enrollment, SheetImport
from programs.enrollment.services import sign_up
from programs.policy import templates
from programs.policy.document import dump_policy
from programs.policy.models import Cycle, Program
from programs.policy.services import open_cycle
from tenants.models import Society
from tenants.people.models import Person, StaffRole
from tests.design import words
from tests.factories.programs import bring_samples, make_cycle, make_person, sample
from tests.factories.staff import browser_of, make_staff
from tests.programs.sending import sent

Kind = StaffRole.Kind


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def page(client: Client, address: str, *, status: int = 200, **query: object) -> str:
    reply = client.get(address, query)
    assert reply.status_code == status, reply.content
    text = reply.content.decode()
    assert words.found(_visible(text)) == []
    return text


def send(client: Client, address: str, **data: object) -> str:
    reply = client.post(address, data, follow=True)
    return reply.content.decode()


def _visible(html: str) -> str:
    """A page without its tags and addresses: what a person reads."""
    return re.sub(r"<[^>]+>", " ", html)


def upload(name: str = "sheet.csv", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/csv")


def someone(cycle: Cycle, given: str = "Ada", role: str = "mentee", **answers: object) -> Enrollment:
    """A sign-up that the rules let in."""
    person = make_person(given)
    return sign_up(cycle=cycle, person=person, role=role, answers={"stage": "resident", **answers}, by=person)


def test_a_program_starts_from_a_template_and_its_first_session_is_opened(sierra: Society, manager: Client) -> None:
    listing = page(manager, reverse("programs:programs"))
    assert "No program yet" in listing
    assert "A county society, for every stage" in page(manager, reverse("programs:choose"))
    template = reverse("programs:template", args=["mentorship-in-medicine"])
    assert "At least one meeting a month for five months" in page(manager, template)
    start = dict(sent(manager.get(template).context["form"]).lists()) | {"start": "yes"}
    assert "Open its first session next" in send(manager, template, **start)
    assert "There is a program at" in send(manager, template, **start)
    nameless = send(manager, template, **start | {"title": "導師"})
    assert "needs letters from A to Z" in nameless
    program = Program.objects.get()
    new = reverse("programs:new_session", args=[program.slug])
    assert "First day" in page(manager, new)
    assert "The session is prepared" in send(manager, new, part="One-to-one", starts_on="2027-02-15")
    cycle = Cycle.objects.get()
    assert (cycle.name, str(cycle.ends_on), cycle.state) == ("February 2027", "2027-07-15", "draft")
    board = reverse("sessions:move", args=[cycle.pk])
    assert "now stands at “Sign-up open”" in send(manager, board, to="recruiting")
    assert "cannot go to" in send(manager, board, to="closed")
    assert manager.post(board, {"to": "running"}).status_code == 404, "publishing pairs starts a session"


def test_dates_are_moved_but_not_the_wrong_way_round(sierra: Society, manager: Client) -> None:
    cycle = make_cycle()
    address = reverse("sessions:dates", args=[cycle.pk])
    days = {name: str(getattr(cycle, name)) for name in ("sign_up_opens_on", "sign_up_closes_on", "publish_on")}
    days |= {"starts_on": str(cycle.starts_on), "ends_on": str(cycle.ends_on)}
    page(manager, address)
    assert "wrong way round" in send(manager, address, **days | {"sign_up_closes_on": "2020-01-01"})
    assert "The dates are kept" in send(manager, address, **days | {"starts_on": "2027-02-20"})
    cycle.refresh_from_db()
    assert str(cycle.starts_on) == "2027-02-20"


def test_who_opens_sign_up_outside_of_its_days_is_told(sierra: Society, manager: Client) -> None:
    cycle = make_cycle(state=Cycle.State.DRAFT)
    Cycle.objects.update(
        state="draft",
        sign_up_opens_on=date(2120, 1, 5),
        sign_up_closes_on=date(2120, 2, 1),
        publish_on=date(2120, 2, 8),
        starts_on=date(2120, 2, 15),
        ends_on=date(2120, 7, 15),
    )
    told = send(manager, reverse("sessions:move", args=[cycle.pk]), to="recruiting")
    assert "People can sign up from January 5 to February 1" in told
    assert "Sign-up is planned to open on January 5" in told


def test_settings_are_looked_at_before_they_are_kept(sierra: Society, manager: Client) -> None:
    cycle = make_cycle()
    program = cycle.program
    address = reverse("programs:as_text", args=[program.slug])
    assert "chiron_policy: 1" in manager.get(address).content.decode()
    text = dump_policy(templates.load("mentorship-in-medicine"))
    same = send(manager, address, text=text, look="yes")
    assert "Nothing differs" in same
    wrong = send(manager, address, text=text.replace("runs_for: 5 months", "runs_for: some months"), look="yes")
    assert "is not a length of time" in wrong
    longer = text.replace("runs_for: 5 months", "runs_for: 6 months")
    looked = send(manager, address, text=longer, look="yes")
    assert "A session runs for: 5 months → 6 months" in looked
    assert program.versions.count() == 1
    kept = send(manager, address, text=longer, note="Five were too few", keep="yes")
    assert "Kept." in kept
    assert f"Still with earlier settings: {cycle.name}." in kept
    assert program.versions.count() == 2
    assert "Five were too few" in page(manager, reverse("programs:program", args=[program.slug]))


@pytest.mark.parametrize("day", ["0001-01-01", "2099-01-01"])
def test_a_session_starts_within_the_years_that_people_plan_for(sierra: Society, manager: Client, day: str) -> None:
    cycle = make_cycle()
    dates = {name: getattr(cycle, name).isoformat() for name in DATES}
    prepare = reverse("programs:new_session", args=[cycle.program.slug])
    move = reverse("sessions:dates", args=[cycle.pk])
    for reply in (
        manager.post(prepare, {"part": cycle.part, "starts_on": day, "name": "Another"}),
        manager.post(move, dates | {"starts_on": day, "ends_on": "2099-06-01"}),
    ):
        assert reply.status_code == 422
        assert "too far away: choose days from" in reply.content.decode()
    cycle.refresh_from_db()
    assert (Cycle.objects.count(), cycle.starts_on.isoformat()) == (1, dates["starts_on"])


def test_the_board_counts_and_every_number_opens_into_its_people(sierra: Society, manager: Client) -> None:
    cycle = make_cycle()
    assert "Nobody yet" in page(manager, reverse("sessions:board", args=[cycle.pk]))
    bring_samples("sierra", cycle)
    board = page(manager, reverse("sessions:board", args=[cycle.pk]))
    people = reverse("sessions:people", args=[cycle.pk])
    assert f'href="{people}?role=mentee&amp;state=eligible"' in board
    eligible = cycle.enrollments.filter(role="mentee", state="eligible").count()
    assert f"{eligible} sign-ups" in page(manager, people, role="mentee", state="eligible")
    someone_there = cycle.enrollments.select_related("person")[0].person
    assert someone_there.name in page(manager, people, q=someone_there.email)
    assert "Nobody like this" in page(manager, people, q="nobody at all")


def board_of(client: Client, cycle: Cycle, **changes: object) -> str:
    """The board as it stands after these changes."""
    Cycle.objects.filter(pk=cycle.pk).update(**changes)
    return page(client, reverse("sessions:board", args=[cycle.pk]))


def test_the_board_says_what_is_true_of_a_session(sierra: Society, manager: Client) -> None:
    cycle, today = make_cycle(), clock.today(sierra.zone)
    opens, later = today - timedelta(days=1), today + timedelta(days=40)
    is_open = board_of(manager, cycle, sign_up_opens_on=opens, publish_on=later, starts_on=later)
    assert "People can sign up by themselves, or" in is_open
    assert "Pairs are published" in is_open
    assert "People cannot sign up by themselves now" in board_of(manager, cycle, state=Cycle.State.MATCHING)
    published = board_of(manager, cycle, state=Cycle.State.RUNNING)
    assert f"Pairs published; starts {date_format(later, 'F j')}" in published
    assert "Running" not in published
    assert "Pairs are published" not in published
    for elsewhere in (reverse("programs:programs"), reverse("programs:program", args=[cycle.program.slug])):
        assert f"Pairs published; starts {date_format(later, 'F j')}" in page(manager, elsewhere)
    running = board_of(manager, cycle, starts_on=today)
    assert "Running" in running
    assert "btn-primary" not in running, "nothing but what runs"
    days = dict.fromkeys(("sign_up_opens_on", "sign_up_closes_on", "publish_on", "starts_on"), opens)
    assert "btn-primary" in board_of(manager, cycle, **days, ends_on=today)


def test_the_board_explains_those_buttons_alone_that_are_there(sierra: Society, manager: Client) -> None:
    cycle = make_cycle()
    support, committee = (browser_of(make_staff(kind, given=kind), sierra) for kind in (Kind.SUPPORT, Kind.COMMITTEE))
    said = {"the button that moves it on": [manager], "opens into its people": [manager, support]}
    for client in (manager, support, committee):
        text = board_of(client, cycle, state=Cycle.State.RECRUITING)
        assert {sentence for sentence in said if sentence in text} == {
            sentence for sentence in said if client in said[sentence]
        }


WAYS_IN = ("by_phone:start", "sheets:sign_ups", "invited:one", "invited:many")


def test_a_finished_session_takes_nobody_and_offers_no_way_in(sierra: Society, manager: Client) -> None:
    cycle = make_cycle()
    ways = [reverse(name, args=[cycle.pk]) for name in WAYS_IN]
    for open_one in ways[:2]:
        assert open_one in board_of(manager, cycle)
    someone(cycle)
    text = board_of(manager, cycle, state=Cycle.State.CLOSED)
    assert "Take sign-ups out" in text
    assert not [way for way in ways if way in text + page(manager, reverse("sessions:people", args=[cycle.pk]))]
    for way in ways:
        assert "is finished, so nobody can" in manager.get(way, follow=True).content.decode(), way
        assert "is finished, so nobody can" in send(manager, way, role="mentor", kind="pairs"), way
    assert "Invite one person" not in page(manager, reverse("invited:list", args=[cycle.pk]))


def test_a_session_that_runs_takes_pairs_by_sheet_and_nobody_by_phone(sierra: Society, manager: Client) -> None:
    cycle = make_cycle()
    text = board_of(manager, cycle, state=Cycle.State.RUNNING)
    assert reverse("by_phone:start", args=[cycle.pk]) not in text
    sheet = page(manager, reverse("sheets:sign_ups", args=[cycle.pk]))
    assert "Pairs that exist already" in sheet
    assert 'value="mentors"' not in sheet


def test_a_sign_up_that_cannot_be_told_is_decided_with_a_reason(sierra: Society, manager: Client) -> None:
    cycle = make_cycle()
    enrollment = someone(cycle, role="mentor", stage="mid career")
    assert enrollment.state == "to_check"
    assert enrollment.person.name in page(manager, reverse("today"))
    address = reverse("sessions:sign_up", args=[enrollment.pk])
    assert "The rules cannot tell yet" in page(manager, address)
    assert "Write down why" in send(manager, address, accept="yes", reason="  ")
    assert "can take part." in send(manager, address, accept="yes", reason="Guest of the dean")
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.decision["by_hand"]["reason"]) == ("eligible", "Guest of the dean")
    assert "Guest of the dean" in page(manager, address)
    assert "Nothing waits for you" in page(manager, reverse("today"))
    assert "cannot take part." in send(manager, address, refuse="yes", reason="Took back the invitation")
    enrollment.refresh_from_db()
    assert enrollment.state == "not_eligible"


def test_who_somebody_is_stays_out_of_what_staff_read(sierra: Society, manager: Client) -> None:
    enrollment = someone(
        make_cycle(), gender="nonbinary-planted", heritage="heritage-planted", interests=["rural-planted"]
    )
    text = page(manager, reverse("sessions:sign_up", args=[enrollment.pk]))
    assert "rural-planted" in text
    assert "nonbinary-planted" not in text
    assert "heritage-planted" not in text


def test_staff_see_as_many_places_as_the_program_allows(sierra: Society, manager: Client) -> None:
    enrollment = someone(make_cycle(), role="mentor", places=50)
    text = " ".join(_visible(page(manager, reverse("sessions:sign_up", args=[enrollment.pk]))).split())
    allowed = enrollment.cycle.settings.roles["mentor"].places.most
    assert f"Places {allowed} " in text
    assert "50" not in text


def test_a_sheet_is_looked_at_then_taken_once(sierra: Society, manager: Client) -> None:
    cycle = make_cycle()
    address = reverse("sheets:sign_ups", args=[cycle.pk])
    page(manager, address)
    reply = manager.post(address, {"kind": "mentees", "file": upload(content=sample("sierra-mentees"))})
    preview = reply.headers["Location"]
    assert "Take 120 rows" in page(manager, preview)
    assert (Enrollment.objects.count(), SheetImport.objects.get().applied_at) == (0, None)
    for _twice in range(2):
        assert "The sheet is taken" in send(manager, preview)
    assert Enrollment.objects.count() == 120
    again = manager.post(address, {"kind": "mentees", "file": upload(content=sample("sierra-mentees"))}, follow=True)
    assert "There is nothing to take" in again.content.decode()


def test_what_is_wrong_with_a_row_is_told_by_line_and_column(sierra: Society, manager: Client) -> None:
    address = reverse("sheets:roster")
    page(manager, address)
    rows = sample("sierra-roster").decode().splitlines()
    cells = rows[1].split(",")
    broken = [rows[0], ",".join(["", *cells[1:]]), rows[2]]
    reply = manager.post(address, {"file": upload(content="\n".join(broken).encode())})
    preview = page(manager, reply.headers["Location"])
    assert "left out" in preview
    assert "member_id" in preview
    assert "The sheet is taken" in send(manager, reply.headers["Location"])
    assert Person.objects.exclude(member_id="").count() == 1


PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 200
XLSX = b"PK\x03\x04" + b"\x00" * 200


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.png", PNG),
        ("members.xlsx", XLSX),
        ("empty.csv", b""),
        ("letter.csv", b"Dear members\nplease find attached\n"),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(
    sierra: Society, manager: Client, name: str, content: bytes
) -> None:
    reply = manager.post(reverse("sheets:roster"), {"file": upload(name, content)})
    assert reply.status_code == 422
    assert 'class="fault"' in reply.content.decode()
    assert (SheetImport.objects.count(), Person.objects.exclude(member_id="").count()) == (0, 0)


def test_people_are_found_by_any_word_of_theirs(sierra: Society, manager: Client) -> None:
    make_person("Ada", "Rivera", member_id="SI77")
    make_person("Grace", "Okafor")
    address = reverse("directory:people")
    for query in ("rivera", "ada riv", "SI77", "ADA.RIVERA@"):
        found = page(manager, address, q=query)
        assert "Ada Rivera" in found
        assert "Grace Okafor" not in found
    assert "Nobody of that name" in page(manager, address, q="zzz")


def test_a_manager_of_one_program_sees_its_people_alone(sierra: Society) -> None:
    cycle = make_cycle()
    mine = someone(cycle)
    stranger = make_person("Planted", "Stranger")
    client = browser_of(make_staff(program_id=cycle.program_id), sierra)
    listing = page(client, reverse("directory:people"))
    assert mine.person.name in listing
    assert "Planted Stranger" not in listing
    assert client.get(reverse("directory:person", args=[stranger.pk])).status_code == 404
    page(client, reverse("directory:person", args=[mine.person_id]))
    page(client, reverse("sessions:sign_up", args=[mine.pk]))
    assert client.get(reverse("sheets:roster")).status_code == 404
    other = browser_of(make_staff(given="Olga", program_id=uuid4()), sierra)
    assert mine.person.name not in page(other, reverse("directory:people"))
    for address in (
        reverse("sessions:board", args=[cycle.pk]),
        reverse("sessions:people", args=[cycle.pk]),
        reverse("sessions:sign_up", args=[mine.pk]),
        reverse("programs:program", args=[cycle.program.slug]),
        reverse("directory:person", args=[mine.person_id]),
    ):
        assert other.get(address).status_code == 404


def test_a_committee_sees_numbers_and_no_names(sierra: Society) -> None:
    cycle = make_cycle()
    mine = someone(cycle, "Planted")
    someone(cycle, "Waiting", role="mentor", stage="mid career")
    client = browser_of(make_staff(Kind.COMMITTEE), sierra)
    for address in (
        reverse("today"),
        reverse("programs:programs"),
        reverse("programs:program", args=[cycle.program.slug]),
        reverse("sessions:board", args=[cycle.pk]),
    ):
        text = page(client, address)
        assert "Planted" not in text
        assert "Waiting Rivera" not in text
    for address in (
        reverse("sessions:people", args=[cycle.pk]),
        reverse("sessions:sign_up", args=[mine.pk]),
        reverse("directory:people"),
    ):
        assert client.get(address).status_code == 404


DATES = ("sign_up_opens_on", "sign_up_closes_on", "publish_on", "starts_on", "ends_on")
LISTS = {"today": 22, "programs:programs": 16, "sessions:board": 19, "sessions:people": 19, "directory:people": 16}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_lists_ask_the_same_number_of_questions_for_any_number_of_rows(
    sierra: Society, manager: Client, count: int, name: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cycle = make_cycle()
    for number in range(count):
        starts = date(2030 + number, 2, 15)
        open_cycle(program=cycle.program, part="One-to-one", starts_on=starts, today=starts, by=None)
        someone(cycle, f"Mentee{number}")
        someone(cycle, f"Mentor{number}", role="mentor", stage="mid career")
    address = reverse(name, args=[cycle.pk] if name.startswith("sessions:") else [])
    with django_assert_num_queries(LISTS[name]):
        page(manager, address)
