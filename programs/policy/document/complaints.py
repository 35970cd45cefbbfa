"""Pydantic's complaints, said so that whoever wrote the policy can act on them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from programs.policy.faults import FaultsError, Found, Path
from programs.policy.lengths import show
from programs.policy.words import did_you_mean


def found_in(error: ValidationError) -> list[Found]:
    """Everything a validation error holds, flattened."""
    found: list[Found] = []
    for item in error.errors(include_url=False):
        cause = item.get("ctx", {}).get("error")
        if isinstance(cause, FaultsError):
            found += [replace(inner, path=item["loc"] + inner.path) for inner in cause.found]
        else:
            message = _sentence(item["type"], item.get("input"), item.get("ctx", {}), item["msg"])
            found.append(Found(_place(item["loc"]), message, missing=item["type"] == "missing"))
    return found


def _place(loc: Path) -> Path:
    """Pydantic marks a faulty key of a mapping by one more step; for people, the key is the place."""
    return loc[:-1] if loc and loc[-1] == "[key]" else loc


def _literal(value: object, context: Mapping[str, Any]) -> str:
    known = re.findall(r"'([^']*)'", str(context["expected"]))
    word = value if isinstance(value, str) else ""
    return f"{show(value)} is not known here.{did_you_mean(word, known)}"


_SENTENCES: dict[str, Callable[[object, Mapping[str, Any]], str]] = {
    "missing": lambda value, context: "This setting is missing.",
    "literal_error": _literal,
    "string_type": lambda value, context: f"{show(value)} should be words.",
    "string_too_short": lambda value, context: "This is empty.",
    "string_too_long": lambda value, context: f"This is longer than {context['max_length']} characters.",
    "int_type": lambda value, context: f"{show(value)} should be a whole number.",
    "bool_type": lambda value, context: f"{show(value)} should be “true” or “false”.",
    "greater_than_equal": lambda value, context: f"{show(value)} is too small: at least {context['ge']}.",
    "less_than_equal": lambda value, context: f"{show(value)} is too large: at most {context['le']}.",
    "tuple_type": lambda value, context: f"{show(value)} should be a list, like [one, two].",
    "dict_type": lambda value, context: f"{show(value)} should be a set of settings, each with a name.",
    "model_type": lambda value, context: f"{show(value)} should be a set of settings, each with a name.",
}


def _sentence(kind: str, value: object, context: Mapping[str, Any], message: str) -> str:
    if kind in ("value_error", "assertion_error"):
        return str(context["error"])
    return _SENTENCES[kind](value, context) if kind in _SENTENCES else f"{message}."
