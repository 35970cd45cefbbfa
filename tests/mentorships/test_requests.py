"""People who find each other: the directory, asking, talking first, the line of wishes, and what stays unseen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.models import PairDecision
from matching.selectors import joined_since, waiting_in
from matching.services import suggest_pairs
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.pausing import come_back, pause
from programs.enrollment.services import withdraw
from programs.mentorships import directory, due, known, requests
from programs.mentorships.models import KnownPair, Listing, Mentorship, Participation, Wish
from programs.mentorships.requests import ask, left, show_in_directory
from programs.mentorships.services import answer_no, answer_yes
from programs.policy.document import store_policy
from programs.policy.models import Cycle, PolicyVersion
from tenants import context
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tests.design import words
from tests.desk.making import small_cycle
from tests.desk.test_publishing import together
from tests.factories.staff import browser_of

PEOPLE = reverse("directory_of_people:people", urlconf="chiron.urls_society")


def finding_cycle(*, mentors: int = 2, mentees: int = 2, listed: bool = True, agrees: bool = True) -> Cycle:
    """A session in which people find each other, all of them to be found."""
    cycle = small_cycle(mentors=mentors, mentees=mentees, agrees=agrees)
    document = store_policy(cycle.version.policy)
    for part in document["parts"]:
        part.setdefault("matching", {})["by"] = ["directory", "solver"]
    PolicyVersion.objects.filter(pk=cycle.version_id).update(document=document)
    cycle = Cycle.objects.get(pk=cycle.pk)
    for enrollment in cycle.enrollments.select_related("cycle__version", "person"):
        if listed:
            show_in_directory(enrollment=enrollment, shown=True)
    return cycle


def people(cycle: Cycle, role: Role) -> list[Enrollment]:
    found = cycle.enrollments.filter(role=role).select_related("person", "cycle__version", "cycle__program")
    return list(found.order_by("person__given_name"))


def place(mentorship: Mentorship, enrollment: Enrollment) -> Participation:
    return mentorship.participations.get(enrollment=enrollment)


def asked(mine: Enrollment, other: Enrollment, **more: bool) -> Mentorship:
    made = ask(mine=mine, other=other, words="You know my road.", **more)
    assert isinstance(made, Mentorship)
    return made


def mails() -> list[tuple[str, str]]:
    return list(OutboxMail.objects.order_by("id").values_list("template", "recipient"))


def test_a_yes_to_a_request_introduces_the_two(sierra: Society) -> None:
    cycle = finding_cycle()
    (mentor, _second), (mentee, _other) = people(cycle, Role.MENTOR), people(cycle, Role.MENTEE)
    mentorship = asked(mentee, mentor)
    assert mails() == [("mentorship_asked", mentor.person.email)]
    text = OutboxMail.objects.get().text
    assert "You know my road." in text
    assert mentee.person.email not in text
    assert answer_yes(participation=place(mentorship, mentor)).state == Mentorship.State.ACTIVE
    assert [template for template, _to in mails()[1:]] == ["mentorship_introduced"] * 2


def test_a_pair_that_found_each_other_is_matched_and_a_yes_to_who_left_makes_none(sierra: Society) -> None:
    cycle = finding_cycle()
    (mentor, second), (mentee, other) = people(cycle, Role.MENTOR), people(cycle, Role.MENTEE)
    first, late = asked(mentee, mentor), asked(other, second)
    answer_yes(participation=place(first, mentor))
    assert {each.state for each in cycle.enrollments.filter(pk__in=[mentor.pk, mentee.pk])} == {"matched"}
    with pytest.raises(DomainError, match="You have been matched"):
        withdraw(enrollment=mentee, by=mentee.person)
    withdraw(enrollment=other, by=other.person)
    with pytest.raises(DomainError, match="no longer open"):
        answer_yes(participation=place(late, second))


def test_whose_place_is_held_by_a_question_does_not_wait_to_be_matched(sierra: Society) -> None:
    cycle = finding_cycle()
    (mentor, _second), (mentee, _other) = people(cycle, Role.MENTOR), people(cycle, Role.MENTEE)
    asked(mentee, mentor)
    run = suggest_pairs(cycle=cycle, by=None)
    waiting = waiting_in(cycle)
    assert (joined_since(run), waiting[Role.MENTOR], waiting[Role.MENTEE]) == (0, 1, 1)


def test_a_first_conversation_commits_nobody_and_two_yes_after_it_do(sierra: Society) -> None:
    cycle = finding_cycle()
    (mentor, second), (mentee, _other) = people(cycle, Role.MENTOR), people(cycle, Role.MENTEE)
    mentorship = asked(mentee, mentor, talk_first=True)
    assert answer_yes(participation=place(mentorship, mentor)).state == Mentorship.State.TALKING
    to_mentee = OutboxMail.objects.get(template="mentorship_talk", recipient=mentee.person.email)
    assert mentor.person.email in to_mentee.text
    answer_yes(participation=place(mentorship, mentee))
    assert Mentorship.objects.get().state == Mentorship.State.TALKING
    assert answer_yes(participation=place(mentorship, mentor)).state == Mentorship.State.ACTIVE

    again = asked(second, people(cycle, Role.MENTEE)[1], talk_first=True)
    answer_yes(participation=again.participations.get(role=Role.MENTEE))
    assert answer_no(participation=place(again, second)).state == Mentorship.State.DECLINED


@pytest.mark.parametrize("case", ["off", "not listed", "same role", "never", "asked", "said no", "full", "withdrawn"])
def test_who_cannot_be_asked(sierra: Society, case: str) -> None:
    cycle = finding_cycle(listed=case != "not listed")
    (mentor, second), (mentee, other) = people(cycle, Role.MENTOR), people(cycle, Role.MENTEE)
    target = second if case == "same role" else mentor
    mine = mentor if case == "same role" else mentee
    if case == "off":
        Cycle.objects.filter(pk=cycle.pk).update(state=Cycle.State.CLOSED)
        mine = Enrollment.objects.select_related("cycle__version", "person").get(pk=mine.pk)
    elif case == "never":
        PairDecision.objects.create(
            cycle=cycle, mentee=mentee, mentor=mentor, kind=PairDecision.Kind.NEVER, created_at=clock.now()
        )
    elif case == "asked":
        asked(mine, target)
    elif case == "said no":
        answer_no(participation=place(asked(mine, target), mentor))
    elif case == "full":
        answer_yes(participation=place(asked(other, mentor), mentor))
    elif case == "withdrawn":
        Enrollment.objects.filter(pk=mentor.pk).update(state=Enrollment.State.WITHDRAWN)
    before = Mentorship.objects.count(), OutboxMail.objects.count()
    with pytest.raises(DomainError):
        ask(mine=mine, other=target)
    assert (Mentorship.objects.count(), OutboxMail.objects.count()) == before


def test_wishes_wait_in_line_until_the_one_before_is_answered(sierra: Society) -> None:
    cycle = finding_cycle(mentors=4)
    first, second, third, fourth = people(cycle, Role.MENTOR)
    mentee = people(cycle, Role.MENTEE)[0]
    mentorship = asked(mentee, first)
    assert left(mentee) == 0
    for other in (second, third, fourth):
        assert isinstance(ask(mine=mentee, other=other), Wish)
    assert len(mails()) == 1, "nobody in the line hears of it"
    show_in_directory(enrollment=second, shown=False)
    answer_no(participation=place(mentorship, first))
    ref = str(mentorship.pk)
    with context.platform():
        assert Due.objects.filter(kind="mentorship.next_in_line", ref=ref).exists()
    due.ask_next(ref)
    newest = Mentorship.objects.exclude(pk=mentorship.pk).get()
    assert place(newest, third).answer == Participation.Answer.WAITING
    assert [wish.other_id for wish in directory.line_of(mentee)] == [fourth.pk]
    due.ask_next(ref)
    assert Mentorship.objects.count() == 2, "asking again changes nothing"


def test_a_line_outlives_a_pause_and_goes_on_after_it(sierra: Society) -> None:
    cycle = finding_cycle(mentors=3)
    first, second, third = people(cycle, Role.MENTOR)
    mentee = people(cycle, Role.MENTEE)[0]
    mentorship = asked(mentee, first)
    for other in (second, third):
        ask(mine=mentee, other=other)
    pause(person=mentee.person, enrollments=[mentee], until=None)
    answer_no(participation=place(mentorship, first))
    due.ask_next(str(mentorship.pk))
    assert Mentorship.objects.count() == 1, "nobody is asked for whoever pauses"
    assert Wish.objects.filter(mine=mentee).count() == 2
    with context.platform():
        assert Due.objects.filter(kind=requests.ON_AGAIN, ref=str(mentee.pk)).exists()
    come_back(person=mentee.person, enrollments=[mentee])
    due.ask_on(str(mentee.pk))
    newest = Mentorship.objects.exclude(pk=mentorship.pk).get()
    assert place(newest, second).answer == Participation.Answer.WAITING
    assert Wish.objects.get(mine=mentee).other_id == third.pk


def test_a_request_that_nobody_answers_ends_and_the_next_is_asked(sierra: Society) -> None:
    cycle = finding_cycle()
    first, second = people(cycle, Role.MENTOR)
    mentee = people(cycle, Role.MENTEE)[0]
    mentorship = asked(mentee, first)
    ask(mine=mentee, other=second)
    ref = str(mentorship.pk)
    with context.platform():
        expiry = Due.objects.get(kind=requests.EXPIRY, ref=ref).due_at
    due.expire(ref)
    mentorship.refresh_from_db()
    assert mentorship.state == Mentorship.State.PROPOSED, "not before its day"
    with clock.moved_to(expiry + timedelta(minutes=1)):
        due.expire(ref)
        due.expire(ref)
    mentorship.refresh_from_db()
    assert mentorship.state == Mentorship.State.DECLINED
    assert [each for each in mails() if each[0] == "mentorship_expired"] == [
        ("mentorship_expired", mentee.person.email)
    ]
    assert Mentorship.objects.exclude(pk=mentorship.pk).get().participations.filter(enrollment=second).exists()


@pytest.mark.django_db(transaction=True)
def test_two_requests_accepted_at_the_same_moment_fill_one_place_once(societies: dict[str, Society]) -> None:
    with context.society(societies["sierra"]):
        cycle = finding_cycle(mentors=1, mentees=3)
        (mentor,), mentees = people(cycle, Role.MENTOR), people(cycle, Role.MENTEE)
        places = [place(asked(mentee, mentor), mentor) for mentee in mentees]
    refused = together(3, lambda number: answer_yes(participation=places[number]), societies["sierra"])
    assert sorted(error is None for error in refused) == [False, False, True]
    with context.society(societies["sierra"]):
        assert Mentorship.objects.filter(state=Mentorship.State.ACTIVE).count() == 1


def test_the_directory_shows_who_wishes_to_be_found_and_nothing_else_of_them(sierra: Society) -> None:
    cycle = finding_cycle()
    mentor, second = people(cycle, Role.MENTOR)
    mentee = people(cycle, Role.MENTEE)[0]
    show_in_directory(enrollment=second, shown=False)
    Enrollment.objects.filter(pk=mentor.pk).update(
        answers=mentor.answers | {"gender": "planted", "heritage": "planted"}
    )
    client = browser_of(mentee.person, sierra)
    page = page_of(client, PEOPLE)
    assert mentor.person.name in page
    assert second.person.name not in page
    assert client.get(reverse("directory_of_people:person", args=[second.pk])).status_code == 404
    detail = reverse("directory_of_people:person", args=[mentor.pk])
    for text in (page, page_of(client, detail)):
        for unseen in ("planted", mentor.person.email, mentor.answers["zip"]):
            assert unseen not in text
    assert "We ask" in client.post(detail, {"words": "Hello", "talk_first": "on"}, follow=True).content.decode()
    assert "Nobody like this" in page_of(client, PEOPLE + "?q=zzzz")
    assert mentor.person.name in page_of(client, PEOPLE + "?aspects=leadership&q=pediatrics")
    assert "Nobody like this" in page_of(client, PEOPLE + "?aspects=unheard")


def test_somebody_shows_and_hides_themselves(sierra: Society) -> None:
    cycle = finding_cycle(listed=False)
    mentee = people(cycle, Role.MENTEE)[0]
    client = browser_of(mentee.person, sierra)
    show = reverse("directory_of_people:show", urlconf="chiron.urls_society")
    assert "Others can find you now" in client.post(show, {"shown": "yes"}, follow=True).content.decode()
    assert directory.is_listed(mentee)
    assert "no longer find you" in client.post(show, {"shown": "no"}, follow=True).content.decode()
    assert not directory.is_listed(mentee)


def test_there_is_no_directory_where_the_program_has_none(sierra: Society) -> None:
    cycle = small_cycle()
    mentee = people(cycle, Role.MENTEE)[0]
    client = browser_of(mentee.person, sierra)
    assert client.get(PEOPLE).status_code == 404
    assert "find each other" not in page_of(client, "/")


def page_of(client: Client, address: str) -> str:
    reply = client.get(address)
    assert reply.status_code == 200
    text = reply.content.decode()
    assert words.found(re.sub(r"<[^>]+>", " ", text)) == []
    return text


def test_who_has_still_to_agree_is_not_found_and_asks_nobody(sierra: Society) -> None:
    cycle = finding_cycle(mentors=1, mentees=1, listed=False, agrees=False)
    (mentor,), (mentee,) = people(cycle, Role.MENTOR), people(cycle, Role.MENTEE)
    for attempt in (
        lambda: show_in_directory(enrollment=mentor, shown=True),
        lambda: known.register(mine=mentee, address=mentor.person.email),
    ):
        with pytest.raises(DomainError, match="Read first what everybody"):
            attempt()
    assert not Listing.objects.exists()
    assert not KnownPair.objects.exists()
    show_in_directory(enrollment=mentor, shown=False)
