"""Policies that ship: programs as real societies have published them, completed by Chiron's own defaults."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from chiron.kernel.errors import DomainError
from programs.policy.document import Policy, load_policy
from programs.policy.words import did_you_mean

SUFFIX = ".yaml"


def names() -> list[str]:
    """The names of the templates."""
    return sorted(entry.name.removesuffix(SUFFIX) for entry in files(__name__).iterdir() if entry.name.endswith(SUFFIX))


def text(name: str) -> str:
    """A template as it is written; DomainError names the nearest one there is."""
    if name not in names():
        raise DomainError(f"No template “{name}” ships with Chiron.{did_you_mean(name, names())}")
    return (files(__name__) / f"{name}{SUFFIX}").read_text(encoding="utf-8")


@cache
def load(name: str) -> Policy:
    """A template as a policy, read once in a process; DomainError names the nearest one there is."""
    return load_policy(text(name), f"{name}{SUFFIX}")
