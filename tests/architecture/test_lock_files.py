"""What we install is pinned by hash, and no lock file says where from: each machine has its own registries."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = [
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-peers.txt",
    "requirements-stripe.txt",
    "infra/uv.txt",
]
NODE = "infra/assets/package-lock.json"


@pytest.mark.parametrize("name", PYTHON)
def test_no_lock_file_of_python_holds_addresses(name: str) -> None:
    assert re.findall(r"\w+://\S+", (ROOT / name).read_text()) == []


@pytest.mark.parametrize("name", PYTHON)
def test_every_python_package_is_pinned_by_version_and_hash(name: str) -> None:
    entries = (ROOT / name).read_text().replace("\\\n", " ").splitlines()
    assert entries
    assert [entry for entry in entries if not re.match(r"\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry)] == []


def test_every_node_package_is_pinned_by_version_and_hash_and_says_no_address() -> None:
    packages = json.loads((ROOT / NODE).read_text())["packages"]
    entries = {name: entry for name, entry in packages.items() if name}
    assert entries
    assert [name for name, entry in entries.items() if not (entry["version"] and entry["integrity"])] == []
    assert [name for name, entry in entries.items() if "resolved" in entry] == []


def test_what_runs_is_also_what_is_tested() -> None:
    runtime, development = (set((ROOT / name).read_text().splitlines()) for name in PYTHON[:2])
    assert runtime <= development
