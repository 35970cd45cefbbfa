"""The people at a glance: what is counted, whom the rules leave nobody, and what one more mentor would bring."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chiron.kernel import clock
from matching.models import MatchRun
from matching.pool import background, recruiting
from matching.pool.alone import alone, by_rule
from matching.pool.kinds import Kind
from matching.pool.recruiting import worth
from matching.pool.regions import called, region_of
from matching.pool.supply import Supply
from matching.services import decide_pair, suggest_pairs
from programs.enrollment.models import Enrollment, Role
from programs.policy.models import Cycle
from programs.policy.services import change_state
from tenants.models import Society
from tenants.people.models import Person, StaffRole
from tests.desk.making import KEEP, NEVER, small_cycle, take_part
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import browser_of, make_staff


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def page(client: Client, cycle: Cycle, name: str = "glance", **query: Any) -> str:
    reply = client.get(reverse(f"desk:{name}", args=[cycle.pk]), query)
    assert reply.status_code == 200
    return reply.content.decode()


def counted(cycle: Cycle, by: str) -> dict[str, tuple[int, int, int, int]]:
    lines = Supply.of(cycle).lines(by)
    return {line.label: (line.mentees, line.wanted, line.mentors, line.places) for line in lines}


def test_people_and_places_are_counted_by_what_they_are_and_want(sierra: Society) -> None:
    cycle = make_cycle()
    take_part(cycle, Role.MENTOR, "Ann", places=2, aspects=["research", "leadership"], zip="95661")
    take_part(cycle, Role.MENTEE, "Bo", specialty="Cardiology", aspects=["leadership"], zip="95814")
    take_part(cycle, Role.MENTEE, "Cy", specialty="", aspects=[], zip="")
    assert counted(cycle, "specialty") == {
        "Cardiology": (1, 1, 0, 0),
        "Pediatrics": (0, 0, 1, 2),
        "not said": (1, 1, 0, 0),
    }
    assert list(counted(cycle, "stage")) == ["resident", "late career"], "in the order of a career"
    assert counted(cycle, "help") == {"leadership": (1, 1, 1, 2), "research": (0, 0, 1, 2), "not said": (1, 1, 0, 0)}
    assert set(counted(cycle, "region")) == {"Placer County (956…)", "Sacramento County (958…)", "not said"}


def test_regions_are_called_by_the_county_of_most() -> None:
    assert called(["95661", "95814", "95811", "95630"])["958"] == "Sacramento County (958…)"
    assert called(["00099"]) == {"000": "ZIP codes 000…"}
    assert [region_of(code) for code in ("95814-1234", "9", "ABCDE", None, "٩٥٨١٤")] == ["958", "", "", "", ""]


def test_whoever_has_a_pair_or_cannot_take_part_is_not_counted(sierra: Society) -> None:
    cycle = small_cycle(mentors=2, mentees=3)
    Enrollment.objects.filter(person__given_name="Mentee0").update(state="waitlisted")
    whole = Supply.of(cycle).whole
    assert (whole.mentees, whole.mentors) == (2, 2)


def test_whom_the_rules_leave_nobody_is_told_by_rule(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=1)
    behind = take_part(cycle, Role.MENTOR, "Behind", stage="pre-med")
    online = take_part(cycle, Role.MENTEE, "Online", languages=["Hmong"])
    found = alone(Supply.of(cycle))
    assert {(each.there.enrollment.pk, each.rule) for each in found} == {
        (behind.pk, "mentor_not_further_along"),
        (online.pk, "no_common_language"),
    }
    assert [(rule, dict(count)) for rule, _words, count in by_rule(found)] == [
        ("mentor_not_further_along", {"mentor": 1}),
        ("no_common_language", {"mentee": 1}),
    ]
    assert "2 mentors: they have no common language" in next(each.why for each in found)


def test_nobody_is_alone_as_long_as_a_side_is_empty(sierra: Society) -> None:
    cycle = make_cycle()
    take_part(cycle, Role.MENTEE, "Bo")
    assert alone(Supply.of(cycle)) == []


def test_one_more_mentor_is_worth_what_solving_with_them_says(sierra: Society) -> None:
    """Two mentees wait; each would be nearest to a mentor of their own specialty."""
    cycle = small_cycle(mentors=1, mentees=2)
    take_part(cycle, Role.MENTEE, "Heart", specialty="Cardiology", zip="95661", aspects=["research"])
    steps = worth(Supply.of(cycle)).kinds
    assert [step.pairs for step in steps] == [1, 1], "there are three mentees and one place"
    named = [name for step in steps for _pk, name in step.new]
    assert len(set(named)) == 2
    heart = next(step for step in steps if "Heart Vega" in [name for _pk, name in step.new])
    assert (heart.kind.region, heart.kind.help) == ("956", "research"), "the program weighs these two most"
    assert not MatchRun.objects.exists(), "nothing is kept"


def test_a_narrow_kind_is_named_only_where_it_brings_more(sierra: Society, monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = small_cycle(mentors=2, mentees=2)
    take_part(cycle, Role.MENTEE, "Third")
    (step,) = worth(Supply.of(cycle)).kinds
    assert step.kind == Kind(region="958", zip="95814", help="leadership")
    monkeypatch.setattr(recruiting, "NEARLY", 0.5)
    step = worth(Supply.of(cycle)).kinds[0]
    assert step.kind == Kind(), "anybody would do nearly as well"


def test_a_mentor_is_asked_for_one_more_place_only_if_that_may_be(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=2)
    (place,) = worth(Supply.of(cycle)).places
    assert (place.name, place.pairs) == ("Mentor0 Vega", 1)
    Person.objects.filter(given_name="Mentor0").update(most_at_once=1)
    assert worth(Supply.of(cycle)).places == []
    Person.objects.update(most_at_once=None)
    mentor = cycle.enrollments.get(role=Role.MENTOR)
    mentor.answers["places"] = cycle.settings.roles["mentor"].places.most
    mentor.save()
    for number in range(2):
        take_part(cycle, Role.MENTEE, f"More{number}")
    assert worth(Supply.of(cycle)).places == []


def test_nothing_is_named_where_nothing_helps(sierra: Society, manager: Client) -> None:
    cycle = make_cycle()
    take_part(cycle, Role.MENTOR, "Ann")
    change_state(cycle=cycle, to=Cycle.State.MATCHING, by=None)
    assert "What one more mentor would bring" not in page(manager, cycle)
    assert "Nobody looks for a mentor yet" in page(manager, cycle)


def test_the_page_opens_every_number_into_its_people(sierra: Society, manager: Client) -> None:
    cycle = small_cycle(mentors=1, mentees=2)
    online = take_part(cycle, Role.MENTEE, "Online", languages=["Hmong"])
    for by in ("specialty", "stage", "region", "help"):
        assert "People at a glance" in page(manager, cycle, by=by)
    shown = page(manager, cycle)
    assert "They have no common language" in shown
    mentees = page(manager, cycle, "glance_people", by="specialty", value="Pediatrics", role="mentee")
    assert all(f"{name} Vega" in mentees for name in ("Mentee0", "Mentee1", "Online"))
    assert "Mentor0" not in mentees
    ruled = page(manager, cycle, "glance_people", rule="no_common_language", role="mentee")
    assert "Online Vega" in ruled
    assert "Mentee0" not in ruled
    assert "1 mentor: they have no common language" in ruled
    online.delete()
    gone = manager.get(reverse("desk:glance_people", args=[cycle.pk]), {"rule": "no_common_language"}, follow=True)
    assert "People at a glance" in gone.content.decode()
    assert "Nobody like this waits now" in page(manager, cycle, "glance_people", by="help", value="law")
    for query in ({"by": "gender"}, {"role": "owner"}):
        assert manager.get(reverse("desk:glance_people", args=[cycle.pk]), query).status_code == 404
    assert manager.get(reverse("desk:glance", args=[cycle.pk]), {"by": "heritage"}).status_code == 404


def test_a_kind_leads_to_those_on_the_list_who_are_of_it(sierra: Society, manager: Client) -> None:
    cycle = small_cycle(mentors=1, mentees=2)
    for number in range(2):
        person = make_person(f"Listed{number}", "Lee", specialty="Pediatrics", roster={"zip": "95811"})
        Person.objects.filter(pk=person.pk).update(on_roster_since=clock.now(), email=f"l{number}@example.org")
    shown = page(manager, cycle)
    assert "could be invited" in shown
    assert reverse("invited:many", args=[cycle.pk]) in shown
    StaffRole.objects.update(program_id=cycle.program_id)
    partly = page(manager, cycle)
    assert "could be invited" not in partly, "how many members there are is told to nobody else"
    assert "Invite mentors" in partly


def test_the_invitation_page_takes_the_segment_over(sierra: Society, manager: Client) -> None:
    cycle = small_cycle(mentors=1, mentees=2)
    Cycle.objects.update(state="recruiting")
    person = make_person("Listed", "Lee", specialty="Pediatrics", roster={"zip": "95811"})
    Person.objects.filter(pk=person.pk).update(on_roster_since=clock.now(), email="l@example.org")
    query = {"role": "mentor", "source": "list", "specialty": "Pediatrics", "zip_begins": "958"}
    found = manager.get(reverse("invited:many", args=[cycle.pk]), query).content.decode()
    assert "Write to 1 person" in found or "Listed Lee" in found


def test_kept_pairs_that_cannot_be_are_told(sierra: Society, manager: Client) -> None:
    cycle = small_cycle(mentors=1, mentees=1)
    mentee, mentor = cycle.enrollments.get(role=Role.MENTEE), cycle.enrollments.get(role=Role.MENTOR)
    decide_pair(cycle=cycle, mentee=mentee, mentor=mentor, kind=KEEP, reason="", by=make_person("Lee"))
    mentee.answers["languages"] = ["Hmong"]
    mentee.save()
    assert "cannot all be any more" in page(manager, cycle)


def test_what_was_worked_out_is_remembered_until_something_changes(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=2)
    assert background.remembered(Supply.of(cycle)) is None
    found = background.work_out(Supply.of(cycle))
    kept = background.remembered(Supply.of(cycle))
    assert kept is not None
    assert [step.kind for step in kept.kinds] == [step.kind for step in found.kinds]
    mentee, mentor = cycle.enrollments.filter(role=Role.MENTEE)[0], cycle.enrollments.get(role=Role.MENTOR)
    decide_pair(cycle=cycle, mentee=mentee, mentor=mentor, kind=NEVER, reason="", by=make_person("Lee"))
    assert background.remembered(Supply.of(cycle)) is None


def test_a_large_session_is_left_to_a_worker_that_can_be_stopped(
    sierra: Society, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "AT_ONCE", 1)
    cycle = small_cycle(mentors=1, mentees=2)
    assert "Work it out" in page(manager, cycle)
    work = reverse("desk:one_more", args=[cycle.pk])
    for _twice in range(2):
        assert "It begins in a moment" in manager.post(work, follow=True).content.decode()
    asks = partial(manager.get, reverse("desk:glance", args=[cycle.pk]), headers={"hx-request": "true"})
    assert "It begins in a moment" in asks().content.decode()
    assert "Who looks for what" not in asks().content.decode(), "who waits is not counted again and again"
    assert "Work it out" in manager.post(work, {"stop": "yes"}, follow=True).content.decode()
    assert asks().headers["HX-Refresh"] == "true"
    background.work_out_in_background(cycle_id=cycle.pk)
    assert "Work it out" in page(manager, cycle), "it was stopped"
    background.begin(cycle)
    background.work_out_in_background(cycle_id=cycle.pk)
    assert "1 pair more" in page(manager, cycle)


def test_what_the_worker_was_refused_is_told_once(
    sierra: Society, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "AT_ONCE", 0)
    cycle = small_cycle(mentors=1, mentees=1)
    mentee, mentor = cycle.enrollments.get(role=Role.MENTEE), cycle.enrollments.get(role=Role.MENTOR)
    decide_pair(cycle=cycle, mentee=mentee, mentor=mentor, kind=KEEP, reason="", by=make_person("Lee"))
    mentee.answers["languages"] = ["Hmong"]
    mentee.save()
    background.begin(cycle)
    background.work_out_in_background(cycle_id=cycle.pk)
    assert "cannot all be any more" in page(manager, cycle)
    assert "cannot all be any more" not in page(manager, cycle)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_questions_for_any_number_of_people(
    sierra: Society, manager: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cycle = small_cycle(mentors=count, mentees=count)
    page(manager, cycle)
    with django_assert_num_queries(14):
        page(manager, cycle)


def test_the_desk_leads_to_it_before_and_after_a_suggestion(sierra: Society, manager: Client) -> None:
    cycle = small_cycle()
    here = reverse("desk:glance", args=[cycle.pk])
    assert here in page(manager, cycle, "pairs")
    suggest_pairs(cycle=cycle, by=None)
    assert here in page(manager, cycle, "pairs")
