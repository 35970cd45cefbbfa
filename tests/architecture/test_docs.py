"""The documentation names every setting and every command that there is, and none that there is not."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import click
from pydantic import BaseModel

from chiron.cli import COMMANDS
from chiron.lazy import LazyGroup
from programs.policy import templates
from programs.policy.document import Policy

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs/operations.md").read_text()
# Set by us for our own children, never by whoever runs the platform.
OURS = {"CHIRON_READY_FILE", "PGPASSWORD", "PYTHONUNBUFFERED"}


def table(heading: str) -> dict[str, str]:
    """The rows of a table of the operations page: its first cell without backticks, and the whole line."""
    section = OPERATIONS.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` (.*)$", section, re.MULTILINE)
    return dict(rows)


def read_in_the_code() -> set[str]:
    """Every variable that some module reads from the environment."""
    reads = re.compile(
        r"(?:environment|env)\.\w+\(\s*(?:environment, )?\"([A-Z_]+)\""
        r"|os\.environ(?:\.get\(|\[)\"([A-Z_]+)\"|\"([A-Z]+_[A-Z_]*URL)\""
    )
    found = set()
    for folder in ("platform/chiron", "tenants"):
        for module in (ROOT / folder).rglob("*.py"):
            found |= {name for match in reads.findall(module.read_text()) for name in match if name}
    return found - OURS


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = set(table("Settings"))
    read = read_in_the_code()
    assert len(read) > 10
    assert documented - {"DJANGO_SETTINGS_MODULE", "WEB_CONCURRENCY"} <= read
    assert read <= documented


def test_every_command_is_documented_with_its_subcommands() -> None:
    documented = table("Commands")
    assert set(documented) == {f"chiron {name}" for name in COMMANDS}
    for name, (where, _text) in COMMANDS.items():
        module, _, attribute = where.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert command.help, f"chiron {name} has no help"
        if isinstance(command, click.Group) and not isinstance(command, LazyGroup):
            missing = {sub for sub in command.commands if f"`{sub}`" not in documented[f"chiron {name}"]}
            assert not missing, f"chiron {name}: {missing}"


def keys_of(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def test_every_key_of_a_policy_is_in_its_reference() -> None:
    reference = (ROOT / "docs/policy.md").read_text()
    models, seen = [Policy], set()
    while models:
        model = models.pop()
        if model in seen:
            continue
        seen.add(model)
        for field in model.model_fields.values():
            models += [each for each in _models_in(field.annotation) if each not in seen]
    missing = {f"{model.__name__}.{key}" for model in seen for key in keys_of(model) if f"`{key}`" not in reference}
    assert not missing
    assert len(seen) > 15


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in getattr(annotation, "__args__", ()) for model in _models_in(inner)]


def test_the_reference_shows_only_policies_that_load() -> None:
    reference = (ROOT / "docs/policy.md").read_text()
    assert {name for name in templates.names() if f"`{name}`" in reference} == set(templates.names())
