"""What has to be agreed to first: kept for good, asked of whom staff brought, and again where a text is new."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chiron.kernel.errors import DomainError
from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.agreements.models import Agreed
from programs.enrollment.adopting import adopt_settings
from programs.enrollment.agreeing import agree, owed_by, owed_for
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.services import apply_rules, withdraw
from programs.mentorships.links import link_for
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.services import answer_yes, mentor_and_mentee
from programs.policy.document import restore_policy, store_policy
from programs.policy.models import Cycle, PolicyVersion
from programs.policy.services import publish_version
from tenants.audit.models import Entry
from tenants.models import Society
from tests.design import words
from tests.desk.making import small_cycle, take_part
from tests.factories.programs import make_cycle
from tests.factories.staff import browser_of, make_staff
from tests.programs.answering import agree_to_all, sign_up_by_pages, ticked
from tests.programs.test_member_pages import open_session, signed_in

pytestmark = pytest.mark.django_db
Visitor = Callable[[str], Client]


@pytest.fixture
def brought(sierra: Society) -> tuple[Participation, Participation]:
    """A pair of two people whom staff brought; the mentor is asked, and nobody has agreed to anything."""
    publish(run=suggest_pairs(cycle=small_cycle(mentors=1, mentees=1, agrees=False), by=None), by=None)
    return mentor_and_mentee(Mentorship.objects.get())


def with_text(cycle: Cycle, text: str, *, bump: bool = True) -> PolicyVersion:
    """The program's next settings, in which the first agreement reads otherwise."""
    document = store_policy(cycle.version.policy)
    first = document["parts"][0]["agree"][0]
    first["text"], first["version"] = text, first.get("version", 1) + bump
    return publish_version(program=cycle.program, policy=restore_policy(document), by=None)


def test_whom_staff_brought_sees_only_the_texts_at_first(
    brought: tuple[Participation, Participation], sierra: Society
) -> None:
    mentor, mentee = brought
    client, pair = browser_of(mentor.person, sierra), f"/mentorships/{mentor.mentorship_id}/"
    home = client.get("/").content.decode()
    assert "Read and agree" in home
    assert mentee.person.name not in home
    assert client.get(pair).headers["Location"] == f"{pair}agree/"
    page = client.get(f"{pair}agree/").content.decode()
    assert mentee.person.name not in page
    assert mentor.mentorship.cycle.version.policy.time_commitment in page
    done = f"/sessions/{mentor.mentorship.cycle_id}/sign-up/mentor/done/"
    assert client.get(done).headers["Location"].endswith("/sign-up/mentor/agree/")
    assert client.post(f"{pair}yes/").status_code == 422
    with pytest.raises(DomainError, match="Read first what everybody"):
        answer_yes(participation=mentor)
    assert Participation.objects.get(pk=mentor.pk).answer == "waiting"


def test_after_agreeing_the_question_is_there(brought: tuple[Participation, Participation], sierra: Society) -> None:
    mentor, mentee = brought
    client, pair = browser_of(mentor.person, sierra), f"/mentorships/{mentor.mentorship_id}/"
    boxes = ticked(client.get(f"{pair}agree/").content.decode())
    first_box = {"agree-0": boxes["agree-0"]}
    assert client.post(f"{pair}agree/", first_box).status_code == 422
    assert not Agreed.objects.exists()
    for _twice in range(2):  # a double click
        assert client.post(f"{pair}agree/", boxes).headers["Location"] == pair
    said = list(Agreed.objects.all())
    assert [(each.person, each.name, each.version, each.how) for each in said] == [
        (mentor.person, "conduct", 1, "first_visit"),
        (mentor.person, "time_commitment", 1, "first_visit"),
    ]
    assert mentee.person.name in client.get(pair).content.decode()
    client.post(f"{pair}yes/")
    assert Participation.objects.get(pk=mentor.pk).answer == "yes"
    entries = Entry.objects.filter(verb="agreement.agreed")
    assert {entry.actor_id for entry in entries} == {mentor.person_id}
    assert entries.count() == 2


def test_by_the_link_of_a_mail_it_is_the_same_without_signing_in(
    brought: tuple[Participation, Participation], sierra: Society, visitor: Visitor
) -> None:
    mentor, mentee = brought
    client = visitor(sierra.host)
    link = link_for(mentor).partition(sierra.host)[2].partition("/")[2]
    pair = f"/{link}"
    first = client.get(pair, follow=True).content.decode()
    assert "Before you go on" in first
    assert mentee.person.name not in first
    assert agree_to_all(client, f"{pair}agree/").headers["Location"] == pair
    assert mentee.person.name in client.get(pair).content.decode()


def test_who_would_rather_not_need_not_agree(brought: tuple[Participation, Participation], sierra: Society) -> None:
    mentor, _mentee = brought
    client, pair = browser_of(mentor.person, sierra), f"/mentorships/{mentor.mentorship_id}/"
    assert f'href="{pair}not-this-one/"' in client.get(f"{pair}agree/").content.decode()
    client.post(f"{pair}not-this-one/", {"why": "", "more": ""})
    assert Participation.objects.get(pk=mentor.pk).answer == "no"
    assert not Agreed.objects.exists()


def test_the_home_page_leads_there_and_back(sierra: Society) -> None:
    cycle = make_cycle()
    enrollment = take_part(cycle, Role.MENTEE, "Bo", agrees=False)
    client, page = browser_of(enrollment.person, sierra), f"/sessions/{cycle.pk}/sign-up/mentee/agree/"
    assert f'href="{page}"' in client.get("/").content.decode()
    assert agree_to_all(client, page).headers["Location"] == "/"
    assert "Read and agree" not in client.get("/").content.decode()
    assert client.get(page).headers["Location"].endswith("/done/")
    assert client.get(f"/sessions/{cycle.pk}/sign-up/mentee/done/").status_code == 200


def test_a_new_text_is_asked_for_again_and_the_old_yes_stays(sierra: Society) -> None:
    cycle = make_cycle()
    enrollment = take_part(cycle, Role.MENTEE, "Bo")
    assert owed_by(enrollment.person) == []
    before = list(Agreed.objects.values())
    cycle = adopt_settings(cycle=cycle, version=with_text(cycle, "Be kind, and be on time."), by=None)
    (again,) = owed_by(enrollment.person)
    assert [each.text for each in owed_for(again).agreements] == ["Be kind, and be on time."]
    agree(enrollment=again, agreed=owed_for(again).agreements)
    assert owed_by(enrollment.person) == []
    assert list(Agreed.objects.values())[: len(before)] == before
    assert [each.version for each in Agreed.objects.filter(name="conduct")] == [1, 2]


def test_a_text_that_was_changed_under_the_same_number_is_asked_for_too(sierra: Society) -> None:
    cycle = make_cycle()
    enrollment = take_part(cycle, Role.MENTEE, "Bo")
    adopt_settings(cycle=cycle, version=with_text(cycle, "Be kind.", bump=False), by=None)
    assert owed_by(enrollment.person) == [enrollment]


def test_a_box_that_was_ticked_under_an_older_text_counts_for_that_text_alone(sierra: Society) -> None:
    cycle = make_cycle()
    enrollment = take_part(cycle, Role.MENTEE, "Bo", agrees=False)
    client, page = browser_of(enrollment.person, sierra), f"/sessions/{cycle.pk}/sign-up/mentee/agree/"
    read_before = ticked(client.get(page).content.decode())
    adopt_settings(cycle=cycle, version=with_text(cycle, "Be kind, and be on time."), by=None)
    reply = client.post(page, read_before)
    assert reply.status_code == 422
    assert not Agreed.objects.exists()
    shown = reply.content.decode()
    assert "This text has changed since you opened the page." in shown
    assert "Be kind, and be on time." in shown
    assert re.findall(r'<input[^>]* name="agree-(\d)"[^>]* checked', shown) == ["1", "2"], "what they read stays ticked"
    assert client.post(page, ticked(shown)).headers["Location"] == "/"
    assert Agreed.objects.filter(text="Be kind, and be on time.").count() == 1


def test_one_yes_is_enough_for_both_roles_and_the_next_session(sierra: Society) -> None:
    cycle = make_cycle()
    enrollment = take_part(cycle, Role.MENTEE, "Bo")
    Enrollment.objects.create(
        cycle=cycle,
        person=enrollment.person,
        role=Role.MENTOR,
        signed_up_at=enrollment.signed_up_at,
        changed_at=enrollment.changed_at,
    )
    assert owed_by(enrollment.person) == []


def test_who_left_owes_nothing(sierra: Society) -> None:
    enrollment = take_part(make_cycle(), Role.MENTEE, "Bo", agrees=False)
    assert owed_by(enrollment.person) == [enrollment]
    withdraw(enrollment=enrollment, by=enrollment.person)
    assert owed_by(enrollment.person) == []


def test_an_attestation_at_the_first_visit_lets_the_rules_decide_anew(northstar: Society) -> None:
    cycle = make_cycle("northstar")
    enrollment = take_part(cycle, Role.MENTOR, "Bo", agrees=False, attests=None)
    Enrollment.objects.filter(pk=enrollment.pk).update(state=Enrollment.State.APPLIED)
    enrollment.refresh_from_db()
    assert apply_rules(enrollment=enrollment).state == Enrollment.State.TO_CHECK
    agree(enrollment=enrollment, agreed=owed_for(enrollment).agreements)
    now = Enrollment.objects.get(pk=enrollment.pk)
    assert now.answers["attests"] is True
    assert now.decision["answer"] == "yes"
    assert now.state == Enrollment.State.APPLIED  # people apply to be mentors here, and staff decide


def test_a_row_is_never_changed_and_never_deleted(sierra: Society) -> None:
    take_part(make_cycle(), Role.MENTEE, "Bo")
    said = Agreed.objects.all()
    for change in (said.delete, lambda: said.update(text="")):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()
    assert said.count() == 3


def test_staff_see_who_agreed_to_what_and_who_still_has_to(sierra: Society) -> None:
    cycle = make_cycle()
    open_one, done = (take_part(cycle, Role.MENTEE, given, agrees=given == "Bo") for given in ("Ada", "Bo"))
    client = browser_of(make_staff(program_id=cycle.program_id), sierra)
    page = f"/staff/programs/{cycle.program.slug}/agreements/"
    missing = client.get(page).content.decode()
    assert "Still to agree: 1" in missing
    assert "Ada Vega" in missing
    assert "Bo Vega" not in missing
    said = client.get(page, {"done": "yes"}).content.decode()
    assert "Bo Vega" in said
    assert "Ada Vega" not in said
    assert words.found(re.sub(r"<[^>]+>", " ", missing + said)) == []
    agree(enrollment=open_one, agreed=owed_for(open_one).agreements)
    assert "Nobody is missing" in client.get(page).content.decode()
    assert cycle.version.policy.time_commitment in said
    assert f"/staff/sign-ups/{done.pk}/" not in missing


def test_all_of_it_can_be_taken_out_as_a_sheet(sierra: Society) -> None:
    cycle = make_cycle()
    take_part(cycle, Role.MENTEE, "=Ada", agrees=False)
    take_part(cycle, Role.MENTOR, "Bo")
    staff = make_staff()
    page = f"/staff/programs/{cycle.program.slug}/agreements/sheet/"
    reply = browser_of(staff, sierra).post(page)
    assert "attachment" in reply["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert [(row["name"], row["role"], row["version"], bool(row["agreed at"])) for row in rows] == [
        ("'=Ada Vega", "mentee", "1", False),
        ("'=Ada Vega", "mentee", "1", False),
        ("'=Ada Vega", "mentee", "1", False),
        ("Bo Vega", "mentor", "1", True),
        ("Bo Vega", "mentor", "1", True),
    ]
    entry = Entry.objects.get(verb="agreements.taken_out")
    assert (entry.actor_id, entry.facts) == (staff.pk, {"agreed": 2, "still_open": 1})


def test_the_list_asks_the_same_number_of_questions_for_any_number_of_rows(sierra: Society) -> None:
    cycle = make_cycle()
    client = browser_of(make_staff(), sierra)
    page, counts = f"/staff/programs/{cycle.program.slug}/agreements/", []
    for number in range(4):
        take_part(cycle, Role.MENTEE, f"Kim{number}", agrees=number % 2 == 0)
        for shown in ("", "?done=yes"):
            with CaptureQueriesContext(connection) as queries:
                client.get(page + shown)
            counts.append((shown, len(queries)))
    assert len(set(counts[4:])) == 2


def test_a_change_of_answers_asks_for_the_texts_that_are_new_alone(sierra: Society, visitor: Visitor) -> None:
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    cycle = open_session(sierra)
    check = f"/sessions/{cycle.pk}/sign-up/mentee/check/"
    sign_up_by_pages(client, check.removesuffix("check/"))
    page = client.get(check).content.decode()
    assert ticked(page) == {}
    assert "What you agreed to before" in page
    assert client.post(check).headers["Location"].endswith("/done/")
    adopt_settings(cycle=cycle, version=with_text(cycle, "Be kind, and be on time."), by=None)
    page = client.get(check).content.decode()
    assert len(ticked(page)) == 1
    assert "Be kind, and be on time." in page
    assert client.post(check).status_code == 422
    assert client.post(check, ticked(page)).headers["Location"].endswith("/done/")
    assert [each.version for each in Agreed.objects.filter(name="conduct")] == [1, 2]
