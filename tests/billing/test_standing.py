"""The states, at the very moments at which they change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from billing.models import Method
from billing.standing import FOREVER, Facts, State, standing_at

START = datetime(2027, 1, 1, 9, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


TRIED = Facts(trial_ends_at=day(60))
BOUGHT = Facts(trial_ends_at=day(60), status="active")

# Facts, and every moment at which the state becomes another one, with what it becomes.
LIVES = {
    "a trial": (TRIED, [(60, State.RESTRICTED), (120, State.SUSPENDED), (180, State.ENDING)]),
    "a trial with more time": (
        Facts(trial_ends_at=day(60), more_time_until=day(80)),
        [(80, State.RESTRICTED), (140, State.SUSPENDED), (200, State.ENDING)],
    ),
    "paid": (BOUGHT, []),
    "a failing card": (
        Facts(trial_ends_at=day(60), status="past_due", unpaid_since=day(100)),
        [(100, State.PAST_DUE), (114, State.RESTRICTED), (174, State.SUSPENDED), (234, State.ENDING)],
    ),
    "an invoice that is due and stays unpaid": (
        Facts(trial_ends_at=day(60), status="active", method=Method.INVOICE, unpaid_since=day(100)),
        [(100, State.PAST_DUE), (145, State.RESTRICTED), (205, State.SUSPENDED), (265, State.ENDING)],
    ),
    "more time to pay": (
        Facts(trial_ends_at=day(60), status="past_due", unpaid_since=day(100), more_time_until=day(130)),
        [(100, State.PAST_DUE), (130, State.RESTRICTED), (190, State.SUSPENDED), (250, State.ENDING)],
    ),
    "canceled at the end of the period": (
        Facts(trial_ends_at=day(60), status="active", cancels_at=day(90)),
        [(90, State.RESTRICTED), (150, State.SUSPENDED), (210, State.ENDING)],
    ),
    "more time is not for what was canceled": (
        Facts(trial_ends_at=day(60), status="canceled", ended_at=day(90), more_time_until=day(100)),
        [(90, State.RESTRICTED), (150, State.SUSPENDED), (210, State.ENDING)],
    ),
    "ended by Stripe after it was owed for weeks": (
        Facts(trial_ends_at=day(60), status="canceled", unpaid_since=day(70), ended_at=day(91)),
        [(70, State.PAST_DUE), (84, State.RESTRICTED), (144, State.SUSPENDED), (204, State.ENDING)],
    ),
    "ended within the time to pay": (
        Facts(trial_ends_at=day(60), status="canceled", unpaid_since=day(70), ended_at=day(75)),
        [(70, State.PAST_DUE), (75, State.RESTRICTED), (135, State.SUSPENDED), (195, State.ENDING)],
    ),
    "what runs goes on until its end": (
        Facts(trial_ends_at=day(60), running_until=day(200)),
        [(60, State.RESTRICTED), (200, State.SUSPENDED), (260, State.ENDING)],
    ),
    "no charge for a while, after a trial that is long over": (
        Facts(trial_ends_at=day(-100), free_until=day(30)),
        [(30, State.RESTRICTED), (90, State.SUSPENDED), (150, State.ENDING)],
    ),
    "no charge, whatever is owed": (
        Facts(trial_ends_at=day(0), status="past_due", unpaid_since=day(5), free_until=FOREVER),
        [],
    ),
    "a payment that never went through buys nothing": (
        Facts(trial_ends_at=day(60), status="incomplete"),
        [(60, State.RESTRICTED), (120, State.SUSPENDED), (180, State.ENDING)],
    ),
}


@pytest.mark.parametrize("life", LIVES)
def test_a_life_changes_at_its_very_moments(life: str) -> None:
    facts, changes = LIVES[life]
    before = standing_at(facts, START).state
    for number, after in changes:
        assert standing_at(facts, day(number) - MOMENT).state == before
        assert standing_at(facts, day(number)).state == after
        before = after
    assert standing_at(facts, day(5000)).state == before


@pytest.mark.parametrize("life", LIVES)
def test_a_state_says_when_it_will_be_over(life: str) -> None:
    facts, changes = LIVES[life]
    moment = START
    for number, _after in changes:
        assert standing_at(facts, moment).until == day(number)
        moment = day(number)


def test_new_things_may_begin_until_the_time_to_pay_is_over() -> None:
    owed = Facts(trial_ends_at=day(0), status="past_due", unpaid_since=day(10))
    assert [standing_at(owed, day(number)).may_begin for number in (9, 23, 24, 84)] == [True, True, False, False]
