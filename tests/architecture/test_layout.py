"""How the house stands: what lies where, which floor rests on which, and that the migrations tell the whole story."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import ForeignKey

from tests.architecture.source import ROOT, files


def test_platform_is_a_plain_folder_that_holds_the_project_alone() -> None:
    """An `__init__.py` or a `conftest.py` in it would hide Python's own `platform`, and half of the tools die."""
    assert [path.name for path in (ROOT / "platform").iterdir() if path.name != "__pycache__"] == ["chiron"]


def test_pythons_own_platform_is_still_there() -> None:
    assert platform.python_version_tuple()[0] == "3"
    assert not Path(platform.__file__).is_relative_to(ROOT / "platform")


def test_an_import_only_ever_points_down() -> None:
    lint = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    told = subprocess.run(
        [sys.executable, "-c", lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout


def test_the_migrations_tell_the_whole_story() -> None:
    """What `makemigrations --check` says, without a database."""
    loader = MigrationLoader(None)
    assert loader.detect_conflicts() == {}
    made = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    ours = {label: migrations for label, migrations in made.items() if _is_ours(label)}
    assert {label: [str(one) for one in migrations[0].operations] for label, migrations in ours.items()} == {}


def _is_ours(label: str) -> bool:
    return Path(apps.get_app_config(label).path).is_relative_to(ROOT) and ".venv" not in apps.get_app_config(label).path


def test_no_foreign_key_leaves_a_societys_schema() -> None:
    """From a society's table to the platform's, a key would tie all schemas to one machine."""
    here = {apps.get_app_config(entry.rpartition(".")[2]).label for entry in settings.TENANT_APPS}
    keys = [
        field
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in here
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
    ]
    assert keys
    assert [str(key) for key in keys if key.related_model._meta.app_label not in here] == []


def test_whatever_becomes_due_is_known_as_soon_as_the_platform_starts() -> None:
    """A handler that nobody imports is missed only when its day has come."""
    handles = re.compile(r"^@due\.(handler|steps)\(", re.MULTILINE)
    ours = (path for path in files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] != "tests")
    handlers = {path for path in ours if handles.search(path.read_text(encoding="utf-8"))}
    ask = "import sys, django; django.setup(); print(*(getattr(m, '__file__', '') for m in [*sys.modules.values()]))"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "chiron.settings.test", "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True, env=env)
    assert handlers
    assert handlers - {Path(line) for line in told.stdout.split()} == set()


# Each in two halves, so that this list does not find itself.
TRACES = (
    "pypi" + ".org",
    "python" + "hosted",
    "registry" + ".npmjs",
    "debian" + ".org",
    *(f"/{name}/" for name in ("work", "root", "home")),
)


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    texts = (path for path in files() if path.suffix not in {".png", ".woff2", ".ico", ".mo", ".gz", ".zip"})
    named = [(path, trace) for path in texts for trace in TRACES if trace.encode() in path.read_bytes()]
    assert [f"{path.relative_to(ROOT)} names {trace}" for path, trace in named] == []
