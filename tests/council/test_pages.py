"""The council's pages: opening changes nothing, buttons do, and who has no council sees none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chiron.kernel import clock
from matching.council import ballots, deciding, seats
from matching.council.links import path_for
from matching.council.models import Ballot, Seat, Vote
from matching.council.selectors import open_ballot, seated
from matching.council.voting import cast, vote_of
from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.policy.document import store_policy
from programs.policy.models import Cycle, PolicyVersion
from programs.policy.services import change_state
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import StaffRole
from tests.council.making import (
    ALL,
    FIELD,
    HELP,
    NEAR,
    all_for,
    council_of,
    in_days,
    manager,
    opened,
    two_and_two,
    vote,
)
from tests.design import words
from tests.desk.making import small_cycle
from tests.factories.staff import browser_of, make_staff

Visitor = Callable[[str], Client]
QUERIES = 17
WORDS = dict.fromkeys(ALL, "little") | {FIELD: "most", NEAR: "none"}


def address(name: str, cycle: Cycle, *more: object) -> str:
    return reverse(f"council:{name}", args=[cycle.pk, *more])


def read(client: Client, path: str, **form: object) -> str:
    """A page, or what a button leads to."""
    reply = client.post(path, form, follow=True) if form else client.get(path, follow=True)
    return reply.content.decode()


# --- The mail's page


def test_the_link_opens_the_ballot_without_signing_in_and_changes_nothing(
    commonwealth: Society, visitor: Visitor
) -> None:
    _ballot, [voter, *_others] = opened(3)
    link = path_for(voter)
    assert link in OutboxMail.objects.get(recipient=voter.person.email).text
    for path in (link, f"{link}in-numbers/"):
        for method in ("get", "head"):
            assert getattr(visitor(commonwealth.host), method)(path).status_code == 200
    assert visitor(commonwealth.host).get(f"{link}take-back/").status_code == 405
    assert not Vote.objects.exists()
    page = read(visitor(commonwealth.host), link)
    assert page.count("For instance:") == len(ALL)
    assert page.count('type="radio"') == 4 * len(ALL)
    assert "women physicians" in page


def test_a_vote_in_words_without_scripts_changed_and_taken_back(commonwealth: Society) -> None:
    _ballot, [voter, *_others] = opened(3)
    browser, link = Client(headers={"host": commonwealth.host}, enforce_csrf_checks=True), path_for(voter)
    assert browser.post(link, WORDS).status_code == 403
    token = {"csrfmiddlewaretoken": str(browser.get(link).context["csrf_token"])}
    assert "Noted. Your vote counts." in read(browser, link, **WORDS, **token)
    again = read(browser, link)
    assert "Matters most" in again
    assert 'type="radio"' not in again
    assert read(browser, f"{link}?change=yes").count(" checked") == len(ALL)
    # The back button sends the same once more, and another tab something else: the later one counts.
    read(browser, link, **WORDS, **token)
    read(browser, link, **(WORDS | {HELP: "some"}), **token)
    mine = vote_of(voter)
    assert mine is not None
    assert (mine.levels[HELP], Vote.objects.count()) == ("some", 1)
    assert "taken back" in read(browser, f"{link}take-back/", **token)
    assert not Vote.objects.exists()


def test_what_is_missing_is_asked_again_and_the_rest_stays(commonwealth: Society, visitor: Visitor) -> None:
    _ballot, [voter, *_others] = opened(3)
    some = {name: level for name, level in WORDS.items() if name != HELP}
    reply = visitor(commonwealth.host).post(path_for(voter), some)
    assert reply.status_code == 422
    page = reply.content.decode()
    assert "Choose how much this matters." in page
    assert page.count(" checked") == len(ALL) - 1
    nothing = visitor(commonwealth.host).post(path_for(voter), dict.fromkeys(ALL, "none"))
    assert "Something has to matter" in nothing.content.decode()


def test_finer_numbers_have_to_add_up(commonwealth: Society, visitor: Visitor) -> None:
    _ballot, [voter, *_others] = opened(3)
    browser, path = visitor(commonwealth.host), f"{path_for(voter)}in-numbers/"
    assert 'value="27"' in read(browser, path)  # the present settings, to begin with
    words = dict.fromkeys(ALL, "none") | {FIELD: "most", NEAR: "most", "words": "yes"}
    begun = browser.post(path, words).content.decode()
    assert begun.count('value="50"') == 2, "what was chosen in words and not yet sent"
    assert not Vote.objects.exists()
    assert 'value="27"' in browser.post(path, {FIELD: "most", "words": "yes"}).content.decode(), "not all were chosen"
    short = browser.post(path, all_for(HELP) | {HELP: 90})
    assert (short.status_code, "10 more to give" in short.content.decode()) == (422, True)
    assert "20 too many" in browser.post(path, all_for(HELP) | {NEAR: 20}).content.decode()
    assert "Noted" in read(browser, path, **(all_for(HELP) | {HELP: 60, NEAR: 40}))
    assert "60%" in read(browser, path_for(voter))
    assert "You voted in numbers" in read(browser, f"{path_for(voter)}?change=yes")


def test_a_link_whose_time_is_over_says_so(commonwealth: Society, visitor: Visitor) -> None:
    ballot, [voter, *_others] = opened(3)
    browser = visitor(commonwealth.host)
    with clock.moved_to(ballot.closes_at + timedelta(seconds=1)):
        assert "This ballot has closed" in read(browser, path_for(voter), **WORDS)
    with clock.moved_to(ballot.closes_at + timedelta(days=31)):
        assert browser.get(path_for(voter)).status_code == 410
    assert browser.get(path_for(voter).replace("/council/", "/council/x")).status_code == 404
    ballots.call_off(ballot=ballot, by=manager())
    assert "This ballot was called off" in read(browser, path_for(voter))


def test_a_link_of_a_seat_that_was_freed_opens_nothing(commonwealth: Society, visitor: Visitor) -> None:
    ballot, [voter, *_others] = opened(4)
    link = path_for(voter)
    StaffRole.objects.filter(person=voter.person).delete()
    assert "This seat is no longer yours" in read(visitor(commonwealth.host), link)
    seats.leave(seat=Seat.objects.get(pk=voter.seat_id), by=manager())
    gone = visitor(commonwealth.host).get(link)
    assert gone.status_code == 404
    assert "This seat is no longer yours" in gone.content.decode()
    assert visitor(commonwealth.host).post(link, WORDS).status_code == 404
    assert ballot.voters.count() == 3


# --- The staff area


def test_where_no_seats_are_named_there_is_no_council(sierra: Society) -> None:
    cycle = small_cycle()
    browser = browser_of(make_staff(), sierra)
    assert browser.get(address("council", cycle)).status_code == 404
    assert "Advisory council" not in read(browser, reverse("sessions:board", args=[cycle.pk]))


def test_switched_off_in_the_settings_it_is_gone(commonwealth: Society) -> None:
    cycle, _people = council_of(3)
    browser = browser_of(manager(), commonwealth)
    assert "Advisory council" in read(browser, reverse("sessions:board", args=[cycle.pk]))
    document = store_policy(cycle.version.policy) | {"source": None}
    del document["parts"][0]["matching"]["council"]
    PolicyVersion.objects.filter(pk=cycle.version_id).update(document=document)
    assert browser.get(address("council", cycle)).status_code == 404


def test_a_manager_fills_seats_opens_a_ballot_and_decides(commonwealth: Society) -> None:
    cycle, _people = council_of(2)
    browser = browser_of(manager(), commonwealth)
    page = read(browser, address("council", cycle))
    assert "at least 3 seats" in page
    unknown = browser.post(address("seat", cycle, 2), {"email": "ida@example.org", "ends_on": cycle.ends_on})
    assert "Nobody here has this address yet" in unknown.content.decode()
    ida = {"email": "ida@example.org", "given_name": "Ida", "family_name": "Nilsen", "ends_on": cycle.ends_on}
    assert "Ida Nilsen has the seat" in read(browser, address("seat", cycle, 2), **ida)
    offered = read(browser, address("ballot", cycle))
    assert "Open it and write to 3 people" in offered
    assert "senior physicians" in offered  # nobody sits there, so it is not asked
    late = browser.post(address("ballot", cycle), {"closes_on": cycle.publish_on})
    assert (late.status_code, "comes too late" in late.content.decode()) == (422, True)
    for _time in range(2):
        page = read(browser, address("ballot", cycle), closes_on=in_days(5))
    assert (Ballot.objects.count(), OutboxMail.objects.filter(template="council_asked").count()) == (1, 3)
    assert page.count(">not yet<") == 3
    ballot = Ballot.objects.get()
    for voter in ballot.voters.all():
        cast(voter=voter, percents=all_for(HELP))
    assert "3 of 3 seats voted" in read(browser, address("close", cycle), sent="yes")
    adopt = read(browser, address("adopt", cycle))
    assert 'value="100"' in adopt
    changed = browser.post(address("adopt", cycle), all_for(NEAR) | {"after": 1})
    assert "Say why you change it" in changed.content.decode()
    assert "this session has them" in read(browser, address("adopt", cycle), **all_for(HELP), after=1)
    assert "Adopted on" in read(browser, address("council", cycle))
    assert browser.get(address("leave", cycle))["Location"] == address("council", cycle)


def test_what_was_made_of_the_result_stands_beside_it(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    vote(voters, HELP, HELP, HELP)
    ballot = ballots.close_ballot(ballot=ballot)
    browser, page = browser_of(manager(), commonwealth), address("council", ballot.cycle)
    assert all(word not in read(browser, page) for word in ("Before", "Adopted"))
    deciding.adopt(ballot=ballot, percents=all_for(NEAR), reason="Nobody drives.", by=manager())
    assert read(browser, page).count('data-label="Adopted" class="number"><strong>100%') == 1
    assert 'data-label="Before"' in read(browser, page)
    assert 'data-label="Now"' not in read(browser, page)


def test_newer_settings_meanwhile_are_shown_before_anything_is_adopted(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    vote(voters, HELP, HELP, FIELD)
    ballots.close_ballot(ballot=ballot)
    browser, cycle = browser_of(manager(), commonwealth), ballot.cycle
    document = store_policy(ballot.version.policy) | {"purpose": "Another purpose."}
    PolicyVersion.objects.create(program=cycle.program, number=2, document=document, digest="0", created_at=clock.now())
    reply = browser.post(address("adopt", cycle), all_for(HELP) | {"after": 1})
    page = reply.content.decode()
    assert reply.status_code == 422
    assert "changed the program’s settings meanwhile" in page
    assert "Along with it" in page
    assert 'name="after" value="2"' in page
    read(browser, address("adopt", cycle), **all_for(HELP), after=2)
    assert PolicyVersion.objects.count() == 3


def test_reminding_moving_the_day_and_calling_off(commonwealth: Society) -> None:
    ballot, _voters = opened(3)
    browser, cycle = browser_of(manager(), commonwealth), ballot.cycle
    assert "written to within a day" in read(browser, address("remind", cycle), sent="yes")
    assert "runs through" in read(browser, address("day", cycle), closes_on=in_days(12))
    assert browser.post(address("day", cycle), {"closes_on": in_days(-3)}).status_code == 422
    assert "nobody was written to" in read(browser, address("call_off", cycle), sent="yes")
    assert "has no ballot" not in read(browser, address("day", cycle))
    assert "Called off" in read(browser, address("council", cycle))


def test_a_member_is_led_to_their_vote_and_sees_no_names(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    browser = browser_of(voters[0].person, commonwealth)
    page = read(browser, address("council", ballot.cycle))
    assert "Vote now" in page
    for voter in voters[1:]:
        assert voter.person.given_name not in page
    assert "What matters in a match?" in read(browser, address("vote", ballot.cycle))
    assert "Advisory council" in read(browser, reverse("sessions:board", args=[ballot.cycle_id]))
    for name in ("ballot", "adopt", "leave", "day"):
        assert browser.get(address(name, ballot.cycle)).status_code == 404


def test_a_ballot_waits_on_todays_page_for_whoever_has_not_voted(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    first, second = (browser_of(voter.person, commonwealth) for voter in voters[:2])
    link = reverse("council:vote", args=[ballot.cycle_id])
    assert link in read(first, "/staff/")
    assert "Nothing waits for you" not in read(first, "/staff/")
    vote(voters[:1], FIELD)
    assert "Nothing waits for you" in read(first, "/staff/")
    assert link in read(second, "/staff/"), "another's vote is not theirs"
    assert link not in read(browser_of(manager(), commonwealth), "/staff/"), "whoever has no seat is not asked"
    with clock.moved_by(timedelta(days=12)):
        assert link not in read(second, "/staff/")


def test_once_pairs_are_published_no_ballot_is_promised(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    ballots.call_off(ballot=ballot, by=manager())
    browser = browser_of(voters[0].person, commonwealth)
    assert "A ballot opens" in read(browser, address("council", ballot.cycle))
    Cycle.objects.filter(pk=ballot.cycle_id).update(state=Cycle.State.RUNNING)
    page = read(browser, address("council", ballot.cycle))
    assert "so its settings stay" in page
    assert "A ballot opens" not in page
    assert "Pairs are to be published" not in page


def test_the_pages_use_people_s_words(commonwealth: Society, visitor: Visitor) -> None:
    ballot, voters = opened(5)
    vote(voters, HELP, FIELD, FIELD, NEAR, NEAR)
    browser = browser_of(manager(), commonwealth)
    pages = [read(browser, address(name, ballot.cycle)) for name in ("council", "day")]
    pages += [read(browser, address("seat", ballot.cycle, 0))]
    pages += [
        read(visitor(commonwealth.host), path) for path in (path_for(voters[0]), f"{path_for(voters[0])}?change=y")
    ]
    ballots.close_ballot(ballot=ballot)
    pages += [read(browser, address(name, ballot.cycle)) for name in ("council", "adopt", "leave")]
    pages += list(OutboxMail.objects.values_list("text", flat=True))
    for page in pages:
        main = page.partition("<main")[2].partition("</main>")[0] or page
        assert [word for word in words.found(main) if f"/{word}" not in main] == []


def test_the_page_asks_as_often_for_nine_seats_as_for_three(
    commonwealth: Society, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ballot, voters = opened(3)
    vote(voters, HELP, FIELD, FIELD)
    browser = browser_of(manager(), commonwealth)
    page = address("council", ballot.cycle)
    browser.get(page)
    with django_assert_num_queries(QUERIES):
        browser.get(page)
    for number, name in enumerate(ballot.cycle.settings.matching.council.seats[3:]):  # type: ignore[union-attr]
        seats.appoint(cycle=ballot.cycle, seat=name, email=f"more{number}@example.org", given_name="M", by=manager())
    assert len(seated(ballot.cycle)) == 9
    with django_assert_num_queries(QUERIES):
        browser.get(page)


@pytest.mark.parametrize("day", [0, 179])
def test_a_ballot_takes_days_that_make_sense(commonwealth: Society, day: int) -> None:
    cycle, _people = council_of(3)
    Cycle.objects.filter(pk=cycle.pk).update(publish_on=in_days(200), starts_on=in_days(207), ends_on=in_days(300))
    assert ballots.open_ballot(cycle=cycle, closes_on=in_days(day), by=manager()).last_day == in_days(day)


def test_while_the_council_votes_publishing_says_what_that_means_and_afterwards_the_ballot_does(
    commonwealth: Society,
) -> None:
    ballot, _voters = opened(3)
    two_and_two(ballot.cycle)
    cycle = change_state(cycle=ballot.cycle, to=Cycle.State.MATCHING, by=None)
    run = suggest_pairs(cycle=cycle, by=None)
    browser = browser_of(manager(), commonwealth)
    assert "Once pairs are published" in read(browser, reverse("desk:publish", args=[cycle.pk]))
    assert "are published, so" not in read(browser, address("council", cycle))
    publish(run=run, by=None)
    assert "The pairs of this session are published, so" in read(browser, address("council", cycle))
    ballots.close_ballot(ballot=ballot)
    assert open_ballot(cycle) is None
