"""Taking a run out of the house as a file that anybody can check, and who is who in it, which stays in the house."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from matching.groups import grouped_of
from matching.models import MatchRun
from matching.on_files.groups import write_groups
from matching.on_files.runs import MOST_PAIRS, write_run
from matching.snapshots import solved_of
from programs.enrollment.models import Role
from tenants import audit
from tenants.people.models import Person


@transaction.atomic
def take_out_run(*, run: MatchRun, by: Person) -> bytes:
    """The file; who took it out, and under which fingerprint, is kept.

    DomainError if there are so many people that nobody could open it.
    """
    if is_too_large(run):
        raise DomainError(_("There are too many people for one file. Chiron has checked the answer all the same."))
    file = BytesIO()
    if run.cycle.settings.in_groups:
        grouped = grouped_of(run)
        fingerprint, found = write_groups(file, _about(run), grouped), {"groups": len(grouped.result.members)}
    else:
        solved = solved_of(run)
        fingerprint, found = write_run(file, _about(run), solved.answer), {"pairs": len(solved.result.pairs)}
    audit.record("match.taken_out", subject=run, actor=by, **found, fingerprint=fingerprint)
    return file.getvalue()


def is_too_large(run: MatchRun) -> bool:
    """Whether a run has too many possible pairs for a file."""
    if run.cycle.settings.in_groups:
        leaders: int = sum(each["as"] == Role.MENTOR for each in run.snapshot["people"])
        others = len(run.snapshot["people"]) - leaders
        return others * (leaders or others) > MOST_PAIRS
    by_aspect = run.version.policy.part(run.cycle.part).mentors.by_aspect
    people = run.snapshot["people"]
    wanted = [len(each.get("aspects", ())) for each in people if each["role"] == Role.MENTEE]
    rows = sum(max(1, many * by_aspect) for many in wanted)
    mentors: int = sum(each["role"] == Role.MENTOR for each in people)
    return rows * mentors > MOST_PAIRS


def _about(run: MatchRun) -> dict[str, Any]:
    """Which session this is and by which settings, without a word about anybody."""
    part = run.version.policy.part(run.cycle.part)
    matching, mentors = part.matching, part.mentors
    return {
        "program": run.cycle.program.name,
        "part": run.cycle.part,
        "session": run.cycle.name,
        "suggested_at": run.created_at.isoformat(),
        "published_at": run.published_at.isoformat() if run.published_at else None,
        "engine": run.engine_version,
        "settings": {
            "version": run.version.number,
            "digest": run.version.digest,
            "what_matters": {name: weight.points for name, weight in matching.weights.items()},
            "never": list(matching.never),
            "aim": matching.aim,
            "mentors": {"by_aspect": mentors.by_aspect, "first_before_second": mentors.first_before_second},
        },
    }


@dataclass(frozen=True)
class Numbered:
    """Somebody's number in the file; mentees and mentors are counted apart, from 0, and everybody in circles as one."""

    role: str
    number: int
    name: str
    enrollment_id: str


def who_is_who(run: MatchRun, query: str = "") -> Sequence[Numbered]:
    """Everybody with the number that stands for them in the file, those with these words in their names."""
    words = query.casefold().split()
    found = []
    for role, number, each in _in_groups(run) if run.cycle.settings.in_groups else _in_pairs(run):
        name = f"{each['given_name']} {each['family_name']}".strip()
        if all(word in name.casefold() for word in words):
            found.append(Numbered(role, number, name, each["enrollment"]))
    return found


Said = Mapping[str, Any]


def _in_pairs(run: MatchRun) -> Iterator[tuple[str, int, Said]]:
    count = dict.fromkeys((Role.MENTEE.value, Role.MENTOR.value), -1)
    for each in run.snapshot["people"]:
        count[each["role"]] += 1
        yield each["role"], count[each["role"]], each


def _in_groups(run: MatchRun) -> Iterator[tuple[str, int, Said]]:
    """Those among whom groups were looked for; whoever was left out before has no number."""
    asked = grouped_of(run).gathered
    said = {(each["as"], each["key"]): each for each in run.snapshot["people"]}
    for side in (asked.members, asked.leaders):
        for number, each in enumerate(side):
            yield each.role, number, said[each.role, each.said.key]
