"""Setting up refuses addresses that do not belong together, before it enters anything."""

from __future__ import annotations

import pytest

from chiron.kernel.errors import DomainError
from tenants.setup import set_up

SUPERUSER = "postgresql://postgres:secret@db.example.org:5432/postgres"
OWNER = "postgresql://chiron_owner:secret@db.example.org:5432/chiron"
APP = "postgresql://chiron_app:secret@db.example.org:5432/chiron"


@pytest.mark.parametrize("missing", ["DATABASE_SUPERUSER_URL", "DATABASE_ADMIN_URL", "DATABASE_URL"])
def test_every_address_is_needed(missing: str) -> None:
    given = {"DATABASE_SUPERUSER_URL": SUPERUSER, "DATABASE_ADMIN_URL": OWNER, "DATABASE_URL": APP}
    del given[missing]
    with pytest.raises(DomainError, match=f"{missing} has to look like"):
        set_up(given)


@pytest.mark.parametrize(
    "app",
    [
        APP.replace("chiron_app", "chiron_owner"),
        APP.replace("chiron_app", "other_app"),
        APP.replace("5432/chiron", "5432/other"),
    ],
    ids=["the owner twice", "other roles", "another database"],
)
def test_owner_and_application_enter_one_database(app: str) -> None:
    with pytest.raises(DomainError, match="do not belong together"):
        set_up({"DATABASE_SUPERUSER_URL": SUPERUSER, "DATABASE_ADMIN_URL": OWNER, "DATABASE_URL": app})
