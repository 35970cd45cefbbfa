"""One meter: mentorships running at a time. Staff meet the limit, participants never do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from billing import overrides
from billing.features import FEATURES, features_for
from billing.following import LOOK, follow
from billing.meter import account_of
from billing.models import Override, Plan, Subscription
from billing.subscriptions import begin_trial
from chiron.console.services import add_operator
from chiron.kernel import clock
from matching.publishing import changing, leaving, nexts
from matching.publishing.models import NextBest, Publication
from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.enrollment.models import Role
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.services import answer_no, answer_yes, mentor_and_mentee
from programs.policy.models import Cycle
from programs.policy.services import change_state, open_cycle
from tenants import allowance, context
from tenants.allowance import NotIncluded, Thing
from tenants.models import Due, Society
from tenants.people.models import Person, StaffRole
from tests.desk.making import small_cycle, take_part
from tests.desk.test_leaving import when_due
from tests.desk.test_next_best import by_itself
from tests.desk.test_publishing import together
from tests.enrollment.test_ceiling import next_session
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.test_requests import asked, finding_cycle, people, place


def room_for(society: Society, mentorships: int) -> None:
    """A trial in which so many may run at a time."""
    begin_trial(society=society)
    with context.platform():
        Override.objects.create(
            society=society, kind=Override.Kind.MENTORSHIPS, amount=mentorships, reason="A test", by="Ann"
        )


def bought(society: Society, plan: str, **facts: object) -> None:
    begin_trial(society=society)
    with context.platform():
        chosen = Plan.objects.get(key=plan)
        Subscription.objects.filter(society=society).update(plan=chosen, interval="year", status="active", **facts)


def lapse(society: Society) -> None:
    begin_trial(society=society)
    with context.platform():
        Subscription.objects.filter(society=society).update(trial_ends_at=clock.now() - timedelta(days=1))


def test_after_the_last_day_nothing_is_looked_at_again_and_again(sierra: Society) -> None:
    lapse(sierra)
    with clock.moved_by(timedelta(days=400)), context.platform():
        follow(Subscription.objects.select_related("society").get(society=sierra))
        assert not Due.objects.filter(kind=LOOK, due_at__lte=clock.now()).exists()


def test_sign_ups_and_requests_are_free_and_pairs_count_from_the_button(sierra: Society) -> None:
    cycle = small_cycle(mentors=2, mentees=3)
    run = suggest_pairs(cycle=cycle, by=None)
    assert allowance.in_use(sierra) == 0
    waiting = leaving.publish_later(run=run, by=None)
    assert allowance.in_use(sierra) == 2
    leaving.leave_now(publication=waiting, by=None)
    assert allowance.in_use(sierra) == 2
    answer_no(participation=mentor_and_mentee(Mentorship.objects.all()[0])[0])
    assert allowance.in_use(sierra) == 1


def test_what_was_stopped_gives_its_room_back(sierra: Society) -> None:
    waiting = leaving.publish_later(run=suggest_pairs(cycle=small_cycle(), by=None), by=None)
    leaving.stop(publication=waiting, by=None)
    assert allowance.in_use(sierra) == 0


def test_more_pairs_than_there_is_room_for_are_refused_with_the_room(sierra: Society) -> None:
    room_for(sierra, 1)
    run = suggest_pairs(cycle=small_cycle(), by=None)
    for way in (leaving.publish_later, publish):
        with pytest.raises(NotIncluded, match="room for 1 mentorship at a time, and 0 of it is taken") as refused:
            way(run=run, by=None)
        assert refused.value.room == 1
    assert not Mentorship.objects.exists()
    assert not Publication.objects.filter(state="waiting").exists()


def test_a_participants_yes_is_never_refused_and_counts(sierra: Society) -> None:
    room_for(sierra, 0)
    cycle = finding_cycle()
    mentor, mentee = people(cycle, Role.MENTOR)[0], people(cycle, Role.MENTEE)[0]
    request = asked(mentee, mentor)
    assert allowance.in_use(sierra) == 0
    answer_yes(participation=place(request, mentor))
    assert allowance.in_use(sierra) == 1
    with pytest.raises(NotIncluded, match="Wait until others end"):
        allowance.require(sierra, Thing.PUBLISH, pairs=1)


def test_the_next_best_goes_out_by_itself_as_far_as_there_is_room(sierra: Society) -> None:
    cycle = small_cycle()
    by_itself(cycle)
    publish(run=suggest_pairs(cycle=Cycle.objects.get(pk=cycle.pk), by=None), by=None)
    take_part(cycle, Role.MENTEE, "Waits")
    room_for(sierra, 1)
    answer_no(participation=mentor_and_mentee(Mentorship.objects.order_by("pk")[0])[0])
    when_due()
    found = NextBest.objects.get()
    with pytest.raises(NotIncluded):
        nexts.send_next(next_best=found, by=None)
    answer_no(participation=mentor_and_mentee(Mentorship.objects.order_by("pk")[1])[0])
    when_due()
    assert allowance.in_use(sierra) == 1


def test_another_mentor_takes_no_more_room_and_one_more_pair_does(sierra: Society) -> None:
    cycle = small_cycle(mentors=3)
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    room_for(sierra, 1)  # by now there are more than there is room for
    free = cycle.enrollments.get(role=Role.MENTOR, state="eligible")
    changing.change_pair(mentorship=Mentorship.objects.all()[0], mentor=free, reason="They moved", by=None)
    assert allowance.in_use(sierra) == 2
    mentee = take_part(cycle, Role.MENTEE, "More")
    mentor = cycle.enrollments.get(role=Role.MENTOR, state="eligible")
    with pytest.raises(NotIncluded):
        changing.add_pair(cycle=cycle, mentee=mentee, mentor=mentor, reason="They asked", by=None)


@pytest.mark.django_db(transaction=True)
def test_those_who_publish_at_the_same_moment_never_get_more_than_there_is(societies: dict[str, Society]) -> None:
    sierra = societies["sierra"]
    with context.society(sierra):
        first = small_cycle(mentors=1, mentees=1)
        mentor = first.enrollments.get(role=Role.MENTOR).person
        cycles = [first]
        for number in range(3):
            cycles.append(next_session(cycles[-1], mentor))
            Person.objects.filter(given_name="Later").update(
                given_name=f"Mentee{number}", email=f"mentee{number}@example.org"
            )
        runs = [suggest_pairs(cycle=cycle, by=None) for cycle in cycles]
        room_for(sierra, 2)
    ways = [leaving.publish_later, publish, leaving.publish_later, publish]
    refused = together(4, lambda number: ways[number](run=runs[number], by=None), sierra)
    assert sorted(isinstance(error, NotIncluded) for error in refused) == [False, False, True, True]
    assert allowance.in_use(sierra) == 2


def test_when_nothing_new_may_begin_what_runs_goes_on(sierra: Society) -> None:
    mentor, mentee = _proposed()
    cycle, later = mentor.mentorship.cycle, timedelta(days=366)
    drafted = open_cycle(
        program=cycle.program, part=cycle.part, starts_on=cycle.starts_on + later, today=cycle.starts_on, by=None
    )
    lapse(sierra)
    with pytest.raises(NotIncluded, match="Nothing new can begin at the moment"):
        change_state(cycle=drafted, to=Cycle.State.RECRUITING, by=None)
    assert not allowance.may(sierra, Thing.BULK_MAIL)
    answer_yes(participation=mentor)
    assert answer_yes(participation=mentee).state == Mentorship.State.ACTIVE


def test_what_waits_to_leave_is_not_published_once_nothing_new_may_begin(sierra: Society) -> None:
    waiting = leaving.publish_later(run=suggest_pairs(cycle=small_cycle(), by=None), by=None)
    lapse(sierra)
    assert leaving.leave_now(publication=waiting, by=None).trouble.startswith("Nothing new can begin")


@pytest.mark.parametrize(("key", "limit"), [("band-25", 25), ("band-more", None)])
def test_a_plan_says_how_many(sierra: Society, key: str, limit: int | None) -> None:
    bought(sierra, key)
    account = account_of(sierra)
    assert account is not None
    assert account.limit == limit


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_comes_with_the_plans_that_name_it(sierra: Society, feature: Thing) -> None:
    lapse(sierra)
    assert allowance.may(sierra, feature), "whoever tries has everything, and what runs goes on"
    bought(sierra, "band-25")
    for features in ([], [other for other in FEATURES if other != feature]):
        with context.platform():
            Plan.objects.filter(key="band-25").update(features=features)
        with pytest.raises(NotIncluded, match="does not come with your society’s plan"):
            allowance.require(sierra, feature)
    with context.platform():
        Plan.objects.filter(key="band-25").update(features=[feature])
    assert [each for each in FEATURES if allowance.may(sierra, each)] == [feature]


@pytest.mark.parametrize("feature", FEATURES)
def test_what_an_operator_gave_counts_until_it_ends(sierra: Society, feature: Thing) -> None:
    bought(sierra, "band-25")
    with context.platform():
        ann, until = add_operator(email="ann@example.org", name="Ann"), clock.now() + timedelta(days=3)
        given = overrides.give(society=sierra, kind=Override.Kind(feature), reason="To try it", by=ann, until=until)
    assert [each for each in FEATURES if allowance.may(sierra, each)] == [feature]
    with clock.moved_by(timedelta(days=3)):
        assert not allowance.may(sierra, feature)
    with context.platform():
        overrides.take_back(override=given, by=ann)
    assert not allowance.may(sierra, feature)


def test_an_owner_reads_which_plan_has_what(sierra: Society) -> None:
    bought(sierra, "band-100")
    with context.platform():
        Plan.objects.filter(key="band-300").update(features=["custom_domain", "sso"])
        Plan.objects.filter(key="band-more").update(features=[])
    domain, sign_in, connection = features_for(sierra)
    assert (domain.is_had, sign_in.is_had, connection.is_had) == (True, False, False)
    assert (sign_in.smallest, connection.smallest) == ("Up to 300 mentorships", "")
    page = browser_of(make_staff(StaffRole.Kind.OWNER), sierra).get(reverse("plan:plan")).content.decode()
    for said in ("is yours as soon as it is there", "from “Up to 300 mentorships” on", "in no plan at the moment"):
        assert said in page


def test_a_society_without_an_account_may_do_everything(sierra: Society) -> None:
    assert account_of(sierra) is None
    assert all(allowance.may(sierra, thing, pairs=1000) for thing in Thing)


def _proposed() -> tuple[Participation, Participation]:
    publish(run=suggest_pairs(cycle=small_cycle(mentors=1, mentees=1), by=None), by=None)
    return mentor_and_mentee(Mentorship.objects.get())
