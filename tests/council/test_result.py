"""Where a result is seen: votes as they were cast, on one scale, how they became it, and the marks beside sliders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.urls import reverse

from chiron.kernel import clock
from matching.council import ballots
from matching.council.deciding import leave_as_it_is
from matching.council.models import Ballot
from matching.council.voting import cast
from programs.policy.models import Cycle
from programs.policy.services import change_state
from tenants.models import Society
from tests.council.making import ALL, FIELD, HELP, INTERESTS, NEAR, manager, opened, two_and_two
from tests.factories.staff import browser_of

# The one in the middle: 31, 10 and 19, which make 60 together.
OF_FIVE = ((31, 60, 9), (31, 9, 60), (31, 50, 19), (0, 0, 100), (90, 10, 0))


def decided(votes: Sequence[tuple[int, int, int]]) -> Ballot:
    """A ballot that has closed, in which so many voted about help, closeness and field alone."""
    ballot, voters = opened(len(votes))
    for voter, said in zip(voters, votes, strict=True):
        cast(voter=voter, percents=dict.fromkeys(ALL, 0) | dict(zip((HELP, NEAR, FIELD), said, strict=True)))
    return ballots.close_ballot(ballot=ballot)


def page_of(ballot: Ballot, society: Society) -> str:
    return (
        browser_of(manager(), society)
        .get(reverse("council:council", args=[ballot.cycle_id]))
        .content.decode()
        .replace("&#x27;", "’")
    )


def test_beside_the_votes_stands_the_vote_in_the_middle_and_the_page_says_how_it_becomes_the_result(
    commonwealth: Society,
) -> None:
    ballot = decided(OF_FIVE)
    assert (ballot.result["percents"][HELP], ballot.result["percents"][INTERESTS]) == (51, 0)
    page = page_of(ballot, commonwealth)
    assert "31% in the middle, as at least half of them say" in page
    assert "10% in the middle, half of them 9% to 50%" in page
    assert "Together these make 60 percent, so all are raised in proportion: 31% becomes 51%." in page


def test_of_fewer_than_five_votes_the_page_tells_no_vote_in_numbers(commonwealth: Society) -> None:
    page = page_of(decided(OF_FIVE[:4]), commonwealth)
    assert "in proportion, so that all make 100 percent" in page
    assert "% in the middle" not in page


def test_where_no_median_is_anything_the_page_says_that_the_average_counts(commonwealth: Society) -> None:
    page = page_of(decided([(100, 0, 0), (100, 0, 0), (0, 100, 0), (0, 100, 0), (0, 0, 100)]), commonwealth)
    assert "so the average of all votes counts. A few votes far from the others" in page
    assert "0% in the middle, half of them 0% to 100%" in page


def sliders_of(cycle: Cycle, society: Society) -> str:
    page = browser_of(manager(), society).get(reverse("desk:weights", args=[cycle.pk]))
    assert page.status_code == 200
    return page.content.decode()


def test_beside_the_sliders_stands_what_was_voted_once_the_ballot_has_closed(commonwealth: Society) -> None:
    ballot, voters = opened(5)
    two_and_two(ballot.cycle)
    cycle = change_state(cycle=ballot.cycle, to=Cycle.State.MATCHING, by=None)
    for voter, said in zip(voters, OF_FIVE, strict=True):
        cast(voter=voter, percents=dict.fromkeys(ALL, 0) | dict(zip((HELP, NEAR, FIELD), said, strict=True)))
    for moment in (clock.now(), ballot.closes_at + timedelta(minutes=1)):
        with clock.moved_to(moment):
            assert "in the middle" not in sliders_of(cycle, commonwealth), "not before the votes are counted"
    with clock.moved_to(ballot.closes_at + timedelta(minutes=2)):
        ballot = ballots.close_ballot(ballot=ballot)
        page = sliders_of(cycle, commonwealth)
        assert "Votes: 310 in the middle, as at least half of them say" in page
        assert "Votes: 100 in the middle, half of them 90 to 500" in page
        assert page.count('<svg class="span"') == len(ALL) - 1, (
            "what only the mentee's preference decides has no slider"
        )
        leave_as_it_is(ballot=ballot, by=manager())
        assert "Votes: 310 in the middle" in sliders_of(cycle, commonwealth), "whatever becomes of it"


@pytest.mark.parametrize(("count", "told"), [(2, False), (3, True)])
def test_beside_the_sliders_nothing_stands_of_fewer_than_three_votes_and_no_vote_of_fewer_than_five(
    commonwealth: Society, count: int, told: bool
) -> None:
    ballot, voters = opened(3)
    two_and_two(ballot.cycle)
    cycle = change_state(cycle=ballot.cycle, to=Cycle.State.MATCHING, by=None)
    for voter, said in zip(voters[:count], OF_FIVE[:count], strict=False):
        cast(voter=voter, percents=dict.fromkeys(ALL, 0) | dict(zip((HELP, NEAR, FIELD), said, strict=True)))
    ballots.close_ballot(ballot=ballot)
    page = sliders_of(cycle, commonwealth)
    assert ("Council: 310" in page) is told
    assert ('<svg class="span"' in page) is told
    assert "in the middle" not in page
