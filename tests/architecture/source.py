"""The repository's own files, and our code as syntax trees."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("platform/chiron", "tenants", "programs", "matching", "billing", "api")
# What tools make, and git's own: none of it is ours.
NOT_OURS = {"node_modules", "build", "dist", "__pycache__"}

Code = Mapping[str, Sequence[ast.AST]]


def files() -> Iterator[Path]:
    """Every file that we wrote."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name == ".ci" or not (name.startswith(".") or name in NOT_OURS)]
        yield from (Path(folder) / name for name in names)


@cache
def our_code() -> Code:
    """Every node of our Python modules, by their path, without migrations, which Django writes."""
    return {
        str(path.relative_to(ROOT)): list(ast.walk(ast.parse(path.read_text())))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    }
