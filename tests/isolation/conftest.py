"""Something to be seen in every society, so that a test of what cannot be seen would see it if the wall were gone."""

from __future__ import annotations

import pytest

from tenants import context
from tenants.accounts.models import Account
from tenants.models import Society
from tests.isolation.looking import mail_of


@pytest.fixture
def planted(societies: dict[str, Society]) -> dict[str, Society]:
    """The societies, each with one account that is named after it."""
    for society in societies.values():
        with context.society(society):
            Account.objects.create_user(mail_of(society))
    return societies
