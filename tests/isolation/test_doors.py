"""Doors: where a statement runs, how doors nest, and what is left when one closes."""

from __future__ import annotations

import uuid
from contextvars import copy_context
from copy import copy
from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction

from chiron.kernel import clock
from tenants import context
from tenants.accounts.models import Account
from tenants.models import Society
from tenants.postgresql.base import NOWHERE, WallBreached
from tenants.roles import close_role, open_role, roles
from tests.isolation.looking import denied, mail_of, mails, sql, where

commits = pytest.mark.django_db(transaction=True)


def test_a_door_sets_role_and_path(sierra: Society) -> None:
    assert where() == (sierra.schema_name, f"{sierra.schema_name}, ext")
    assert context.current() == sierra
    assert context.place() == str(sierra.pk)


def test_the_platform_has_its_own(platform_door: None) -> None:
    assert where() == (roles().platform, "public, ext")
    assert context.current() is None
    assert context.place() == "platform"


def test_a_society_can_be_entered_by_its_id(societies: dict[str, Society]) -> None:
    with context.society(societies["northstar"].pk) as society:
        assert society == societies["northstar"]
        assert where()[0] == society.schema_name


def test_there_is_no_door_to_a_society_that_never_was(db: None) -> None:
    with pytest.raises(Society.DoesNotExist), context.society(uuid.uuid4()):
        pytest.fail("entered")  # pragma: no cover


def test_doors_nest_in_one_transaction_on_one_connection(planted: dict[str, Society]) -> None:
    def here() -> tuple[object, ...]:
        return sql("SELECT pg_backend_pid(), pg_current_xact_id()")[0]

    with context.society(planted["sierra"]):
        seen = [here()]
        with context.platform():
            seen.append(here())
            assert Society.objects.count() == 3
            with context.society(planted["northstar"]):
                seen.append(here())
                assert mails() == [mail_of(planted["northstar"])]
            assert Society.objects.count() == 3
        assert mails() == [mail_of(planted["sierra"])]
        assert set(seen) == {here()}


def test_a_queryset_runs_where_it_is_evaluated(planted: dict[str, Society]) -> None:
    with context.society(planted["northstar"]):
        lazy = Account.objects.values_list("email", flat=True)
    with context.society(planted["sierra"]):
        assert list(lazy) == [mail_of(planted["sierra"])]


def test_a_cursor_that_was_carried_out_of_a_door_works_where_it_is_used(planted: dict[str, Society]) -> None:
    with context.society(planted["sierra"]):
        with context.society(planted["northstar"]):
            cursor = connection.cursor()
        cursor.execute("SELECT email FROM accounts_account")
        assert cursor.fetchall() == [(mail_of(planted["sierra"]),)]


def test_a_server_side_cursor_goes_through_the_door_too(planted: dict[str, Society]) -> None:
    with context.society(planted["sierra"]):
        with context.society(planted["northstar"]):
            assert [account.email for account in Account.objects.iterator()] == [mail_of(planted["northstar"])]
        assert [account.email for account in Account.objects.iterator()] == [mail_of(planted["sierra"])]


# --- What an error undoes


def test_an_error_that_leaves_a_door_undoes_what_was_done_behind_it(planted: dict[str, Society]) -> None:
    with context.society(planted["sierra"]):
        Account.objects.create_user("before@sierra.example")
        with pytest.raises(KeyError), context.society(planted["northstar"]):
            Account.objects.create_user("never@northstar.example")
            raise KeyError
        assert mails() == ["before@sierra.example", mail_of(planted["sierra"])]
    with context.society(planted["northstar"]):
        assert mails() == [mail_of(planted["northstar"])]


def test_one_can_leave_the_platform_by_an_error_of_the_database_and_work_on(planted: dict[str, Society]) -> None:
    sierra = planted["sierra"]
    with context.society(sierra):
        for number in range(3):
            with pytest.raises(IntegrityError), transaction.atomic(), context.platform():
                Society.objects.create(slug=sierra.slug, name="Twin", contact_mail="x@example.org")
            assert where() == (sierra.schema_name, f"{sierra.schema_name}, ext")
            Account.objects.create_user(f"after{number}@sierra.example")
        assert len(mails()) == 4
        with context.platform():
            assert Society.objects.count() == 3


def test_one_can_leave_the_platform_with_a_broken_savepoint_inside(planted: dict[str, Society]) -> None:
    sierra = planted["sierra"]
    with context.society(sierra):
        with context.platform():
            with pytest.raises(IntegrityError), transaction.atomic():
                Society.objects.create(slug=sierra.slug, name="Twin", contact_mail="x@example.org")
            assert where()[0] == roles().platform
            assert Society.objects.count() == 3
        assert mails() == [mail_of(sierra)]


def test_a_savepoint_that_is_rolled_back_takes_its_doors_along(planted: dict[str, Society]) -> None:
    """PostgreSQL undoes SET LOCAL with the savepoint; the next statement must not rely on what was undone."""
    sierra, northstar = planted["sierra"], planted["northstar"]
    with context.society(sierra):
        with pytest.raises(KeyError), transaction.atomic():
            with context.platform():
                Society.objects.count()
            assert mails() == [mail_of(sierra)]
            raise KeyError
        assert mails() == [mail_of(sierra)]
        with context.society(northstar):
            with pytest.raises(KeyError), transaction.atomic():
                raise KeyError
            assert mails() == [mail_of(northstar)]


@commits
def test_in_an_aborted_transaction_nothing_is_sent(planted: dict[str, Society]) -> None:
    """The door is not even mentioned: PostgreSQL takes a rollback alone, and says so itself."""
    with context.society(planted["sierra"]):
        with pytest.raises(ProgrammingError, match="nowhere_at_all"):
            sql("SELECT nowhere_at_all()")
        for _ in range(2):
            with pytest.raises(InternalError, match="current transaction is aborted"):
                mails()
        with pytest.raises(InternalError, match="current transaction is aborted"), context.platform():
            Society.objects.count()
    with context.society(planted["sierra"]):
        assert mails() == [mail_of(planted["sierra"])]


# --- What is left behind


@commits
def test_outside_of_a_transaction_there_are_no_rights(planted: dict[str, Society]) -> None:
    sierra = planted["sierra"]
    with context.society(sierra):
        assert mails() == [mail_of(sierra)]
    assert where() == (roles().app, '""')
    with pytest.raises(ProgrammingError, match="does not exist"):
        Account.objects.count()
    for table in (f"{sierra.schema_name}.accounts_account", "public.tenants_society", "public.accounts_account"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            sql(f"SELECT * FROM {table}")


@commits
def test_a_transaction_without_a_door_has_no_rights_either(planted: dict[str, Society]) -> None:
    with transaction.atomic():
        assert where() == (roles().app, '""')
        with denied("does not exist"):
            Account.objects.count()
        with context.society(planted["sierra"]):
            assert mails() == [mail_of(planted["sierra"])]
        # The transaction that a door was opened in goes on, and the rights went with the door.
        assert where() == (roles().app, '""')
        with denied():
            sql(f"SELECT * FROM {planted['sierra'].schema_name}.accounts_account")


@commits
def test_nothing_of_a_session_survives_a_commit(planted: dict[str, Society]) -> None:
    """What a pooler relies on: it may hand the session to anybody after each transaction."""
    session = "SELECT name, setting FROM pg_settings WHERE source = 'session'"
    before = sql(session)
    for _ in range(3):
        for society in planted.values():
            with context.society(society):
                assert mails() == [mail_of(society)]
                with context.platform():
                    assert Society.objects.count() == 3
            assert sql(session) == before
            assert where() == (roles().app, '""')


@commits
def test_a_session_that_was_left_in_another_society_does_no_harm(planted: dict[str, Society]) -> None:
    """Somebody else's SET, through a pooler or by mistake: doors go on, and outside there are still no rights."""
    sierra, northstar = planted["sierra"], planted["northstar"]
    sql(f"SET search_path = {northstar.schema_name}")
    with pytest.raises(ProgrammingError, match=r"does not exist|denied"):
        Account.objects.count()
    with context.society(sierra):
        assert mails() == [mail_of(sierra)]


# --- The guard


@pytest.mark.parametrize(
    "tampering",
    [
        "SET LOCAL search_path = {other}, ext",
        "SET search_path = {other}, ext",
        "SELECT set_config('search_path', '{other}, ext', true)",
        "SET LOCAL search_path = {mine}, ext, public",
        "RESET search_path",
        "SET LOCAL ROLE NONE; SET LOCAL search_path = {other}, ext",
    ],
)
@commits
def test_the_guard_refuses_a_path_that_was_tampered_with(planted: dict[str, Society], tampering: str) -> None:
    """Nothing more is sent, and the whole transaction is undone; the next one is as ever."""
    names = {"mine": planted["sierra"].schema_name, "other": planted["northstar"].schema_name}
    with pytest.raises(WallBreached, match="instead of"), context.society(planted["sierra"]):
        Account.objects.create_user("before@sierra.example")
        with transaction.atomic():
            connection.connection.execute(tampering.format(**names))
            Account.objects.create_user("stray@sierra.example")
    for society in planted.values():
        with context.society(society):
            assert mails() == [mail_of(society)]


@commits
def test_after_a_breach_the_transaction_can_only_end(planted: dict[str, Society]) -> None:
    with pytest.raises(WallBreached), context.society(planted["sierra"]):
        with pytest.raises(WallBreached), transaction.atomic():
            connection.connection.execute("SET LOCAL search_path = public")
            Account.objects.count()
        Account.objects.count()


@commits
def test_the_guard_looks_before_each_statement_of_an_old_cursor(planted: dict[str, Society]) -> None:
    with pytest.raises(WallBreached), context.society(planted["sierra"]), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        connection.connection.execute("SET LOCAL search_path = public")
        cursor.execute("SELECT 2")


def test_doors_must_be_left_in_order(societies: dict[str, Society]) -> None:
    # In a context of its own, for the labels of such doors stay behind in it.
    copy_context().run(_leave_in_another_order, societies)


def _leave_in_another_order(societies: dict[str, Society]) -> None:
    first, second = context.society(societies["sierra"]), context.society(societies["northstar"])
    outside = connection.door
    first.__enter__()
    second.__enter__()
    with pytest.raises(WallBreached, match="another order"):
        first.__exit__(None, None, None)
    assert connection.door is NOWHERE
    with pytest.raises(WallBreached, match="another order"):
        second.__exit__(None, None, None)
    assert connection.door is NOWHERE
    assert outside is NOWHERE


@commits
def test_a_closed_society_cannot_be_entered(lakes: Society, owner_url: str) -> None:
    with context.society(lakes):
        Account.objects.create_user(mail_of(lakes))
    with psycopg.connect(owner_url) as owner:
        owner.execute(close_role(lakes.schema_name, roles()))
    with pytest.raises(ProgrammingError, match="permission denied to set role"), context.society(lakes):
        mails()
    with psycopg.connect(owner_url) as owner:
        owner.execute(open_role(lakes.schema_name, roles()))
    with context.society(lakes):
        assert mail_of(lakes) in mails()


def test_a_society_that_rehearses_has_a_clock_of_its_own(sierra: Society) -> None:
    ahead = copy(sierra)
    ahead.clock_ahead = timedelta(days=90)
    with context.society(ahead):
        there = clock.now()
        with context.platform():
            assert clock.now() - there < timedelta(minutes=1)  # what is asked of the platform on its way
        with context.society(sierra):
            assert there - clock.now() > timedelta(days=89)
    assert there - clock.now() > timedelta(days=89)
