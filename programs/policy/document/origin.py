"""Which values of a policy are its source's, and which are Chiron's own because the source is silent.

Under `source.ours` stand dotted paths. A path may begin anywhere: `matching.weights` is that of every part,
`Speed-mentoring evening.matching` that of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Keys = tuple[str, ...]


def key_paths(data: Mapping[str, Any]) -> Iterator[Keys]:
    """Every path of a stored policy; a part goes by its name, other lists are not entered."""
    for key, value in data.items():
        yield (key,)
        if key == "parts":
            for part in value:
                yield from ((part["name"], *path) for path in key_paths(part))
        elif isinstance(value, Mapping):
            yield from ((key, *path) for path in key_paths(value))


def keys_of(written: str) -> Keys:
    return tuple(written.split("."))


def lies_under(path: Sequence[str], written: str) -> bool:
    """Whether a path is the written one, or lies under it."""
    wanted = keys_of(written)
    return any(tuple(path[start : start + len(wanted)]) == wanted for start in range(len(path)))


def writable(paths: Iterable[Keys]) -> set[Keys]:
    """Every path, written from wherever it may begin, of which one of these is the written one or lies under it."""
    return {path[start:] for path in paths for start in range(len(path))}


def without_lost_origins(stored: dict[str, Any]) -> dict[str, Any]:
    """The same, without marks under `source.ours` of settings that are no longer there."""
    source = stored.get("source")
    if not source:
        return stored
    known = writable(key_paths(stored))
    ours = [written for written in source["ours"] if keys_of(written) in known]
    return {**stored, "source": {**source, "ours": ours}}
