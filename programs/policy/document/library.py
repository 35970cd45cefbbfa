"""The texts, questions and words that ship with Chiron."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Literal

from programs.policy.document.reading import read_yaml

Shelf = Literal["agreements", "prompts", "activities", "guidelines", "questions", "choices", "surveys"]


@cache
def shipped(shelf: Shelf) -> dict[str, Any]:
    """Everything on one shelf, by name."""
    text = (files("programs.policy") / "texts" / f"{shelf}.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = read_yaml(text, f"{shelf}.yaml")[0]
    return data
