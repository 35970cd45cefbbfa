"""What societies may do is asked in one place, and a trial begins once."""

from __future__ import annotations

import pytest

from billing.models import Subscription
from billing.subscriptions import begin_trial
from tenants import allowance, context
from tenants.allowance import NotIncluded, Refusal, Thing
from tenants.audit.models import Entry
from tenants.models import Society


@pytest.fixture
def _no_to_publishing(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(society: Society, thing: Thing, pairs: int, *, hold: bool) -> Refusal | None:
        return Refusal("There is room for 3.", room=3) if thing is Thing.PUBLISH and pairs > 3 else None

    monkeypatch.setattr(allowance, "_answers", [no])


@pytest.mark.usefixtures("_no_to_publishing")
def test_a_refusal_is_a_sentence_with_the_room_that_there_is(sierra: Society) -> None:
    allowance.require(sierra, Thing.PUBLISH, pairs=3)
    with pytest.raises(NotIncluded, match="room for 3") as refused:
        allowance.require(sierra, Thing.PUBLISH, pairs=4)
    assert refused.value.room == 3
    assert [allowance.may(sierra, thing, pairs=9) for thing in (Thing.PUBLISH, Thing.BULK_MAIL)] == [False, True]


@pytest.mark.usefixtures("_no_to_publishing")
def test_a_rehearsal_may_do_everything(sierra: Society) -> None:
    rehearsal = Society(rehearses=sierra)
    assert allowance.may(rehearsal, Thing.PUBLISH, pairs=1000)
    assert allowance.in_use(rehearsal) == 0


def test_a_trial_begins_once(sierra: Society) -> None:
    first, again = begin_trial(society=sierra), begin_trial(society=sierra)
    assert first == again
    with context.platform():
        assert Subscription.objects.filter(society=sierra).count() == 1
        assert Entry.objects.filter(verb="billing.trial_began").count() == 1
