"""Ways to look at what can be reached from here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from tenants.accounts.models import Account
from tenants.models import Society


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What PostgreSQL answers to a statement; nothing if it answers nothing."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def where() -> tuple[str, str]:
    """The role and the path that PostgreSQL goes by now."""
    [(role, path)] = sql("SELECT current_user, current_setting('search_path')")
    return role, path


def mail_of(society: Society) -> str:
    """The account that `planted` makes in a society."""
    return f"member@{society.slug}.example"


def mails() -> list[str]:
    """The accounts that can be seen from here."""
    return list(Account.objects.order_by("email").values_list("email", flat=True))


@contextmanager
def denied(words: str = r"denied|must be owner") -> Iterator[None]:
    """PostgreSQL refuses the block, and the transaction goes on after it."""
    with pytest.raises(ProgrammingError, match=words), transaction.atomic():
        yield
