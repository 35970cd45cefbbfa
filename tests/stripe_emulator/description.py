"""Stripe's published description of its API, as a judge of requests and replies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from stripe_emulator.params import nested
from stripe_emulator.routing import ROUTES

FILE = Path(__file__).resolve().parents[2] / ".venv" / ".stripe" / "spec3.json"
FORM = "application/x-www-form-urlencoded"
SCHEMAS = "#/components/schemas/"


def operations() -> Iterator[tuple[str, str]]:
    """What the emulator answers, as the description names it."""
    for routes in ROUTES.values():
        for _pattern, route in routes:
            yield route.method, route.path


@cache
def described() -> Any:
    """The description itself."""
    assert FILE.exists(), "Stripe's description is missing: run `make stripe`."
    return json.loads(FILE.read_text())


@cache
def judge() -> jsonschema_rs.Validator:
    """One judge of everything: `{"reply GET /v1/prices": …}`, so that what all have in common is compiled once."""
    properties: dict[str, Any] = {}
    for method, path in operations():
        operation = described()["paths"][path][method.lower()]
        properties[f"request {method} {path}"] = _strict(request_schema(method, path))
        for status, reply in operation["responses"].items():
            schema = reply["content"].get("application/json", {}).get("schema")
            if schema:
                name = "error" if status == "default" else "reply"
                properties[f"{name} {method} {path}"] = _strict(schema)
    schemas = described()["components"]["schemas"]
    for name in schemas:
        properties[f"object {name}"] = {"$ref": SCHEMAS + name}
    return jsonschema_rs.Draft7Validator(
        {
            "properties": properties,
            "additionalProperties": False,
            "components": {"schemas": {name: _strict(schema) for name, schema in schemas.items()}},
        }
    )


def faults(what: str, value: object) -> list[str]:
    """What the description finds wrong with a value, each with its place."""
    found = (_meant(error) for error in judge().iter_errors({what: value}))
    return [f"{what} at {_place(error)}: {error.message[:300]}" for error in found]


def _meant(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Of several shapes that all do not fit, the fault that lies deepest is of the one that was meant."""
    branches = getattr(error.kind, "context", None) or []
    inner = [_meant(fault) for branch in branches for fault in branch]
    return max([error, *inner], key=lambda fault: len(fault.instance_path))


def _place(error: jsonschema_rs.ValidationError) -> str:
    return "/".join(str(part) for part in list(error.instance_path)[1:]) or "the top"


@cache
def request_schema(method: str, path: str) -> Any:
    """What a request may carry: a form, or a query."""
    operation = described()["paths"][path][method.lower()]
    form = operation.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
    query = {field["name"]: field["schema"] for field in operation.get("parameters", []) if field["in"] == "query"}
    properties = {**query, **form.get("properties", {})}
    return {"type": "object", "properties": properties, "required": form.get("required", [])}


def request_faults(method: str, path: str, pairs: list[tuple[str, str]]) -> list[str]:
    """What is wrong with a request as a library sent it."""
    return faults(f"request {method} {path}", typed(nested(pairs), request_schema(method, path)))


def typed(value: Any, schema: Any) -> Any:
    """Form fields are texts; here they become what the description says they are."""
    candidates = schema.get("anyOf", [schema])
    if isinstance(value, dict):
        for candidate in candidates:
            if candidate.get("type") == "array":
                return [typed(value[key], candidate["items"]) for key in sorted(value, key=int)]
            if candidate.get("type") == "object":
                known, rest = candidate.get("properties", {}), candidate.get("additionalProperties")
                other = rest if isinstance(rest, dict) else {}
                return {key: typed(inner, known.get(key, other)) for key, inner in value.items()}
        return value
    for candidate in candidates:
        fitting = _plain(value, candidate)
        if fitting is not None:
            return fitting
    return value


def _plain(value: str, schema: Any) -> Any:
    kind = schema.get("type")
    if value in schema.get("enum", []) or (kind == "string" and "enum" not in schema):
        return value
    if kind == "boolean":
        return {"true": True, "false": False}.get(value)
    try:
        return int(value) if kind == "integer" else float(value) if kind == "number" else None
    except ValueError:
        return None


def _strict(schema: Any) -> Any:
    """The schema as JSON Schema has it, and without room for properties that it does not name."""
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _inner(name, part) for name, part in schema.items() if name not in _WORDS}
    if kept.get("type") == "object" and "properties" in kept:
        kept.setdefault("additionalProperties", False)
    return {"anyOf": [kept, {"type": "null"}]} if schema.get("nullable") is True else kept


def _inner(name: str, part: Any) -> Any:
    # Below `properties` every name is one of the object's own, be it `nullable` or `description`.
    if name == "properties":
        return {own: _strict(schema) for own, schema in part.items()}
    return part if name in ("enum", "required") else _strict(part)


_WORDS = ("description", "title", "nullable", "format", "x-expandableFields", "x-resourceId", "x-expansionResources")
