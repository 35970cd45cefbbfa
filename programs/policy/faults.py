"""Faults of a document: where they are, and what to do about them, in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chiron.kernel.errors import DomainError

Path = tuple[str | int, ...]

MOST_OF_A_NAME = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: its dotted path, its line (None where there is no text) and a sentence."""

    path: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line is not None else []
        return ", ".join([*place, *([self.path] if self.path else [])]) + f": {self.message}"


class PolicyError(DomainError):
    """A policy document cannot be used; `faults` says everything that is wrong with it, in the order of its lines."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name = name
        self.faults = list(faults)
        super().__init__("\n".join(f"{name}, {fault}" for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Found:
    """A fault before its line is known: where, relative to the piece in which it was found, and the sentence."""

    path: Path
    message: str
    missing: bool = False
    """The path names something that ought to be there."""


class FaultsError(ValueError):
    """Several faults of one piece at once, so that people see all of them together."""

    def __init__(self, found: Sequence[Found]) -> None:
        super().__init__("; ".join(item.message for item in found))
        self.found = list(found)


def dotted(path: Path) -> str:
    """`parts[0].matching.weights`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step[:MOST_OF_A_NAME]}" for step in path)
    return text.removeprefix(".")
