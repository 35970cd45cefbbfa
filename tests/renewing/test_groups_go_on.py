"""Groups that go on: each member is asked alone, it is settled once, and those who wish it keep their places."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.groups import suggest_groups, waiting_in
from matching.publishing.services import publish
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.services import sign_up
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.touch import asking
from programs.policy.models import Cycle
from programs.policy.services import change_state
from programs.renewing import due, together
from programs.renewing.answering import come_again, not_this_time, to_agree
from programs.renewing.links import link_together
from programs.renewing.models import Asked, GoingOn, Renewal, Wish
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.design import words
from tests.desk.test_groups import cycle_of, join
from tests.enrollment.test_waiting_pages import read
from tests.factories.staff import browser_of, make_staff
from tests.renewing.making import asked, asked_all, fresh, mails, path, when


@contextmanager
def asked_of(part: str, **counts: int) -> Iterator[Renewal]:
    """A session with published groups that nears its end, and everybody of it asked to come again."""
    run = publish(run=suggest_groups(cycle=cycle_of(part, **counts), by=None), by=None)
    last = fresh(run.cycle)
    with clock.moved_by(last.ends_on - clock.today() - timedelta(days=20)):
        yield asked_all(last)


@pytest.fixture
def circle(sierra: Society) -> Iterator[Renewal]:
    """Four peers in a circle."""
    with asked_of("Peer circle", peer=4) as renewal:
        yield renewal


@pytest.fixture
def anybody(sierra: Society) -> Client:
    return Client(headers={"host": sierra.host})


def old() -> Mentorship:
    return Mentorship.objects.get(goes_on_from=None, state="active")


def page_of(given: str, sierra: Society) -> str:
    return path(link_together(asked(given), old()), sierra)


def says(client: Client, given: str, wish: str, sierra: Society) -> str:
    sent = {"wish": wish} | {field: "on" for field in _promises(client, page_of(given, sierra)) if wish == "yes"}
    reply = client.post(page_of(given, sierra), sent, follow=True)
    assert reply.status_code == 200, reply.content.decode()
    return " ".join(reply.content.decode().split())


def _promises(client: Client, address: str) -> list[str]:
    form = client.get(address).context.get("form")
    return list(form.fields) if form else []


def after_the_wait() -> None:
    """What a worker does when the time has come, twice."""
    at = when(together.KIND)
    assert at is not None
    with clock.moved_to(at + timedelta(seconds=1)):
        for _twice in range(2):
            due.settle(str(Mentorship.objects.filter(goes_on_from=None).get().pk))


def members(mentorship: Mentorship) -> list[str]:
    return sorted(mentorship.participations.values_list("person__given_name", flat=True))


def test_each_is_asked_and_opening_the_page_changes_nothing(circle: Renewal, anybody: Client, sierra: Society) -> None:
    mail = OutboxMail.objects.get(template="next_session", recipient__startswith="peer0")
    assert "Your group with" in mail.text
    assert "It goes on with those who wish it, if they are enough." in mail.text
    page = read(anybody, page_of("Peer0", sierra))
    assert "Go on with your group?" in page
    assert words.found(page) == []
    assert not Wish.objects.exists()


def test_those_who_wish_it_go_on_once_all_have_answered_and_keep_their_places(
    circle: Renewal, anybody: Client, sierra: Society
) -> None:
    for given in ("Peer0", "Peer1"):
        assert "you would like to go on with your group" in says(anybody, given, "yes", sierra)
    after_the_wait()
    assert not GoingOn.objects.exists(), "the others have not answered"
    assert "Nobody is told so" in says(anybody, "Peer2", "no", sierra)
    not_this_time(asked=asked("Peer3"))
    says(anybody, "Peer1", "yes", sierra)
    says(anybody, "Peer2", "no", sierra)
    together.wish(asked=asked("Peer2"), mentorship=old(), yes=None)
    together.wish(asked=asked("Peer2"), mentorship=old(), yes=False)
    after_the_wait()
    gone_on = GoingOn.objects.select_related("new__cycle").get()
    assert (gone_on.new.cycle, gone_on.new.state, members(gone_on.new)) == (circle.coming, "active", ["Peer0", "Peer1"])
    assert set(gone_on.new.participations.values_list("enrollment__state", "enrollment__cycle")) == {
        ("matched", circle.coming_id)
    }
    assert mails("group_goes_on") == ["peer0", "peer1"]
    mail = OutboxMail.objects.get(template="group_goes_on", recipient__startswith="peer0").text
    assert ("Peer1" in mail, "Peer2" in mail, "Peer3" in mail) == (True, False, False)
    assert when(asking.KIND, str(gone_on.new_id)) is not None
    assert "You wished to go on with your group, and so you do." in read(anybody, page_of("Peer0", sierra))
    with pytest.raises(DomainError, match="you can leave it"):
        together.wish(asked=asked("Peer0"), mentorship=gone_on.old, yes=None)
    with pytest.raises(DomainError, match="Write to us if you would like to be in it again"):
        together.wish(asked=asked("Peer2"), mentorship=gone_on.old, yes=True)
    text = read(browser_of(make_staff(), sierra), reverse("next_session:answers", args=[circle.last_id]))
    assert "1 group goes on" in text
    assert words.found(text.partition("<main")[2].partition("</main>")[0]) == []


def test_who_says_nothing_is_waited_for_until_sign_up_closes(circle: Renewal, anybody: Client, sierra: Society) -> None:
    for given in ("Peer0", "Peer1", "Peer2"):
        says(anybody, given, "yes", sierra)
    after_the_wait()
    assert not GoingOn.objects.exists()
    staff = read(browser_of(make_staff(), sierra), reverse("next_session:answers", args=[circle.last_id]))
    assert "These wish it, and it follows once everybody of their group has answered" in staff
    at = when(together.KIND)
    assert at is not None
    assert at.date() > circle.coming.sign_up_closes_on
    after_the_wait()
    assert members(GoingOn.objects.get().new) == ["Peer0", "Peer1", "Peer2"]


def test_nothing_is_settled_while_the_mails_are_being_written(
    circle: Renewal, anybody: Client, sierra: Society
) -> None:
    """They are written some at a time, so whoever reads late must not find the group made without them."""
    Asked.objects.filter(person__given_name__in=["Peer2", "Peer3"]).delete()
    Renewal.objects.update(asked_at=None)
    for given in ("Peer0", "Peer1"):
        says(anybody, given, "yes", sierra)
    with clock.moved_by(together.WAIT):
        due.settle(str(old().pk))
    assert not GoingOn.objects.exists()


def test_suggestions_settle_it_first_and_leave_those_who_go_on_alone(
    circle: Renewal, anybody: Client, sierra: Society
) -> None:
    for given in ("Peer0", "Peer1"):
        says(anybody, given, "yes", sierra)
    for given in ("Peer2", "Peer3"):
        come_again(asked=asked(given), agreed=to_agree(asked(given)).agreements)
    coming = change_state(cycle=fresh(circle.coming), to=Cycle.State.MATCHING, by=None)
    browser, desk = browser_of(make_staff(), sierra), reverse("desk:pairs", args=[coming.pk])
    with pytest.raises(DomainError, match="A group takes 4 people"):
        suggest_groups(cycle=coming, by=None)
    after_the_wait()
    assert members(GoingOn.objects.get().new) == ["Peer0", "Peer1"]
    assert sorted(each.person.given_name for each in waiting_in(coming)) == ["Peer2", "Peer3"]
    page = read(browser, desk)
    assert "1 group that came from no suggestion: going on from the last session." in page
    assert "The session can begin with the groups below." in page
    assert browser.post(reverse("desk:begin", args=[coming.pk]), follow=True).status_code == 200
    assert fresh(coming).state == "running"
    assert browser.get(reverse("desk:change", args=[coming.pk, GoingOn.objects.get().new_id])).status_code == 200


def test_groups_are_suggested_to_the_others_beside_those_that_go_on(
    circle: Renewal, anybody: Client, sierra: Society
) -> None:
    for given in ("Peer0", "Peer1"):
        says(anybody, given, "yes", sierra)
    for number in range(4):
        join(circle.coming, Role.PEER, f"New{number}")
    coming = change_state(cycle=fresh(circle.coming), to=Cycle.State.MATCHING, by=None)
    run = suggest_groups(cycle=coming, by=None)
    there = run.groups.get().places.values_list("enrollment__person__given_name", flat=True)
    assert sorted(there) == [f"New{number}" for number in range(4)]
    assert members(GoingOn.objects.get().new) == ["Peer0", "Peer1"], "even where no worker has been at it yet"
    assert mails("group_goes_on") == ["peer0", "peer1"]
    desk = reverse("desk:pairs", args=[coming.pk])
    browser = browser_of(make_staff(), sierra)
    assert "Go on from the last session" in read(browser, desk)
    assert "1 group that came from no suggestion" in read(browser, f"{desk}?which=others")
    publish(run=run, by=None)
    assert "Goes on from the last session." in read(browser, desk)


def test_one_alone_is_no_group_and_a_led_one_is_nothing_without_its_mentor(sierra: Society, anybody: Client) -> None:
    with asked_of("Mentoring group", mentor=1, mentee=4) as renewal:
        coming = renewal.coming
        for each in renewal.last.enrollments.select_related("person"):
            there = sign_up(cycle=coming, person=each.person, role=Role(each.role), answers=each.answers, by=None)
            Enrollment.objects.filter(pk=there.pk).update(state=Enrollment.State.ELIGIBLE)
        for given in ("Mentee0", "Mentee1", "Mentee2"):
            together.wish(asked=asked(given), mentorship=old(), yes=True)
        with clock.moved_to(together._close_of(coming)):
            together.settle(mentorship=old())
            assert not GoingOn.objects.exists(), "their mentor has not said so"
            together.wish(asked=asked("Mentor0"), mentorship=old(), yes=True)
            Wish.objects.filter(asked__person__given_name__in=["Mentee0", "Mentee2"]).delete()
            together.settle(mentorship=old())
        assert members(GoingOn.objects.get().new) == ["Mentee1", "Mentor0"]


def test_the_old_group_ends_when_the_new_session_starts(circle: Renewal, anybody: Client, sierra: Society) -> None:
    group = old()
    for given in ("Peer0", "Peer1", "Peer2", "Peer3"):
        says(anybody, given, "yes", sierra)
    after_the_wait()
    assert len(members(GoingOn.objects.get().new)) == 4, "all have answered"
    at = when(together.HAND_OVER)
    assert at is not None
    with clock.moved_to(at + timedelta(minutes=1)):
        for _twice in range(2):
            due.hand_over(str(group.pk))
    group.refresh_from_db()
    assert (group.state, GoingOn.objects.get().new.state) == ("ended", "active")


def test_whoever_left_the_group_is_not_asked_about_it(circle: Renewal, anybody: Client, sierra: Society) -> None:
    Participation.objects.filter(person__given_name="Peer3").update(answer=Participation.Answer.NO)
    assert together.pairs_of(asked("Peer3")) == []
    (mine,) = together.pairs_of(asked("Peer0"))
    assert sorted(person.given_name for person in mine.others) == ["Peer1", "Peer2"]


def test_staff_read_beforehand_how_many_groups_are_asked(sierra: Society) -> None:
    run = publish(run=suggest_groups(cycle=cycle_of("Peer circle", peer=4), by=None), by=None)
    last = fresh(run.cycle)
    with clock.moved_by(last.ends_on - clock.today() - timedelta(days=20)):
        text = read(browser_of(make_staff(), sierra), reverse("next_session:prepare", args=[last.pk]))
    assert "The people of 1 group are asked whether they would like to go on with it" in text
    assert "Your group with" in text
