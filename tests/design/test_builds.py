"""A build while the platform runs: what runs keeps its files, and what is missing fails nothing."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from chiron.design import errors
from chiron.front.assets import Assets
from chiron.kernel import clock
from tests.design import assets


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The build script with a folder of its own to publish to."""
    script = assets.script()
    monkeypatch.setattr(script, "COLLECTED", tmp_path / "collected")
    return script


def made(folder: Path, digest: str) -> Path:
    """What a build has made: one stylesheet and the list of names."""
    (folder / "build").mkdir(parents=True)
    for name in (f"chiron.{digest}.css", f"chiron.{digest}.css.gz"):
        (folder / "build" / name).write_text(digest)
    (folder / "staticfiles.json").write_text(json.dumps({"paths": {"build/chiron.css": f"build/chiron.{digest}.css"}}))
    return folder


def age(path: Path, days: int) -> None:
    then = (clock.now() - timedelta(days=days)).timestamp()
    os.utime(path, (then, then))


def styles(build: ModuleType) -> set[str]:
    return {path.name.split(".")[1] for path in (build.COLLECTED / "build").iterdir()}


def test_a_build_keeps_what_the_one_before_it_made_however_old(build: ModuleType, tmp_path: Path) -> None:
    build.publish(made(tmp_path / "1", "first"))
    for path in (build.COLLECTED / "build").iterdir():
        age(path, days=300)
    build.publish(made(tmp_path / "2", "second"))
    assert styles(build) == {"first", "second"}
    assert "second" in (build.COLLECTED / "staticfiles.json").read_text()


def test_what_was_replaced_long_ago_goes(build: ModuleType, tmp_path: Path) -> None:
    for digest in ("first", "second"):
        build.publish(made(tmp_path / digest, digest))
    for path in (build.COLLECTED / "build").iterdir():
        age(path, days=8)
    build.publish(made(tmp_path / "3", "third"))
    assert styles(build) == {"second", "third"}


def test_a_file_that_was_taken_away_is_not_found(rf: RequestFactory, tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "chiron.css").write_text("a {}")
    settings.STATIC_ROOT, settings.WHITENOISE_USE_FINDERS = tmp_path, False
    site = Assets(lambda request: HttpResponse("a page"))
    response = site(rf.get("/static/chiron.css"))
    assert response.status_code == 200
    response.close()
    (tmp_path / "chiron.css").unlink()
    assert site(rf.get("/static/chiron.css")).status_code == 404


def test_an_error_page_is_drawn_without_the_list_of_names(
    rf: RequestFactory, tmp_path: Path, settings: Settings
) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "chiron.front.assets.Names"}}
    assert 'href="/static/build/chiron.css"' in errors.not_found(rf.get("/")).content.decode()
