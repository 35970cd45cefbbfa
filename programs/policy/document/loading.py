"""Policies from text and to text, from stored data and to stored data."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import FoldedScalarString

from programs.policy.document.complaints import found_in
from programs.policy.document.policy import Policy
from programs.policy.document.reading import Lines, read_yaml
from programs.policy.faults import Fault, Found, PolicyError, dotted


def load_policy(text: str | bytes, name: str = "policy.yaml") -> Policy:
    """Read a policy from YAML 1.2; PolicyError tells everything that is wrong with it, with path and line."""
    data, lines = read_yaml(text, name)
    if data is None:
        raise PolicyError(name, [Fault("", 1, "This is empty. A policy begins with “chiron_policy: 1”.")])
    return _validated(data, name, lines)


def restore_policy(data: Mapping[str, Any], name: str = "the stored policy") -> Policy:
    """The policy that `store_policy` gave as data; PolicyError if the data are no policy."""
    return _validated(dict(data), name, None)


def store_policy(policy: Policy) -> dict[str, Any]:
    """The policy as data that JSON can hold, whole: defaults and shipped texts included."""
    return policy.model_dump(mode="json", by_alias=True)


def dump_policy(policy: Policy) -> str:
    """The policy as YAML that people can read and edit; reading it back gives an equal policy."""
    yaml = YAML(typ="rt", pure=True)
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(_readable(_said(policy)), out)
    return out.getvalue()


def policy_hash(policy: Policy) -> str:
    """A fingerprint of what the policy says. The first session's date is left out, for it is no part of the version.

    What holds by default is left out too, so that a setting added to Chiron later leaves older fingerprints as they
    are. The defaults of one `chiron_policy` number therefore never change.
    """
    said = {key: value for key, value in _said(policy).items() if key != "first_cycle"}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _said(policy: Policy) -> dict[str, Any]:
    """What the policy says beyond the defaults."""
    return policy.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {
        "chiron_policy": policy.chiron_policy
    }


def _readable(value: Any) -> Any:
    """Long prose in folded lines, for people to read."""
    if isinstance(value, dict):
        return {key: _readable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_readable(inner) for inner in value]
    if isinstance(value, str) and len(value) > 90 and "\n" not in value:
        return FoldedScalarString(value)
    return value


def _validated(data: Any, name: str, lines: Lines | None) -> Policy:
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        faults = [_placed(found, lines) for found in found_in(error)]
        raise PolicyError(name, sorted(faults, key=lambda fault: (fault.line or 0, fault.path))) from None


def _placed(found: Found, lines: Lines | None) -> Fault:
    """The fault with its line. What stands in the text in short has the path under which it is written."""
    if lines is None:
        return Fault(dotted(found.path), None, found.message)
    known = lines.nearest(found.path)
    return Fault(dotted(found.path if found.missing else known), lines.of[known], found.message)
