"""Who is spoken of without being named: “resident, internal medicine, Roseville”, as far as that fits several.

What is shown of people is cut short until at least `FEWEST` of a role read exactly alike. It is not enough that a
description fits several: who is shown without a town, where all others have theirs, would be the one from elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from programs.enrollment.answers import participant_of
from programs.enrollment.models import Enrollment
from programs.policy.places import town_of
from tenants.people.models import Person

FEWEST: Final = 3
READ: Final = frozenset({"stage", "specialty", "zip"})

Path = tuple[str, ...]


def described(people: Iterable[Enrollment], *, reader: Person | None) -> dict[UUID, str]:
    """What may be said of each sign-up to a reader, who knows of themselves and so does not count as one of several.

    Empty where nothing may be said.
    """
    paths: dict[str, dict[UUID, Path]] = defaultdict(dict)
    for enrollment in people:
        if reader is None or enrollment.person_id != reader.pk:
            paths[enrollment.role][enrollment.pk] = _path(enrollment)
    return {pk: ", ".join(path) for of_role in paths.values() for pk, path in alike(of_role).items()}


def alike(paths: Mapping[UUID, Path], fewest: int = FEWEST) -> dict[UUID, Path]:
    """Each path cut short, so that at least so many are the same; with fewer people in all, nothing is left of any."""
    settled, left = _settle(sorted(paths, key=str), paths, (), fewest)
    return {pk: path for path, group in settled for pk in group} | dict.fromkeys(left, ())


def _settle(
    group: Sequence[UUID], paths: Mapping[UUID, Path], here: Path, fewest: int
) -> tuple[list[tuple[Path, list[UUID]]], list[UUID]]:
    """Those below a common beginning, in sets that read alike, and who is left because they are too few there."""
    further: dict[Path, list[UUID]] = defaultdict(list)
    left = []
    for pk in group:
        if len(paths[pk]) > len(here):
            further[paths[pk][: len(here) + 1]].append(pk)
        else:
            left.append(pk)
    settled: list[tuple[Path, list[UUID]]] = []
    for path, members in sorted(further.items()):
        done, few = _settle(members, paths, path, fewest)
        settled += done
        left += few
    # Who is left reads as what all below have in common. If they are too few for that, others join them.
    settled.sort(key=lambda each: (-len(each[1]), each[0]))
    while 0 < len(left) < fewest and settled:
        left += settled.pop()[1]
    if len(left) >= fewest:
        settled.append((here, left))
        left = []
    return settled, left


def _path(enrollment: Enrollment) -> Path:
    """Stage, specialty and town, as far as all before them are known."""
    said = participant_of(enrollment, READ)
    path: list[str] = []
    for part in ((said.stage or "").lower(), (said.specialty or "").lower(), town_of(said.zip or "")):
        if not part:
            break
        path.append(part)
    return tuple(path)
