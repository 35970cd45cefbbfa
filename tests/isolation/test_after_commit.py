"""What runs after the transaction runs behind the same door."""

from __future__ import annotations

import logging
from functools import partial

import pytest
from django.db import transaction

from tenants import context
from tenants.accounts.models import Account
from tenants.models import Society
from tests.isolation.looking import mail_of, mails

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_enters_the_society_again(planted: dict[str, Society]) -> None:
    seen: list[object] = []
    with context.society(planted["sierra"]):
        context.after_commit(lambda: seen.append((context.current(), mails())))
        with context.society(planted["northstar"]):
            context.after_commit(lambda: seen.append((context.current(), mails())))
        with context.platform():
            context.after_commit(lambda: seen.append((context.current(), Society.objects.count())))
        assert seen == []
    assert seen == [
        (planted["sierra"], [mail_of(planted["sierra"])]),
        (planted["northstar"], [mail_of(planted["northstar"])]),
        (None, 3),
    ]


def test_it_is_a_transaction_of_its_own_that_can_write(planted: dict[str, Society]) -> None:
    with context.society(planted["sierra"]):
        context.after_commit(lambda: Account.objects.create_user("later@sierra.example"))
    with context.society(planted["sierra"]):
        assert mails() == ["later@sierra.example", mail_of(planted["sierra"])]


def test_it_does_not_run_if_the_transaction_is_undone(planted: dict[str, Society]) -> None:
    ran: list[str] = []
    with context.society(planted["sierra"]):
        with pytest.raises(KeyError), transaction.atomic():
            context.after_commit(lambda: ran.append("undone"))
            raise KeyError
        context.after_commit(lambda: ran.append("done"))
    assert ran == ["done"]


def test_an_error_in_it_is_logged_and_keeps_nobody_from_his_turn(
    planted: dict[str, Society], caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        Account.objects.create_user("half@sierra.example")
        raise KeyError("the broker")

    with caplog.at_level(logging.ERROR), context.society(planted["sierra"]):
        Account.objects.create_user("kept@sierra.example")
        context.after_commit(fail)
        context.after_commit(lambda: Account.objects.create_user("next@sierra.example"))
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [KeyError]
    with context.society(planted["sierra"]):
        assert mails() == ["kept@sierra.example", mail_of(planted["sierra"]), "next@sierra.example"]


def test_what_is_asked_for_once_runs_once_behind_each_door(planted: dict[str, Society]) -> None:
    ran: list[Society | None] = []

    def poke() -> None:
        ran.append(context.current())

    with context.society(planted["sierra"]):
        for _ in range(3):
            context.after_commit(poke, once=True)
        with context.society(planted["northstar"]):
            context.after_commit(poke, once=True)
        context.after_commit(partial(poke))
    assert ran == [planted["sierra"], planted["northstar"], planted["sierra"]]


def test_once_counts_what_will_run_and_not_what_was_undone(planted: dict[str, Society]) -> None:
    ran: list[str] = []

    def poke() -> None:
        ran.append("poked")

    with context.society(planted["sierra"]):
        with pytest.raises(KeyError), transaction.atomic():
            context.after_commit(poke, once=True)
            raise KeyError
        context.after_commit(poke, once=True)
    assert ran == ["poked"]
