"""One mail to everybody of the last session, four answers by links that change nothing, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.agreements.models import Agreed
from programs.enrollment import interests
from programs.enrollment.canceling import cancel_session
from programs.enrollment.models import Enrollment
from programs.invitations.services import want_no_more
from programs.policy.models import Cycle, Interest
from programs.renewing import due, services
from programs.renewing.links import link_for
from programs.renewing.models import Asked, Made, Renewal
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person
from tests.enrollment.test_waiting_pages import read
from tests.factories.staff import browser_of, make_staff
from tests.programs.answering import ticked
from tests.renewing.making import (
    IN_AUGUST,
    asked,
    asked_all,
    fresh,
    link_of,
    mails,
    newer,
    next_of,
    path,
    place,
    running,
    when,
    work,
)

State = Enrollment.State


@pytest.fixture
def renewal(sierra: Society) -> Iterator[Renewal]:
    """Two of each who were asked, in August, and who know their program."""
    with running(mentors=2, mentees=2, at=IN_AUGUST) as last:
        yield asked_all(last)


@pytest.fixture
def anybody(sierra: Society) -> Client:
    return Client(headers={"host": sierra.host})


def page_of(given: str, sierra: Society) -> str:
    return path(link_for(asked(given)), sierra)


def says(client: Client, given: str, answer: str, sierra: Society) -> str:
    """Press a button on somebody's page; what they read next."""
    reply = client.post(page_of(given, sierra), {"answer": answer}, follow=True)
    assert reply.status_code == 200, reply.content.decode()
    return " ".join(reply.content.decode().split())


def coming(renewal: Renewal, given: str) -> Enrollment | None:
    return Enrollment.objects.filter(cycle=renewal.coming, person__given_name=given).first()


def test_a_mail_has_four_answers_and_opening_them_changes_nothing(
    renewal: Renewal, anybody: Client, sierra: Society
) -> None:
    assert mails("next_session") == ["mentee0", "mentee1", "mentor0", "mentor1"]
    mail = OutboxMail.objects.get(template="next_session", recipient__startswith="mentee0")
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    before = Entry.objects.count()
    for answer, button in (
        ("again", "Again, same details"),
        ("change", "Again, but let me change something"),
        ("not_now", "Not this time"),
        ("later", "Ask me next session"),
    ):
        page = anybody.get(link_of(mail, answer, sierra))
        assert f'name="answer" value="{answer}"' in page.content.decode()
        assert button in page.content.decode()
    assert (Entry.objects.count(), coming(renewal, "Mentee0"), asked("Mentee0").answer) == (before, None, "")


def test_again_with_the_same_details_signs_up_and_undo_takes_it_back(
    renewal: Renewal, anybody: Client, sierra: Society
) -> None:
    for _twice in range(2):
        text = says(anybody, "Mentee0", "again", sierra)
        assert "You are signed up to September 2027 as a mentee." in text
        assert "You can take part." in text
    there, last = coming(renewal, "Mentee0"), place(renewal.last, "Mentee0")
    assert there is not None
    assert there.state == State.ELIGIBLE
    kept = {name: there.answers[name] for name in ("zip", "aspects", "interests", "languages", "meeting_mode")}
    assert kept == {name: last.answers[name] for name in kept}
    mentor = says(anybody, "Mentor0", "again", sierra)
    assert "You can take part." in mentor, "the sheet said that they are a member, and no form asks it again"
    assert Made.objects.count() == 2
    assert Agreed.objects.filter(person=there.person).count() == len({*last.cycle.settings.agree}), "nothing twice"
    assert "Undo" in read(anybody, page_of("Mentee0", sierra))
    for _twice in range(2):
        anybody.post(page_of("Mentee0", sierra), {"undo": "yes"})
    there.refresh_from_db()
    assert (there.state, asked("Mentee0").answer, Made.objects.count()) == (State.WITHDRAWN, "", 1)
    says(anybody, "Mentee0", "again", sierra)
    there.refresh_from_db()
    assert there.state == State.ELIGIBLE, "and begun anew"


def test_a_word_that_is_no_longer_offered_is_left_out_and_not_asked(
    renewal: Renewal, anybody: Client, sierra: Society
) -> None:
    last = place(renewal.last, "Mentee0")
    last.answers = {**last.answers, "aspects": ["leadership", "shadowing"], "interests": ["telehealth", "sailing"]}
    last.save()
    assert "You are signed up" in says(anybody, "Mentee0", "again", sierra)
    there = coming(renewal, "Mentee0")
    assert there is not None
    assert there.answers["aspects"] == ["leadership"], "shadowing is for students"


def test_the_home_page_asks_too_until_it_is_answered(renewal: Renewal, anybody: Client, sierra: Society) -> None:
    client = browser_of(asked("Mentee0").person, sierra)
    assert "Would you take part again?" in read(client, "/")
    assert "/again/" in client.get("/").content.decode()
    says(anybody, "Mentee0", "not_now", sierra)
    assert "Would you take part again?" not in read(client, "/")


def test_a_later_answer_takes_the_place_of_an_earlier_one(renewal: Renewal, anybody: Client, sierra: Society) -> None:
    says(anybody, "Mentor0", "again", sierra)
    page = read(anybody, f"{page_of('Mentor0', sierra)}?answer=not_now")
    assert "You answered: “Again, same details”. Another answer takes its place." in page
    assert "We do not ask again about this session." in says(anybody, "Mentor0", "not_now", sierra)
    there = coming(renewal, "Mentor0")
    assert there is not None
    assert there.state == State.WITHDRAWN


def test_a_sign_up_of_ones_own_is_neither_written_over_nor_taken_back(
    renewal: Renewal, anybody: Client, sierra: Society
) -> None:
    ada = asked("Mentor0").person
    own = Enrollment.objects.create(
        cycle=renewal.coming, person=ada, role="mentor", state="eligible", answers={"stage": "retired"},
        signed_up_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    says(anybody, "Mentor0", "again", sierra)
    says(anybody, "Mentor0", "not_now", sierra)
    own.refresh_from_db()
    assert (own.state, own.answers) == (State.ELIGIBLE, {"stage": "retired"})


def test_eligibility_is_decided_anew(renewal: Renewal, anybody: Client, sierra: Society) -> None:
    Person.objects.filter(given_name="Mentee0").update(stage="late career")
    said = "you cannot take part this time, from what we know of you"
    assert said in read(anybody, f"{page_of('Mentee0', sierra)}?answer=again"), "before anything is sent"
    assert said in says(anybody, "Mentee0", "again", sierra)
    assert coming(renewal, "Mentee0") is None, "their form would ask more, and nothing is asked in vain"
    Person.objects.filter(given_name="Mentor0").update(
        membership_status="lapsed", on_roster_since=clock.now(), roster={"membership_status": "lapsed"}
    )
    assert "By the rules of this session you cannot take part" in says(anybody, "Mentor0", "again", sierra)
    there = coming(renewal, "Mentor0")
    assert there is not None
    assert there.state == State.NOT_ELIGIBLE


def test_only_a_text_that_reads_otherwise_is_agreed_to_anew(anybody: Client, sierra: Society) -> None:
    with running(at=IN_AUGUST) as last:
        newer(last, lambda _document, part: part["agree"][0].update(version=2))
        renewal = asked_all(last)
        address = page_of("Mentee0", sierra)
        page = anybody.get(f"{address}?answer=again").content.decode()
        boxes = ticked(page)
        assert len(boxes) == 1, "the other text was agreed to"
        assert anybody.post(address, {"answer": "again"}).status_code == 422
        assert coming(renewal, "Mentee0") is None
        assert "You are signed up" in anybody.post(address, {"answer": "again", **boxes}, follow=True).content.decode()
        assert Agreed.objects.filter(person=asked("Mentee0").person, session="September 2027").count() == 1


def test_only_what_the_form_did_not_ask_before_is_asked_on_a_page_of_its_own(anybody: Client, sierra: Society) -> None:
    fresh_ones = [{"ask": "best_moment", "text": "What was best?"}, {"ask": "hopes", "text": "What do you hope for?"}]
    with running(at=IN_AUGUST) as last:
        newer(last, lambda _document, part: part["intake"]["mentee"].extend(fresh_ones))
        renewal = asked_all(last)
        reply = anybody.post(page_of("Mentee0", sierra), {"answer": "again"}, follow=True)
        assert "What was best?" in reply.content.decode()
        assert coming(renewal, "Mentee0") is None
        assert "One more thing" in read(anybody, page_of("Mentee0", sierra))
        for _twice in range(2):
            following = anybody.post(reply.redirect_chain[-1][0], {"best_moment": "The first talk."}, follow=True)
        assert "What do you hope for?" in following.content.decode()
        done = anybody.post(following.redirect_chain[-1][0], {"hopes": "More."}, follow=True)
        assert "You are signed up" in done.content.decode()
        there = coming(renewal, "Mentee0")
        assert there is not None
        assert there.answers["extra"] == {"best_moment": "The first talk.", "hopes": "More."}
        assert "You are signed up" in says(anybody, "Mentor0", "again", sierra), "mentors are asked nothing new"


def test_who_was_to_finish_a_stage_is_asked_where_they_are_now(
    renewal: Renewal, anybody: Client, sierra: Society
) -> None:
    over = {"stage_ends_on": clock.today() - timedelta(days=20), "ending_stage": "resident"}
    Person.objects.filter(given_name="Mentee0").update(**over)
    address = page_of("Mentee0", sierra)
    assert "Where are you now?" in read(anybody, f"{address}?answer=again")
    refused = anybody.post(address, {"answer": "again"})
    assert (refused.status_code, coming(renewal, "Mentee0")) == (422, None)
    anybody.post(address, {"answer": "again", "stage": "fellow", "ends_on": "6/2029"})
    there = coming(renewal, "Mentee0")
    assert there is not None
    assert (there.answers["stage"], there.person.stage) == ("fellow", "fellow")


def test_again_with_a_change_opens_the_form_filled_in(renewal: Renewal, anybody: Client, sierra: Society) -> None:
    text = says(anybody, "Mentee0", "change", sierra)
    assert "Your form stands ready" in text
    assert coming(renewal, "Mentee0") is None
    first = reverse("enrollment:questions", args=[renewal.coming_id, "mentee"])
    assert anybody.get(first).headers["Location"].startswith("/sign-in/?")
    client = browser_of(asked("Mentee0").person, sierra)
    reply = client.get(first, follow=True)
    draft = reply.context["draft"]
    assert draft.answers()["zip"] == "95814"
    assert draft.answers()["aspects"] == ["leadership"]


def test_not_this_time_thanks_and_asks_no_more(renewal: Renewal, anybody: Client, sierra: Society) -> None:
    assert "Thank you for telling us" in says(anybody, "Mentee0", "not_now", sierra)
    remind(renewal)
    assert mails("next_session_reminder") == ["mentee1", "mentor0", "mentor1"]


def test_ask_me_next_session_keeps_an_interest_without_a_mail(
    renewal: Renewal, anybody: Client, sierra: Society
) -> None:
    for _twice in range(2):
        assert "the session after this one opens" in says(anybody, "Mentor0", "later", sierra)
    kept = Interest.objects.get()
    assert (kept.email, kept.role, kept.invited_to) == (asked("Mentor0").person.email, "mentor", renewal.coming)
    assert not OutboxMail.objects.exclude(template="next_session").exists()
    anybody.post(page_of("Mentor0", sierra), {"undo": "yes"})
    assert not Interest.objects.exists()


def test_who_was_interested_already_stays_so_after_undo_and_gets_one_mail(anybody: Client, sierra: Society) -> None:
    with running(at=IN_AUGUST) as last:
        ada = place(last, "Mentor0").person
        interests.say_interest(
            program=last.program, given_name="Mentor0", family_name="Vega", email=ada.email, role="mentor",
            stage="", text="Gladly.",
        )  # fmt: skip
        renewal = asked_all(last)
        interests.tell_that_it_opened(cycle=fresh(renewal.coming))
        assert mails("interest_invited") == [], "asked by the better mail"
        says(anybody, "Mentor0", "later", sierra)
        anybody.post(page_of("Mentor0", sierra), {"undo": "yes"})
        assert Interest.objects.count() == 1


def remind(renewal: Renewal) -> None:
    """What a worker does a week before sign-up closes, twice."""
    at = when(services.REMIND)
    assert at is not None
    with clock.moved_to(at + timedelta(minutes=1)):
        for _twice in range(2):
            due.remind(str(renewal.pk))


def test_whoever_has_not_answered_is_reminded_once(renewal: Renewal, anybody: Client, sierra: Society) -> None:
    says(anybody, "Mentee0", "again", sierra)
    want_no_more(email=asked("Mentor1").person.email)
    local = (when(services.REMIND) or clock.now()).astimezone(sierra.zone)
    assert (local.month, local.day, local.hour) == (8, 25, 9)
    remind(renewal)
    assert mails("next_session_reminder") == ["mentee1", "mentor0"]
    remind_again = asked("Mentor1").reminded_at
    assert remind_again is not None


def test_a_program_without_reminders_sends_none(sierra: Society) -> None:
    with running(at=IN_AUGUST) as last:
        newer(last, lambda _document, part: part["matching"].update(reminders=0))
        remind(asked_all(last))
        assert mails("next_session_reminder") == []


def test_after_sign_up_is_over_one_can_still_be_asked_next_time(
    renewal: Renewal, anybody: Client, sierra: Society
) -> None:
    with clock.moved_by(timedelta(days=40)):
        text = read(anybody, f"{page_of('Mentee0', sierra)}?answer=again")
        assert "Sign-up is over" in text
        refused = anybody.post(page_of("Mentee0", sierra), {"answer": "again"})
        assert "Ask me next session" in refused.content.decode()
        assert coming(renewal, "Mentee0") is None
        says(anybody, "Mentee0", "later", sierra)
        assert Interest.objects.count() == 1


def test_who_came_by_invitation_comes_again_without_one(sierra: Society) -> None:
    with running(at=IN_AUGUST) as last:
        newer(last, lambda _document, part: part.update(enter=dict.fromkeys(("mentor", "mentee"), "by invitation")))
        renewal = asked_all(last)
        assert renewal.coming.settings.way_in("mentee") == "invitation"
        there = browser_of(asked("Mentee0").person, sierra)
        first = reverse("enrollment:who", args=[renewal.coming_id, "mentee"])
        assert there.get(first).status_code == 200
        assert browser_of(make_staff(given="Stranger"), sierra).get(first).status_code == 404


def test_staff_read_who_answered_what_and_who_has_not(renewal: Renewal, anybody: Client, sierra: Society) -> None:
    says(anybody, "Mentee0", "again", sierra)
    says(anybody, "Mentee1", "not_now", sierra)
    manager = browser_of(make_staff(), sierra)
    address = reverse("next_session:answers", args=[renewal.last_id])
    text = read(manager, address)
    assert "Everybody 4" in text
    assert "No answer yet 2" in text
    assert "Mentee0 Vega Again, same details" in text
    assert "Mentor0" not in read(manager, f"{address}?answer=again")
    waiting = read(manager, f"{address}?answer=none")
    assert "Mentor0 Vega None yet" in waiting
    assert "Mentee1" not in waiting


def test_the_list_of_answers_reads_no_more_for_more_people(renewal: Renewal, sierra: Society) -> None:
    manager = browser_of(make_staff(), sierra)
    address = reverse("next_session:answers", args=[renewal.last_id])
    manager.get(address)
    with CaptureQueriesContext(connection) as four:
        manager.get(address)
    Asked.objects.exclude(person__given_name="Mentor0").delete()
    with CaptureQueriesContext(connection) as one:
        manager.get(address)
    assert len(one) == len(four)


def test_many_are_written_some_at_a_time_and_nobody_twice(sierra: Society, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("programs.renewing.asking.AT_ONCE", 2)
    with running(mentors=2, mentees=3, at=IN_AUGUST) as last:
        renewal = next_of(last)
        with clock.moved_by(timedelta(minutes=11)):
            for _until_it_ends in range(5):
                work(renewal)
        assert mails("next_session") == ["mentee0", "mentee1", "mentee2", "mentor0", "mentor1"]


def test_a_session_about_which_people_were_asked_is_not_canceled(renewal: Renewal) -> None:
    with pytest.raises(DomainError, match="People know of September 2027 by now"):
        cancel_session(cycle=renewal.coming, by=None)


def test_a_forged_link_leads_nowhere_and_an_old_one_says_so(renewal: Renewal, anybody: Client, sierra: Society) -> None:
    assert anybody.get("/again/nonsense/").status_code == 404
    old = page_of("Mentee0", sierra)
    with clock.moved_by(timedelta(days=500)):
        assert "expired" in anybody.get(old).content.decode()
    Cycle.objects.filter(pk=renewal.coming_id).update(state=Cycle.State.MATCHING)
    assert "Sign-up is over" in read(anybody, page_of("Mentee0", sierra))
