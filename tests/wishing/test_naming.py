"""Saying whom one would like: who may, who is there, what is kept, and who drops out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Role
from programs.enrollment.pausing import pause
from programs.enrollment.services import withdraw
from programs.mentorships.requests import show_in_directory
from programs.own_copy.gathering import own_copy
from programs.policy.models import Cycle
from programs.policy.services import change_state, move_dates
from programs.wishing import due as dues
from programs.wishing.asking import SAY, SHOW
from programs.wishing.models import Named
from programs.wishing.selectors import named_by, wishes_in
from programs.wishing.services import put, take_out
from tenants import context
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tests.desk.making import small_cycle
from tests.wishing.making import people, wish, wishing_cycle


def test_a_list_is_kept_in_its_order_however_often_a_button_is_pressed(sierra: Society) -> None:
    cycle = wishing_cycle(at_most=3)
    (mentee, *_rest), (one, two, three) = people(cycle, Role.MENTEE), people(cycle, Role.MENTOR)
    wish(mentee, one, two, three)
    for _twice in range(2):
        put(mine=mentee, other=three, place=1)
        assert named_by(mentee) == [three, one, two]
    put(mine=mentee, other=one)
    for _twice in range(2):
        take_out(mine=mentee, other=one)
        assert named_by(mentee) == [three, two]
    put(mine=mentee, other=one, place=99)
    assert named_by(mentee) == [three, two, one]
    kept = Entry.objects.filter(verb="wishes.kept")
    assert [entry.facts for entry in kept.order_by("pk")] == [{"people": count} for count in (1, 2, 3, 3, 2, 3)]
    assert not [entry for entry in kept if str(one.pk) in str(entry.facts)]


@pytest.mark.parametrize("why", ["full", "closed", "not shown", "own side", "no wishes"])
def test_nobody_is_named_who_cannot_be(sierra: Society, why: str) -> None:
    cycle = small_cycle() if why == "no wishes" else wishing_cycle()
    (mentee, second, *_rest), (one, two, *others) = people(cycle, Role.MENTEE), people(cycle, Role.MENTOR)
    other = {"own side": second, "full": others[-1] if others else one}.get(why, one)
    if why == "full":
        wish(mentee, one, two)
    if why == "closed":
        Cycle.objects.filter(pk=cycle.pk).update(sign_up_closes_on=clock.today() - timedelta(days=1))
    if why == "not shown":
        show_in_directory(enrollment=one, shown=False)
    said = {
        "full": "You can name 2 people. Take somebody out first.",
        "closed": "Wishes closed on",
        "no wishes": "nobody is asked whom they would like",
    }.get(why, "cannot be named any more")
    with pytest.raises(DomainError, match=said):
        put(mine=mentee, other=other)
    assert len(named_by(mentee)) == (2 if why == "full" else 0)


def test_only_where_both_rank_does_a_mentor_name_anybody(sierra: Society) -> None:
    cycle = wishing_cycle()
    mentee, mentor = people(cycle, Role.MENTEE)[0], people(cycle, Role.MENTOR)[0]
    with pytest.raises(DomainError, match="nobody is asked whom they would like"):
        put(mine=mentor, other=mentee)
    Named.objects.create(mine=mentor, other=mentee, place=1)
    assert wishes_in(cycle) == {}, "what mentors said while both ranked does not count any more"


def test_whoever_withdraws_pauses_or_hides_drops_out_of_all_lists_and_the_next_moves_up(sierra: Society) -> None:
    cycle = wishing_cycle(mentors=4, at_most=4)
    mentee, mentors = people(cycle, Role.MENTEE)[0], people(cycle, Role.MENTOR)
    wish(mentee, *mentors)
    withdraw(enrollment=mentors[0], by=mentors[0].person)
    pause(person=mentors[1].person, enrollments=[mentors[1]], until=None)
    show_in_directory(enrollment=mentors[2], shown=False)
    assert named_by(mentee) == [mentors[3]]
    assert wishes_in(cycle) == {mentee.pk: [mentors[3].pk]}
    withdraw(enrollment=mentee, by=mentee.person)
    assert wishes_in(cycle) == {}


def test_no_more_count_than_the_settings_let_somebody_name(sierra: Society) -> None:
    cycle = wishing_cycle(at_most=1)
    mentee, mentors = people(cycle, Role.MENTEE)[0], people(cycle, Role.MENTOR)
    Named.objects.create(mine=mentee, other=mentors[1], place=1)
    Named.objects.create(mine=mentee, other=mentors[0], place=2)
    assert wishes_in(cycle) == {mentee.pk: [mentors[1].pk]}


def test_a_few_days_before_they_close_people_are_asked_once_and_only_those_whom_it_concerns(sierra: Society) -> None:
    cycle = wishing_cycle(mentors=2, mentees=2, shown=False)
    (early, late), (seen, unseen) = people(cycle, Role.MENTEE), people(cycle, Role.MENTOR)
    show_in_directory(enrollment=seen, shown=True)
    wish(early, seen)
    move_dates(cycle=cycle, by=None, sign_up_closes_on=clock.today() + timedelta(days=12))
    assert planned() == {SHOW, SAY}
    for ask in (dues.ask_to_be_read_about, dues.ask_whom_they_would_like):
        ask(str(cycle.pk))
    mails = OutboxMail.objects.filter(template__startswith="wishes_").order_by("id")
    assert list(mails.values_list("template", "recipient")) == [
        ("wishes_show", unseen.person.email),
        ("wishes_say", late.person.email),
    ]
    assert not any(early.person.family_name in mail.text and "named you" in mail.text for mail in mails)
    change_state(cycle=cycle, to=Cycle.State.RUNNING, by=None)
    assert planned() == set()


def planned() -> set[str]:
    with context.platform():
        return set(Due.objects.filter(kind__in=[SHOW, SAY]).values_list("kind", flat=True))


def test_somebody_takes_along_their_own_wishes_and_nobody_elses(sierra: Society) -> None:
    cycle = wishing_cycle(ranked_by="both")
    (mentee, other, *_rest), (mentor, *_others) = people(cycle, Role.MENTEE), people(cycle, Role.MENTOR)
    wish(mentee, mentor)
    wish(mentor, other)
    told = {each.person.given_name: str(own_copy(each.person)) for each in (mentee, mentor, other)}
    assert "Whom you would like" in told[mentee.person.given_name]
    assert mentor.person.name in told[mentee.person.given_name]
    assert mentee.person.name not in told[mentor.person.given_name]
    assert "Whom you would like" not in told[other.person.given_name]


def test_lists_are_read_in_one_query(sierra: Society, django_assert_num_queries: object) -> None:
    cycle = wishing_cycle()
    mentors = people(cycle, Role.MENTOR)
    for mentee in people(cycle, Role.MENTEE):
        wish(mentee, *mentors[:2])
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(wishes_in(cycle)) == 3
