"""Pairs that know each other already: until a yes, nothing tells whether an address takes part, or what it answered."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment, Role, SheetImport
from programs.mentorships import due, known, requests
from programs.mentorships.models import KnownPair, Mentorship, Participation, Wish
from programs.mentorships.requests import ask, left
from programs.mentorships.selectors import mentorships_of
from programs.mentorships.services import answer_no, answer_yes
from programs.policy.models import Cycle
from tenants import context
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tests.factories.staff import browser_of
from tests.mentorships.test_requests import PEOPLE, asked, finding_cycle, mails, page_of, people, place

NOBODY = "nobody@example.org"


def said(mine: Enrollment, address: str) -> KnownPair:
    """A known pair for which a worker has looked."""
    pair = known.register(mine=mine, address=address)
    due.look_for_known(str(pair.pk))
    pair.refresh_from_db()
    return pair


def last_day_is_over(pair: KnownPair) -> None:
    with context.platform():
        ends = Due.objects.get(kind=requests.LOOK_NO_MORE, ref=str(pair.pk)).due_at
    with clock.moved_to(ends + timedelta(minutes=1)):
        due.end_known(str(pair.pk))
        due.end_known(str(pair.pk))


def somebody(*, mentors: int = 2) -> tuple[Cycle, Enrollment, Enrollment]:
    """A session, a mentee of it, and a mentor who wishes not to be found."""
    cycle = finding_cycle(mentors=mentors, listed=False)
    return cycle, people(cycle, Role.MENTEE)[0], people(cycle, Role.MENTOR)[0]


def all_that_the_asker_sees(client: Client, mine: Enrollment, address: str) -> list[str]:
    """Their pages and mails, without what stands in every page anew, and without the address itself."""
    mine.person.refresh_from_db()
    pages = [client.get(each).content.decode() for each in (PEOPLE, "/", "/me/")]
    letters = [mail.text for mail in OutboxMail.objects.filter(recipient=mine.person.email)]
    hidden = rf"{re.escape(address)}|csrfmiddlewaretoken\" value=\"\w+|known/[0-9a-f-]+|as=[0-9a-f-]+"
    return [re.sub(hidden, "…", text) for text in (*pages, *letters)]


def test_whom_a_sheet_brought_is_asked_once_they_came(sierra: Society) -> None:
    cycle, mentee, mentor = somebody()
    sheet = SheetImport.objects.create(
        cycle=cycle, kind=SheetImport.Kind.MENTORS, file_name="m.csv", created_at=clock.now()
    )
    Enrollment.objects.filter(pk=mentor.pk).update(source=sheet)
    pair = said(mentee, mentor.person.email)
    assert pair.mentorship is None
    assert not OutboxMail.objects.filter(recipient=mentor.person.email).exists()
    browser_of(mentor.person, sierra)
    due.look_for_known(str(pair.pk))
    pair.refresh_from_db()
    assert pair.mentorship is not None
    assert OutboxMail.objects.filter(recipient=mentor.person.email).exists()


@pytest.mark.parametrize("answer", ["none yet", "no", "silence", "taken back"])
def test_the_asker_cannot_tell_an_address_that_takes_part_from_one_that_does_not(sierra: Society, answer: str) -> None:
    _cycle, mentee, mentor = somebody()
    client = browser_of(mentee.person, sierra)
    seen, places = [], []
    for address in (mentor.person.email, NOBODY):
        pair = said(mentee, address)
        if answer == "no" and pair.mentorship:
            answer_no(participation=place(pair.mentorship, mentor))
            due.ask_next(str(pair.mentorship_id))
        elif answer == "silence":
            last_day_is_over(pair)
        elif answer == "taken back":
            client.post(reverse("directory_of_people:not_known", args=[pair.pk]))
        seen.append(all_that_the_asker_sees(client, mentee, address))
        places.append(left(mentee))
        assert not mentorships_of(mentee.person).exists()
        if pair.mentorship_id:
            assert client.get(reverse("mentorships:detail", args=[pair.mentorship_id])).status_code == 404
        KnownPair.objects.all().delete()
        OutboxMail.objects.filter(recipient=mentee.person.email).delete()
        Mentorship.objects.all().delete()
    assert seen[0] == seen[1]
    assert places[0] == places[1] == (0 if answer in ("none yet", "no") else 1)
    assert not any(mentor.person.name in text for text in seen[0])


def test_what_the_asker_is_told_at_once_is_the_same(sierra: Society) -> None:
    _cycle, mentee, mentor = somebody()
    client = browser_of(mentee.person, sierra)
    address = reverse("directory_of_people:known", urlconf="chiron.urls_society")
    replies = []
    for email in (mentor.person.email, NOBODY):
        reply = client.post(address, {"email": email, "as": mentee.pk}, follow=True).content.decode()
        assert f"If {email} is signed up to this session, we ask them now" in reply
        replies.append(len(reply) - reply.count(email) * len(email))
        KnownPair.objects.all().delete()
    assert replies[0] == replies[1]
    wrong = client.post(address, {"email": "no address", "as": mentee.pk})
    assert wrong.status_code == 422
    assert "no address" in wrong.content.decode()
    assert "your own address" in client.post(address, {"email": mentee.person.email}).content.decode()


def test_a_yes_makes_them_a_pair_and_tells_both_so(sierra: Society) -> None:
    _cycle, mentee, mentor = somebody()
    pair = said(mentee, mentor.person.email.upper())
    assert mails() == [("mentorship_asked", mentor.person.email)]
    assert "you two meet already" in OutboxMail.objects.get().text
    assert known.register(mine=mentee, address=mentor.person.email) == pair
    assert pair.mentorship is not None
    page = page_of(browser_of(mentor.person, sierra), reverse("mentorships:detail", args=[pair.mentorship_id]))
    assert "Yes, we are a pair" in page
    answer_yes(participation=place(pair.mentorship, mentor))
    assert Mentorship.objects.get().state == Mentorship.State.ACTIVE
    assert not KnownPair.objects.exists()
    assert left(mentee) == 0
    assert [template for template, _to in mails()[1:]] == ["mentorship_introduced"] * 2
    assert mentor.person.name in page_of(browser_of(mentee.person, sierra), "/")


def test_a_known_pair_waits_in_line_though_nobody_can_find_the_other(sierra: Society) -> None:
    cycle = finding_cycle(mentors=3)
    first, second, third = people(cycle, Role.MENTOR)
    mentee = people(cycle, Role.MENTEE)[0]
    mentorship = asked(mentee, first)
    requests.show_in_directory(enrollment=second, shown=False)
    pair = known.register(mine=mentee, address=second.person.email)
    assert pair.answer_by is None
    assert isinstance(ask(mine=mentee, other=third), Wish)
    due.look_for_known(str(pair.pk))
    assert Mentorship.objects.count() == 1, "nobody is asked before their turn"
    answer_no(participation=place(mentorship, first))
    due.ask_next(str(mentorship.pk))
    due.look_for_known(str(pair.pk))
    newest = Mentorship.objects.exclude(pk=mentorship.pk).get()
    assert place(newest, second).answer == Participation.Answer.WAITING
    last_day_is_over(KnownPair.objects.get())
    newest.refresh_from_db()
    assert newest.state == Mentorship.State.DECLINED
    assert Mentorship.objects.get(state=Mentorship.State.PROPOSED).participations.filter(enrollment=third).exists()


def test_whoever_signs_up_the_day_after_is_asked_then(sierra: Society) -> None:
    _cycle, mentee, mentor = somebody()
    Enrollment.objects.filter(pk=mentor.pk).update(state=Enrollment.State.WITHDRAWN)
    pair = said(mentee, mentor.person.email)
    assert pair.mentorship_id is None
    with context.platform():
        again = Due.objects.get(kind=requests.LOOK, ref=str(pair.pk)).due_at
    assert again > clock.now()
    Enrollment.objects.filter(pk=mentor.pk).update(state=Enrollment.State.ELIGIBLE)
    due.look_for_known(str(pair.pk))
    assert mails() == [("mentorship_asked", mentor.person.email)]


def test_taking_it_back_tells_whoever_was_asked(sierra: Society) -> None:
    _cycle, mentee, mentor = somebody()
    pair = said(mentee, mentor.person.email)
    known.take_back(pair=pair)
    assert Mentorship.objects.get().state == Mentorship.State.DECLINED
    assert mails()[-1] == ("mentorship_not_this_one", mentor.person.email)


def test_a_line_has_an_end_and_only_who_may_ask_can_say_so(sierra: Society) -> None:
    _cycle, mentee, _mentor = somebody()
    for number in range(requests.MOST_WISHES + 1):
        known.register(mine=mentee, address=f"somebody{number}@example.org")
    with pytest.raises(DomainError, match="wait in your line already"):
        known.register(mine=mentee, address=NOBODY)
    Enrollment.objects.filter(pk=mentee.pk).update(state=Enrollment.State.TO_CHECK)
    with pytest.raises(DomainError, match="once your sign-up is in order"):
        known.register(mine=mentee, address=NOBODY)
