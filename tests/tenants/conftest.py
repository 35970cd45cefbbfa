"""What tests of provisioning, migration and archives share: migrations of tomorrow, and a look as the owner."""

from __future__ import annotations

import itertools
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import psycopg
import pytest
from django.apps import apps
from django.test import override_settings

from tenants.provisioning.owner import connect

_packages = itertools.count(1)


class Tomorrow:
    """The migrations that an app will have tomorrow: today's, and what a test writes after them."""

    def __init__(self, folder: Path, app: str) -> None:
        self.app = app
        self.package = f"{app}_migrations_of_tomorrow_{next(_packages)}"
        self._folder = folder / self.package
        shutil.copytree(Path(apps.get_app_config(app).path) / "migrations", self._folder)

    def migration(self, name: str, operations: str, *, head: str = "", atomic: bool = True) -> None:
        """Write one more migration, or write it anew; operations are Python, and so is what stands before the class."""
        before = max(path.stem for path in self._folder.glob("0*.py") if path.stem < name)
        lines = [
            "from django.db import migrations, models",
            dedent(head),
            "class Migration(migrations.Migration):",
            f"    atomic = {atomic}",
            f"    dependencies = [({self.app!r}, {before!r})]",
            f"    operations = [{operations}]",
        ]
        (self._folder / f"{name}.py").write_text("\n".join(lines))
        sys.modules.pop(f"{self.package}.{name}", None)


@pytest.fixture
def tomorrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tomorrow]:
    """Write migrations that come after those of `tenants.people`."""
    monkeypatch.syspath_prepend(tmp_path)
    people = Tomorrow(tmp_path, "people")
    with override_settings(MIGRATION_MODULES={"people": people.package}):
        yield people


@pytest.fixture
def owner(owner_url: str) -> Iterator[psycopg.Connection]:
    """The owner's own look at this test's database."""
    with connect() as connection:
        yield connection
