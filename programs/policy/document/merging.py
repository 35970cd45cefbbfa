"""Two people's changes to the same settings, put together: nothing of either is lost without a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from programs.policy.document.loading import restore_policy, store_policy
from programs.policy.document.origin import without_lost_origins
from programs.policy.document.policy import Policy

ABSENT = object()


def merge(*, base: Policy, mine: Policy, theirs: Policy) -> Policy:
    """`theirs`, with everything on top that `mine` changed since `base`; where both changed one setting, mine counts.

    Settings are the smallest thing that is put together; a list is one setting. Parts go by their names. PolicyError
    if the two do not go together.
    """
    stored = [_by_name(store_policy(policy)) for policy in (base, mine, theirs)]
    merged = _merged(*stored)
    return restore_policy(without_lost_origins({**merged, "parts": list(merged["parts"].values())}))


def _by_name(stored: dict[str, Any]) -> dict[str, Any]:
    return {**stored, "parts": {part["name"]: part for part in stored["parts"]}}


def _merged(base: Any, mine: Any, theirs: Any) -> Any:
    if mine == base:
        return theirs
    if theirs == base or not (isinstance(mine, Mapping) and isinstance(theirs, Mapping)):
        return mine
    before = base if isinstance(base, Mapping) else {}
    keys = [key for key in {**theirs, **mine} if not _gone(key, before, mine, theirs)]
    return {
        key: _merged(before.get(key, ABSENT), mine.get(key, ABSENT), theirs.get(key, ABSENT))
        if key in mine and key in theirs
        else mine.get(key, theirs.get(key))
        for key in keys
    }


def _gone(key: str, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether one took it away, and the other left it as it was."""
    if key in mine and key in theirs:
        return False
    kept = mine.get(key, theirs.get(key))
    return key in base and kept == base[key]
