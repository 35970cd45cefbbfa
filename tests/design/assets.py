"""What `infra/assets/build` makes, as tests see it."""

from __future__ import annotations

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

SCRIPT = Path(__file__).parents[2] / "infra" / "assets" / "build"


def script() -> ModuleType:
    """The build script, which has no suffix, as a module."""
    spec = importlib.util.spec_from_loader("assets_build", SourceFileLoader("assets_build", str(SCRIPT)))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OUT: Path = script().OUT


def fresh() -> bool:
    """Whether the last build used the sources as they are now."""
    build = script()
    return bool(build.STAMP.is_file() and build.STAMP.read_text() == build.fingerprint())
