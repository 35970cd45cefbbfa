"""What all other tests rest on."""

from __future__ import annotations

import pytest
from django.db import connection

from tenants import context
from tenants.accounts.models import Account
from tenants.models import Society


def _where() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema()")
        user, schema = cursor.fetchone()
    return user, schema


def test_an_ordinary_test_stands_in_the_society_it_asked_for(sierra: Society) -> None:
    assert _where() == (sierra.schema_name, sierra.schema_name)


@pytest.mark.parametrize("run", [1, 2])
def test_an_ordinary_test_rolls_back(sierra: Society, run: int) -> None:
    assert not Account.objects.exists()
    Account.objects.create_user("left@behind.example")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [1, 2])
def test_a_test_that_commits_has_a_database_of_its_own(sierra: Society, run: int) -> None:
    with context.society(sierra):
        assert not Account.objects.exists()
        Account.objects.create_user("left@behind.example")
    with context.society(sierra):
        assert Account.objects.count() == 1
