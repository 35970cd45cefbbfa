"""What every file of a run is: its parts, a row of scores on each line, and a fingerprint over all of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from chiron.kernel.errors import DomainError

Data = dict[str, Any]
WRITTEN_BY: Final = 1


def write(file: BinaryIO, parts: Data, rows: Iterable[Sequence[int]]) -> str:
    """Write a file, and return its fingerprint; the same parts and scores give the same bytes."""
    head = {"chiron_run": WRITTEN_BY, **parts}
    digest = _digest(head)
    text = json.dumps(head, ensure_ascii=False, indent=1)
    file.write(text.removesuffix("\n}").encode() + b',\n "scores": [')
    for number, row in enumerate(map(_plain, rows)):
        digest.update(row)
        file.write((b",\n" if number else b"\n") + row)
    fingerprint = digest.hexdigest()
    file.write(b'\n ],\n "fingerprint": "' + fingerprint.encode() + b'"\n}\n')
    return fingerprint


def read_run(path: Path) -> Data:
    """What a file holds. DomainError if it is no run."""
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DomainError(f"{path} is no JSON file: {error}.") from None
    if not isinstance(data, dict) or "chiron_run" not in data:
        raise DomainError(f"{path} is no run that Chiron wrote: it has no “chiron_run”.")
    return data


def check_version(data: Data) -> None:
    """DomainError for a file of another version."""
    if data["chiron_run"] != WRITTEN_BY:
        raise DomainError(f"The file is of version {data['chiron_run']!r}; this Chiron reads version {WRITTEN_BY}.")


def check_figures(data: Data, figures: Data) -> None:
    """DomainError if the file says another figure than was reckoned."""
    said = part_of(data, "figures")
    for name in sorted(figures | said):
        if type(said.get(name)) is not type(figures.get(name)) or said.get(name) != figures.get(name):
            raise DomainError(f"The figure “{name}” is {figures.get(name)}, and the file says {said.get(name)}.")


def check_fingerprint(data: Data) -> str:
    """The fingerprint; DomainError if the file says another one."""
    digest = _digest({name: part for name, part in data.items() if name not in ("scores", "fingerprint")})
    for row in data["scores"]:
        digest.update(_plain(row))
    fingerprint = digest.hexdigest()
    if data.get("fingerprint") != fingerprint:
        raise DomainError("Something in the file was changed after it was written: its fingerprint is another.")
    return fingerprint


def scores_of(rows: Sequence[Sequence[int]], shape: tuple[int, int], who: str) -> NDArray[np.int32]:
    """The scores, a row for each of `who`; ValueError for anything but whole numbers in this shape."""
    count, others = shape
    if len(rows) != count:
        raise ValueError(f"There are {len(rows)} rows of scores for {count} {who}.")
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != others or not all(type(score) is int for score in row):
            raise ValueError(f"Row {number} of the scores must be {others} whole numbers.")
    scores = np.zeros((count, others), np.int32)
    for number, row in enumerate(rows):
        scores[number] = row
    return scores


def part_of(data: Data, name: str) -> Data:
    """A part of the file; empty where it is none."""
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _digest(head: Data) -> blake2b:
    """BLAKE2b (RFC 7693) over everything but the scores; their rows follow."""
    return blake2b(_plain(head), digest_size=16)


def _plain(data: Any) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()
