"""What staff see of how pairs keep in touch: that they met and when, who is quiet, and nothing that is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.mentorships.models import Mentorship, Participation, Word
from programs.mentorships.touch.asking import ask_if_due
from programs.mentorships.touch.months import Line, begun, lines
from programs.mentorships.touch.pausing import pause
from programs.mentorships.touch.saying import note_meeting, say
from programs.policy.models import Cycle
from tenants.models import Society
from tenants.people.models import Person, StaffRole
from tests.desk.making import small_cycle
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.making import asked_first
from tests.mentorships.test_keeping_in_touch import Months


def kinds(pair: Months) -> list[str]:
    (line,) = lines(begun(pair.mentorship.cycle), pair.mentorship.cycle)
    return [month.kind.value for month in line.months]


def test_a_dot_for_each_month_of_the_session(sierra: Society) -> None:
    pair = Months(sierra)
    with pair.on(10):
        note_meeting(participation=pair.mentee, met_on=pair.start + timedelta(days=9))
    pair.pass_to(45)
    with pair.on(46):
        say(participation=pair.mentor, said=Word.Said.NOT_YET)
    pair.pass_to(80)
    with pair.on(95):
        assert kinds(pair) == ["met", "open", "said", "asked", "open", "open"]
        pause(participation=pair.mentor, until=pair.start + timedelta(days=130))
        assert kinds(pair)[3:5] == ["rests", "rests"]


@pytest.mark.parametrize("word", [False, True])
def test_quiet_is_who_says_nothing_for_two_weeks_after_a_question(sierra: Society, *, word: bool) -> None:
    pair = Months(sierra)
    pair.pass_to(30)
    client = browser_of(make_staff(), sierra)
    where = reverse("keeping:keeping", args=[pair.mentorship.cycle_id])
    with pair.on(43):
        assert "Nobody is quiet." in client.get(where).content.decode()
        if word:
            say(participation=pair.mentee, said=Word.Said.FINE)
    with pair.on(45):
        page, today = client.get(where).content.decode(), client.get(reverse("today")).content.decode()
        assert ("One is quiet" in page) is not word
        assert ("has not said for two weeks" in today) is not word
        pause(participation=pair.mentor, until=pair.start + timedelta(days=60))
        assert "Nobody is quiet." in client.get(where).content.decode()


def test_staff_see_that_they_met_and_when_and_nothing_else(sierra: Society) -> None:
    pair = Months(sierra)
    with pair.on(20):
        note_meeting(
            participation=pair.mentee, met_on=pair.start + timedelta(days=9), mode="virtual", activity="Secret walk"
        )
    owner = browser_of(make_staff(StaffRole.Kind.OWNER), sierra)
    page = owner.get(reverse("keeping:one", args=[pair.mentorship.cycle_id, pair.mentorship.pk])).content.decode()
    assert f"{pair.start + timedelta(days=9):%B}: met" in page
    assert "Secret walk" not in page
    assert "virtual" not in page
    assert "online" not in page.split("<main", 1)[1]
    committee = browser_of(make_staff(StaffRole.Kind.COMMITTEE, given="C"), sierra)
    assert committee.get(reverse("keeping:keeping", args=[pair.mentorship.cycle_id])).status_code == 404


def test_a_pair_of_another_session_is_not_there(sierra: Society) -> None:
    pair = Months(sierra)
    other = Cycle.objects.exclude(pk=pair.mentorship.cycle_id).first() or pair.mentorship.cycle
    client, wrong = browser_of(make_staff(), sierra), Mentorship(pk="01a20075-e3dc-7a3f-bbed-0c2b6a896c09")
    assert client.get(reverse("keeping:one", args=[other.pk, wrong.pk])).status_code == 404


@pytest.mark.parametrize(
    ("people", "named"), [("Ada", "Ada"), ("Ada Bo", "Ada and Bo"), ("Ada Bo Cy", "Ada, Bo and Cy")]
)
def test_everybody_of_a_line_is_named_as_one_would_say_it(people: str, named: str) -> None:
    places = [Participation(person=Person(given_name=name)) for name in people.split()]
    assert Line(Mentorship(), places, [], is_quiet=False).names == named


def test_the_list_is_in_the_order_of_whoever_stands_first(sierra: Society) -> None:
    cycle = asked_first(small_cycle(mentors=3, mentees=3), "nobody")
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    for mentor, mentee, family in (("Zoe", "Abe", "Adams"), ("Mia", "Ned", "Moss"), ("Ada", "Yul", "Zorn")):
        pair = Mentorship.objects.exclude(participations__person__given_name__in=("Zoe", "Mia", "Ada")).first()
        assert pair is not None
        for role, given, last in (("mentor", mentor, family), ("mentee", mentee, family[::-1])):
            Person.objects.filter(participations__mentorship=pair, participations__role=role).update(
                given_name=given, family_name=last
            )
    cycle = Cycle.objects.select_related("version", "program").get()
    assert [line.people[0].person.name for line in lines(begun(cycle), cycle)] == ["Zoe Adams", "Mia Moss", "Ada Zorn"]
    page = browser_of(make_staff(), sierra).get(reverse("keeping:keeping", args=[cycle.pk])).content.decode()
    assert "then by the mentor’s last name" in page


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_list_asks_the_same_number_of_questions_for_any_number(
    sierra: Society, django_assert_num_queries: DjangoAssertNumQueries, pairs: int
) -> None:
    cycle = asked_first(small_cycle(mentors=pairs, mentees=pairs), "nobody")
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    for mentorship in Mentorship.objects.all():
        ask_if_due(mentorship=mentorship)
    cycle = Cycle.objects.select_related("version", "program").get()
    with django_assert_num_queries(5):
        assert len(lines(begun(cycle), cycle)) == pairs
