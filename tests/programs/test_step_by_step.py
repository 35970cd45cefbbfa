"""A sign-up on its way: kept step by step, resumed, answered in two windows, and carried over to the next program."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from chiron.kernel import clock
from programs.agreements.models import Agreed
from programs.enrollment.drafts import FIRST, draft_of
from programs.enrollment.models import Enrollment
from programs.enrollment.services import sign_up
from programs.policy.document import Policy, load_policy
from programs.policy.models import Cycle
from programs.policy.services import change_state, create_program, move_dates, open_cycle
from programs.surveys.models import Response, Upload
from tenants.models import Society
from tenants.people.models import Person, StaffRole
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff
from tests.programs.answering import ANSWERS, MENTOR, WHO, agree_to_all, answer_questions, sign_up_by_pages
from tests.programs.test_member_pages import open_session, signed_in

Visitor = Callable[[str], Client]
ASKS = """\
chiron_policy: 1
title: Second program
purpose: To learn from each other.
time_commitment: an hour a month
contact: mentoring@example.org
calendar: {runs_for: 5 months}
parts:
  - name: Groups
    format: one_to_one
    matching: {weights: {specialty: 600, shared_interests: 400}}
    intake:
      both: [meeting_mode, languages]
      mentee:
        - ask: far
          text: How far would you go?
          kind: number
          show_when: answers.meeting_mode is one of [in person, either]
        - {ask: cv, text: Would you like to send a CV?, kind: file}
        - aspects_wanted
      mentor: [aspects_offered]
"""


def second_session(society: Society, text: str = ASKS) -> Cycle:
    """A session of another program, which asks other things and some of the same."""
    policy: Policy = load_policy(text)
    program, today = create_program(policy=policy, by=None), clock.today(society.zone)
    cycle = open_cycle(
        program=program, part="Groups", starts_on=today.replace(year=today.year + 1), today=today, by=None
    )
    cycle = move_dates(cycle=cycle, by=None, sign_up_opens_on=today, sign_up_closes_on=today)
    return change_state(cycle=cycle, to=Cycle.State.RECRUITING, by=None)


def begin(client: Client, cycle: Cycle, role: str = "mentee", who: Mapping[str, Any] = WHO) -> str:
    """The first page of a sign-up, sent; returns where it is."""
    first = f"/sessions/{cycle.pk}/sign-up/{role}/"
    assert client.post(first, who).status_code == 302
    return first


def test_leaving_and_coming_back_loses_nothing(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = begin(client, cycle)
    at = client.get(f"{first}questions/").headers["Location"]
    client.post(at, ANSWERS)
    after = client.get(f"{first}questions/").headers["Location"]
    assert after != at
    again = signed_in(visitor(sierra.host), "bo.reed@example.org")
    assert again.get(f"{first}questions/").headers["Location"] == after
    assert again.get(first).context["form"].initial["stage"] == "resident"
    assert Enrollment.objects.count() == 0


def test_a_question_comes_only_where_an_earlier_answer_asks_for_it(sierra: Society, visitor: Visitor) -> None:
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = begin(client, second_session(sierra))
    online = answer_questions(client, first, ANSWERS | {"meeting_mode": "virtual"})
    assert online == ["meeting_mode", "languages", "cv", "aspects_wanted"]
    page = client.post(f"{first}questions/meeting_mode/", {"meeting_mode": "either", "check": "yes"})
    assert page.headers["Location"] == f"{first}check/"
    assert client.get(f"{first}check/").headers["Location"] == f"{first}questions/", "the new one is open"
    assert answer_questions(client, first, {"far": "12"}) == ["far"]
    assert client.post(f"{first}questions/meeting_mode/", {"meeting_mode": "virtual"}).status_code == 302
    client.post(f"{first}check/")
    assert "far" not in Enrollment.objects.get().answers["extra"], "what is not asked is not sent"


def test_an_answer_of_another_window_is_told_and_neither_is_lost(sierra: Society, visitor: Visitor) -> None:
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = begin(client, open_session(sierra))
    where = f"{first}questions/meeting_mode/"
    stamp = client.get(where).context["stamp"]
    assert client.post(where, {"meeting_mode": "either", "stamp": stamp}).status_code == 302
    page = client.post(where, {"meeting_mode": "virtual", "stamp": stamp})
    assert page.status_code == 409
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))
    assert "In the other window: either" in text
    assert 'value="virtual" id="id_meeting_mode_1" checked' in page.content.decode(), "what was chosen here stands"
    assert Response.objects.get().answers["meeting_mode"] == {"meeting_mode": "either"}
    assert client.post(where, {"meeting_mode": "virtual", "stamp": page.context["stamp"]}).status_code == 302
    assert Response.objects.get().answers["meeting_mode"] == {"meeting_mode": "virtual"}


def test_answers_carry_over_to_another_program_with_a_word_where_from(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    sign_up_by_pages(client, f"/sessions/{cycle.pk}/sign-up/mentee/")
    first = begin(client, second_session(sierra))
    assert answer_questions(client, first, {}) == ["far", "cv"], "only what was never asked"
    text = client.get(f"{first}check/").content.decode()
    assert f"from your sign-up for {cycle.program.name}, {cycle.name}" in text
    page = client.get(f"{first}questions/languages/").content.decode()
    assert f"Filled in from your sign-up for {cycle.program.name}, {cycle.name}." in page
    assert client.post(f"{first}check/").status_code == 302
    carried = Enrollment.objects.get(cycle__program__name="Second program").answers
    assert (carried["languages"], carried["aspects"], carried["meeting_mode"]) == (["English"], ["research"], "either")


def test_facts_told_once_stand_on_every_first_page(sierra: Society, visitor: Visitor) -> None:
    asks = ASKS.replace("    intake:", "    eligible: {mentee: years_since_training at least 1}\n    intake:")
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    told = {"stage": "early career", "training_completed_on": "6/2024", "stage_ends_on": "6/2035"}
    first = begin(client, second_session(sierra, asks), who=WHO | told)
    assert answer_questions(client, first, ANSWERS)
    agree_to_all(client, f"{first}check/")
    assert Enrollment.objects.count() == 1
    third = second_session(sierra, asks.replace("Second program", "Third program"))
    form = client.get(f"/sessions/{third.pk}/sign-up/mentee/").context["form"]
    shown = {name: form[name].value() for name in told}
    assert shown == {
        "stage": "early career",
        "training_completed_on": date(2024, 6, 1),
        "stage_ends_on": date(2035, 6, 1),
    }
    begin(client, third, who=WHO | told)
    draft = draft_of(Person.objects.get(email="bo.reed@example.org"), third, "mentee")
    assert draft is not None
    assert draft.answers[FIRST]["training_completed_latest"] == "2024-06-30", "a month stays one"


def test_what_a_mentee_wants_is_not_what_the_same_person_offers(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    sign_up_by_pages(client, f"/sessions/{cycle.pk}/sign-up/mentee/")
    first = begin(client, cycle, "mentor")
    came = answer_questions(client, first, MENTOR)
    assert "aspects_offered" in came
    assert "languages" not in came


def test_an_answer_that_no_longer_fits_is_asked_again_with_what_was_said(sierra: Society, visitor: Visitor) -> None:
    person = make_person("Ada", "Stone", email="ada.stone@example.org", stage="resident")
    person.roster, person.on_roster_since = {"languages": ["Klingon"], "specialty": "Neurology"}, clock.now()
    person.save()
    client = signed_in(visitor(sierra.host), "ada.stone@example.org")
    first = begin(client, open_session(sierra), who=WHO | {"given_name": "Ada", "family_name": "Stone"})
    came = answer_questions(client, first)
    assert "languages" in came
    assert "specialty" not in came
    assert Response.objects.get().sources["specialty"] == "the membership list"


def test_who_somebody_is_is_not_carried_over_before_they_said_who_may_see_it(sierra: Society, visitor: Visitor) -> None:
    person = make_person("Ada", "Stone", email="ada.stone@example.org", stage="resident")
    sheet = {"stage": "resident", "heritage": "Hmong", "languages": ["English"]}
    sign_up(cycle=open_session(sierra), person=person, role="mentee", answers=sheet, by=None)
    asks = ASKS.replace("both: [meeting_mode, languages]", "both: [meeting_mode, languages, identity_if_i_wish]")
    client = signed_in(visitor(sierra.host), "ada.stone@example.org")
    first = begin(client, second_session(sierra, asks))
    shown = client.get(f"{first}questions/identity_if_i_wish/").context["form"]
    assert (shown.initial["heritage"], shown.initial["heritage-who_sees"]) == ("Hmong", "figures")
    said = {"heritage": "Hmong", "heritage-who_sees": "preference"}
    came = answer_questions(client, first, ANSWERS | said)
    assert "identity_if_i_wish" in came
    assert "languages" not in came
    client.post(f"{first}check/")
    extra = Enrollment.objects.get(cycle__program__name="Second program").answers["extra"]
    assert extra["who_sees"] == {"heritage": "preference"}


def test_a_draft_that_is_kept_follows_the_answers_and_an_own_text_stays(sierra: Society, visitor: Visitor) -> None:
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = begin(client, open_session(sierra))
    came = answer_questions(client, first, ANSWERS | {"biosketch": "", "specialty": "Neurology"})
    assert came[-1] == "about_me", "it comes last, when there is something to draft from"
    where = f"{first}questions/about_me/"
    drafted = client.get(where).context["drafted"]
    assert drafted.startswith("I am a resident in neurology.")
    assert "This is what the other will read" in client.get(where).content.decode()
    assert client.get(f"{where}?own=yes").context["form"].initial["biosketch"] == drafted
    client.post(where, {"biosketch": drafted})
    agree_to_all(client, f"{first}check/")
    person = Person.objects.get(email="bo.reed@example.org")
    assert person.biosketch == "", "kept as it was drafted"
    assert drafted.split(".")[0] in client.get("/me/").content.decode()
    client.post(where, {"biosketch": "Mine alone."})
    assert "Empty the box, and the other reads this instead." in client.get(where).content.decode()
    agree_to_all(client, f"{first}check/")
    person.refresh_from_db()
    assert person.biosketch == "Mine alone."


def test_who_somebody_is_does_not_slip_into_their_own_words(sierra: Society, visitor: Visitor) -> None:
    """A match may read it; own words are read by whoever finds them."""
    text = ASKS.replace("both: [meeting_mode, languages]", "both: [meeting_mode, languages, identity_if_i_wish]")
    cycle = second_session(
        sierra, text.replace("        - aspects_wanted\n", "        - aspects_wanted\n        - about_me\n")
    )
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = begin(client, cycle)
    own = {"biosketch": "", "heritage": "Hmong", "heritage-who_sees": "match"}
    answer_questions(client, first, ANSWERS | own)
    where = f"{first}questions/about_me/"
    assert "Hmong" in client.get(where).context["drafted"]
    begun = client.get(f"{where}?own=yes").context["form"].initial["biosketch"]
    assert begun.startswith("I am a resident.")
    assert "Hmong" not in begun
    client.post(where, {"biosketch": begun})
    assert client.get(where).context["form"].initial.get("biosketch", "") == "", "unchanged, it follows the answers"


def test_questions_left_empty_are_not_asked_again(sierra: Society, visitor: Visitor) -> None:
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = begin(client, open_session(sierra))
    answer_questions(client, first)
    page = client.get(f"{first}check/").content.decode()
    assert "left empty" in page
    assert answer_questions(client, first) == []


def test_nobody_signs_up_past_an_open_question_or_a_promise(sierra: Society, visitor: Visitor) -> None:
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = begin(client, open_session(sierra))
    assert agree_to_all(client, f"{first}check/").headers["Location"] == f"{first}questions/"
    answer_questions(client, first)
    assert client.post(f"{first}check/", {}).status_code == 422
    assert Enrollment.objects.count() == 0


def test_when_somebody_agreed_is_kept(sierra: Society, visitor: Visitor) -> None:
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    cycle = open_session(sierra)
    sign_up_by_pages(client, f"/sessions/{cycle.pk}/sign-up/mentee/")
    said = Agreed.objects.filter(person=Enrollment.objects.get().person)
    assert [(each.name, each.version, each.session, each.how) for each in said] == [
        ("adult", 1, cycle.name, "sign_up"),
        ("conduct", 1, cycle.name, "sign_up"),
        ("time_commitment", 1, cycle.name, "sign_up"),
    ]
    assert cycle.version.policy.time_commitment in said[2].text
    assert all(clock.now() - each.agreed_at < timedelta(minutes=1) for each in said)


@pytest.fixture
def brought(sierra: Society, visitor: Visitor, settings: Settings, tmp_path: Path) -> tuple[Client, Cycle, Upload]:
    """A CV that somebody sent with a sign-up."""
    settings.MEDIA_ROOT = tmp_path
    cycle = second_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = begin(client, cycle)
    sent = client.post(f"{first}questions/cv/", {"cv": SimpleUploadedFile("my cv.pdf", b"%PDF-1.7 x")})
    assert sent.status_code == 302
    return client, cycle, Upload.objects.get()


def test_a_file_is_served_to_whoever_brought_it(brought: tuple[Client, Cycle, Upload]) -> None:
    client, _cycle, upload = brought
    reply = client.get(f"/files/{upload.pk}/")
    assert reply.content == b"%PDF-1.7 x"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="my cv.pdf"'
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in reply.headers["Cache-Control"]


def test_what_a_file_is_its_content_says_and_its_name_leads_nowhere(brought: tuple[Client, Cycle, Upload]) -> None:
    client, cycle, upload = brought
    where = f"/sessions/{cycle.pk}/sign-up/mentee/questions/cv/"
    for name, content in (
        ("cv.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("me.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("cv.pdf", b""),
        ("cv.pdf", b" %PDF-1.7"),
        ("cv.pdf", b"%PDF-" + bytes(5_000_001)),
    ):
        assert client.post(where, {"cv": SimpleUploadedFile(name, content)}).status_code == 422, name
    assert Upload.objects.get() == upload
    evil = SimpleUploadedFile("x", b"%PDF-1.7 <script>alert(1)</script>", content_type="text/html")
    evil.name = "..\\..\\etc/pass\u202ewd\r\nSet-Cookie: a=b.html"
    assert client.post(where, {"cv": evil}).status_code == 302
    kept = Upload.objects.get()
    reply = client.get(f"/files/{kept.pk}/")
    assert (reply.headers["Content-Type"], kept.name.endswith(".pdf")) == ("application/pdf", True)
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert not set("\r\n\u202e/\\") & set(kept.name)
    assert str(kept.file.name).startswith("uploads/")


def test_a_file_is_served_to_those_who_run_its_program_and_to_nobody_else(
    brought: tuple[Client, Cycle, Upload], sierra: Society, visitor: Visitor
) -> None:
    _client, cycle, upload = brought
    kind = StaffRole.Kind
    mine, other = make_staff(kind=kind.MANAGER, program_id=cycle.program_id, given="Mia"), open_session(sierra)
    elsewhere = make_staff(kind=kind.MANAGER, program_id=other.program_id, given="Eli")
    committee = make_staff(kind=kind.COMMITTEE, given="Cam")
    assert browser_of(mine, sierra).get(f"/files/{upload.pk}/").status_code == 200
    assert [browser_of(each, sierra).get(f"/files/{upload.pk}/").status_code for each in (elsewhere, committee)] == [
        404
    ] * 2
    stranger = signed_in(visitor(sierra.host), make_person("Ada", "Stone").email)
    assert stranger.get(f"/files/{upload.pk}/").status_code == 404


def test_the_form_prints_without_knowing_anybody(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    page = visitor(sierra.host).get(f"/sessions/{cycle.pk}/sign-up/mentee/paper/").content.decode()
    asked = [*cycle.settings.intake["both"], *cycle.settings.intake["mentee"]]
    assert any(question.for_ for question in asked)
    for question in asked:
        if question.ask != "stage":
            assert question.text.replace("'", "&#x27;") in page
    assert draft_of(make_person(), cycle, "mentee") is None
    assert "When do you expect to finish that?" in page


def test_on_paper_stands_all_that_decides_and_how_to_answer(sierra: Society, visitor: Visitor) -> None:
    cycle = second_session(
        sierra,
        ASKS.replace("    intake:", "    eligible: {mentee: membership.status is active}\n    intake:").replace(
            "        - aspects_wanted\n",
            "        - aspects_wanted\n"
            "        - {ask: sure, text: How sure?, kind: scale, ends: [not at all, quite], used_for: Figures.}\n"
            "        - {ask: first, text: What comes first?, kind: ranking, choices: [rest, work, play], most: 2}\n"
            "        - {ask: some, text: Which?, kind: choices, choices: [red, blue, green], most: 2}\n",
        ),
    )
    page = visitor(sierra.host).get(f"/sessions/{cycle.pk}/sign-up/mentee/paper/").content.decode()
    for said in (
        "Are you a member of the society?",
        "Yes, as a retired member",
        "1 – not at all",
        "5 – quite",
        "Figures.",
        "Write 1 beside the most important, then 2.",
        "Choose 2 at most.",
        "Bring it along",
    ):
        assert said in page, said
