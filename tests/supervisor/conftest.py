"""Homes for platforms that are started, killed and started again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chiron.supervisor.forget import forget


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A CHIRON_HOME in a folder that other users cannot enter, forgotten afterwards wherever its parts lie."""
    path = tmp_path / "home"
    yield path
    forget(path)
