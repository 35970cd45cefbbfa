"""What visitors and members see of programs, and how they sign up: plain forms, no scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from chiron.kernel import clock
from programs.enrollment.models import Enrollment
from programs.policy.models import Cycle
from programs.policy.services import move_dates
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.design import words
from tests.factories.programs import make_cycle, make_person
from tests.programs.answering import ANSWERS, MENTOR, WHO, agree_to_all, answer_questions, sign_up_by_pages, ticked

Visitor = Callable[[str], Client]


def open_session(society: Society, slug: str = "sierra") -> Cycle:
    """A session that takes sign-ups today."""
    today = clock.today(society.zone)
    cycle = make_cycle(slug)
    return move_dates(cycle=cycle, by=None, sign_up_opens_on=today, sign_up_closes_on=today)


def signed_in(client: Client, email: str) -> Client:
    """A browser whose user proved an address by the code in a mail."""
    client.post("/sign-in/", {"email": email})
    code = re.search(r"\d{3}-\d{3}", OutboxMail.objects.filter(recipient=email).latest("written_at").subject)
    assert code is not None
    client.post("/sign-in/code/", {"code": code[0]})
    return client


def test_visitors_see_programs_and_what_they_take(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    client = visitor(sierra.host)
    home = client.get("/").content.decode()
    assert cycle.program.name in home
    page = client.get(f"/programs/{cycle.program.slug}/").content.decode()
    assert "At least monthly" in page
    assert "Your membership is active or retired" in page
    assert f"/sessions/{cycle.pk}/sign-up/mentee/" in page
    assert words.found(re.sub(r"<[^>]+>", " ", page)) == []


def test_somebody_new_signs_up_with_nothing_but_an_address(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    first = f"/sessions/{cycle.pk}/sign-up/mentee/"
    client = visitor(sierra.host)
    assert client.get(first).headers["Location"] == f"/sign-in/?next={first}"
    signed_in(client, "bo.reed@example.org")
    assert client.post(first, WHO).headers["Location"] == f"{first}questions/"
    answer_questions(client, first)
    done = agree_to_all(client, f"{first}check/")
    assert done.headers["Location"] == f"{first}done/"
    enrollment = Enrollment.objects.get()
    assert (enrollment.person.name, enrollment.person.email) == ("Bo Reed", "bo.reed@example.org")
    assert enrollment.state == Enrollment.State.ELIGIBLE
    assert enrollment.answers["aspects"] == ["research"]
    assert [each.version for each in enrollment.person.agreed.all()] == [1, 1, 1]
    page = client.get(f"{first}done/").content.decode()
    assert "You can take part." in page
    assert words.found(re.sub(r"<[^>]+>", " ", page)) == []


def test_a_missing_answer_is_asked_for_and_what_was_answered_is_kept(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    first = f"/sessions/{cycle.pk}/sign-up/mentee/"
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    client.post(first, WHO)
    page = client.post(f"{first}questions/where_i_like_to_meet/", {"zip": "9560"})
    assert page.status_code == 422
    assert "A ZIP code has five digits" in page.content.decode()
    answer_questions(client, first)
    first_box = dict([*ticked(client.get(f"{first}check/").content.decode()).items()][:1])
    page = client.post(f"{first}check/", first_box)
    assert page.status_code == 422
    assert "Without this you cannot take part." in page.content.decode()
    assert Enrollment.objects.count() == 0
    assert agree_to_all(client, f"{first}check/").status_code == 302
    assert Enrollment.objects.get().answers["zip"] == "95608"


def test_what_we_cannot_tell_yet_never_reads_as_a_refusal(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = f"/sessions/{cycle.pk}/sign-up/mentor/"
    sign_up_by_pages(client, first, ANSWERS | MENTOR, WHO | {"stage": "mid career"})
    assert Enrollment.objects.get().state == Enrollment.State.TO_CHECK
    page = client.get(f"{first}done/").content.decode()
    assert "You have signed up" in page
    assert "Not this time" not in page


def test_taking_a_sign_up_back_and_coming_again(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = f"/sessions/{cycle.pk}/sign-up/mentee/"
    sign_up_by_pages(client, first)
    assert client.post(f"{first}leave/").status_code == 302
    assert Enrollment.objects.get().state == Enrollment.State.WITHDRAWN
    assert answer_questions(client, first) == [], "nothing is asked twice"
    agree_to_all(client, f"{first}check/")
    assert Enrollment.objects.get().state == Enrollment.State.ELIGIBLE


def test_whoever_signed_up_finds_the_way_to_change_it(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = f"/sessions/{cycle.pk}/sign-up/mentee/"
    sign_up_by_pages(client, first)
    check, again = f'href="{first}check/"', f'href="{first}"'
    done = client.get(f"{first}done/").content.decode()
    assert (check in done, again in done) == (True, False)
    assert "Send the changes" in client.get(f"{first}check/").content.decode()
    client.post(f"{first}leave/")
    done = client.get(f"{first}done/").content.decode()
    assert (check in done, again in done) == (False, True)
    assert "Send the changes" not in client.get(f"{first}check/").content.decode()
    with clock.moved_to(clock.now() + timedelta(days=2)):
        done = client.get(f"{first}done/").content.decode()
    assert check not in done
    assert again not in done


def test_the_last_look_shows_what_decides_and_who_reads_it(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = f"/sessions/{cycle.pk}/sign-up/mentor/"
    client.post(first, WHO | {"stage_ends_on": "6/2035", "member": "active"})
    answer_questions(client, first, {**ANSWERS, **MENTOR})
    page = " ".join(re.sub(r"<[^>]+>", " ", client.get(f"{first}check/").content.decode()).split())
    for said in ("When do you expect to finish that? June 2035", "Are you a member of the society? Yes"):
        assert said in page
    assert "Only staff" not in page, "a draft of the answers is read by others"


@pytest.mark.parametrize("when", ["before", "after"])
def test_outside_its_days_a_session_has_no_sign_up_page(sierra: Society, visitor: Visitor, when: str) -> None:
    cycle = make_cycle("sierra")
    today = clock.today(sierra.zone)
    day = today - timedelta(days=2) if when == "after" else today + timedelta(days=2)
    move_dates(cycle=cycle, by=None, sign_up_opens_on=day, sign_up_closes_on=day)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    assert client.get(f"/sessions/{cycle.pk}/sign-up/mentee/").status_code == 404


def test_nobody_signs_themselves_up_where_invitations_are_needed(commonwealth: Society, visitor: Visitor) -> None:
    cycle = open_session(commonwealth, "commonwealth")
    client = signed_in(visitor(commonwealth.host), "bo.reed@example.org")
    assert client.get(f"/sessions/{cycle.pk}/sign-up/mentee/").status_code == 404
    assert "by invitation" in client.get(f"/programs/{cycle.program.slug}/").content.decode()


def test_a_sign_up_is_seen_by_its_own_person_alone(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    first = f"/sessions/{cycle.pk}/sign-up/mentee/"
    mine = signed_in(visitor(sierra.host), "bo.reed@example.org")
    sign_up_by_pages(mine, first)
    assert mine.get(f"{first}done/").status_code == 200
    make_person("Ada", "Stone", email="ada.stone@example.org")
    other = signed_in(visitor(sierra.host), "ada.stone@example.org")
    assert other.get(f"{first}done/").status_code == 404
    assert other.post(f"{first}leave/").status_code == 404
    assert Enrollment.objects.get().state == Enrollment.State.ELIGIBLE


def test_people_say_how_they_wish_to_be_addressed(sierra: Society, visitor: Visitor) -> None:
    person = make_person("Ada", "Stone", email="ada.stone@example.org", stage="retired", roster={"npi": "123"})
    client = signed_in(visitor(sierra.host), "ada.stone@example.org")
    assert "Dr. Ada Stone" in client.get("/me/").content.decode()
    client.post("/me/", {"called": "Ada", "biosketch": "<b>bold</b>"})
    page = client.get("/me/").content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    person.refresh_from_db()
    assert person.address_name == "Ada"
