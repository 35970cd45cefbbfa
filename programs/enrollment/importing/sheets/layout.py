"""What the columns of a sheet mean: proposed from headings and values, confirmed by staff, and then read by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, Final, Literal, cast

from programs.enrollment.importing.sheets import cells, loose, pairs, roster, signups, words
from programs.enrollment.importing.sheets.cells import Reader
from programs.enrollment.importing.sheets.rows import Column, Columns
from programs.enrollment.importing.sheets.table import WHAT_IS_WRONG, Table

Kind = Literal["members", "signups", "pairs"]
Targets = Sequence[tuple[str, Column]]

# What else may become of a column: kept beside the answers as it is, or left out.
NOTE: Final = "note"
SKIP: Final = "skip"
# Fields that hold several words, and those whose cells are days.
LISTS: Final = frozenset({"languages", "interests", "availability", "aspects", "challenges", "goals", "prefers_shared"})
DAYS: Final = frozenset({"paid_through", "training_completed", "signed_up_at", "since"})
# Our own headings for what other sheets call otherwise.
OWN: Final[Mapping[Kind, Mapping[str, str]]] = {
    "members": {"member_id": "key", "membership": "membership_status", "training_completed_on": "training_completed"},
    "signups": {
        "timestamp": "signed_up_at",
        "membership": "membership_status",
        "training_completed_on": "training_completed",
        "aspects_offered": "aspects",
        "aspects_wanted": "aspects",
        "challenges_lived": "challenges",
        "capacity": "places",
        "wants_mentors": "places",
        "attests_values": "attests",
    },
    "pairs": {},
}
# Fields that are another in each row.
NEVER_TWICE: Final = frozenset(
    {"key", "member_id", "npi", "email", "name", "given_name", "family_name", "signed_up_at", "biosketch"}
    | {"mentor", "mentee", "mentor_email", "mentee_email"}
)
LONGEST_KEPT, MOST_KEPT = 200, 5_000
LIKELY_ZIP = re.compile(r"\d{5}(-\d{4})?", re.ASCII)
# Longer than this is a sentence about something else, in which mentors are spoken of.
LONGEST_ROLE = 40
# Guessing needs some values, and most of them must agree.
ENOUGH, MOST = 2, 0.6


@dataclass(frozen=True, slots=True)
class Layout:
    """What each column means, by position: a field, a note, or left out; and what is meant by single words in it."""

    kind: Kind
    targets: tuple[str, ...]
    choices: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the sheet speaks of."""
        return frozenset(self.targets) - {NOTE, SKIP}


@lru_cache(maxsize=32)
def targets(kind: Kind, zone: tzinfo = UTC) -> Targets:
    """The fields that a kind of sheet can fill, each with what its heading sounds like."""
    if kind == "members":
        return [
            (pattern, replace(column, read=cells.number_of_theirs, required=False) if column.field == "key" else column)
            for pattern, column in roster.LIKELY_COLUMNS
        ]
    if kind == "pairs":
        return pairs.LIKELY_COLUMNS
    return [
        (r"^member.*\b(id|no|number|#)|^(id|account)\b", Column("member_id", cells.number_of_theirs)),
        (r"practice.*state|state.*practice", Column("practice_state", loose.state)),
        *(_of_anybody(*each) for each in signups.questions(zone)),
        (r"prefers? (to )?shared", Column("prefers_shared", loose.choices)),
    ]


def _of_anybody(pattern: str, column: Column) -> tuple[str, Column]:
    """Somebody may be known by a number instead of an address, and a sheet may be of one role alone."""
    if column.field == "key":
        return pattern, Column("email", loose.email)
    more = {"places": "|wants mentors", "meeting_mode": "|meeting mode", "aspects": "|^aspects"}
    return pattern + more.get(column.field, ""), column


def propose(
    table: Table,
    kind: Kind,
    *,
    remembered: Mapping[str, str],
    sample: Iterable[Sequence[str]],
    roles: Mapping[str, str] = words.MENTOR_AND_MENTEE,
) -> Layout:
    """A layout from what the society said of these headings before, else from their words, else from the values.

    `remembered` is by heading in lower case. Every field goes to one column at most; the rest are notes.
    """
    known = {column.field for _, column in targets(kind)}
    found: dict[int, str] = {}
    for index, heading in enumerate(table.headings):
        said = remembered.get(heading.casefold()) or (SKIP if is_ours_about_faults(heading) else None)
        if said and (said in (NOTE, SKIP) or (said in known and said not in found.values())):
            found[index] = said
    for index, heading in enumerate(table.headings):
        own = OWN[kind].get(heading.lower(), heading.lower())
        if index not in found and own in known and own not in found.values():
            found[index] = own
    for index, heading in enumerate(table.headings):
        if index not in found and (likely := _likely(heading, kind, found.values())):
            found[index] = likely
    _propose_from_values(found, kind, len(table.headings), sample, roles)
    rest = (NOTE if heading else SKIP for heading in table.headings)
    return Layout(kind, tuple(found.get(index, other) for index, other in enumerate(rest)))


def is_own(heading: str, kind: Kind) -> bool:
    """Whether this is a heading of our own sheets, or the column that we add to rows to mend."""
    name = heading.lower()
    known = {column.field for _, column in targets(kind)}
    return is_ours_about_faults(heading) or (heading == name and (name in known or name in OWN[kind]))


def is_ours_about_faults(heading: str) -> bool:
    """Whether this is the column that we add to the rows that come back to be mended."""
    return heading.strip().casefold() == WHAT_IS_WRONG


def _likely(heading: str, kind: Kind, taken: Iterable[str]) -> str | None:
    spoken = heading.replace("_", " ")
    return next(
        (
            column.field
            for pattern, column in targets(kind)
            if column.field not in taken and re.search(pattern, spoken, re.IGNORECASE)
        ),
        None,
    )


def _propose_from_values(
    found: dict[int, str], kind: Kind, width: int, sample: Iterable[Sequence[str]], roles: Mapping[str, str]
) -> None:
    """Addresses, ZIP codes and who is what are known by their looks, whatever the heading says."""
    looks: dict[str, Callable[[str], object]] = {}
    if kind != "pairs":
        looks = {"email": cells.EMAIL.fullmatch, "zip": LIKELY_ZIP.fullmatch}
    if kind == "signups":
        looks["role"] = lambda cell: len(cell) <= LONGEST_ROLE and words.roles_of(cell, roles)
    wanted = {name: look for name, look in looks.items() if name not in found.values()}
    rows = list(sample) if wanted else []
    for name, look in wanted.items():
        for index in range(width):
            said = [value for row in rows if index < len(row) and (value := row[index].strip())]
            alike = sum(bool(look(value)) for value in said)
            if index not in found and len(said) >= ENOUGH and alike > MOST * len(said):
                found[index] = name
                break


def what_is_missing(layout: Layout, *, role_is_known: bool = False) -> str | None:
    """The sentence for a layout that cannot be read by, because nobody could be told from anybody else."""
    has = layout.fields
    if layout.kind == "pairs":
        both = {"mentor", "mentee"} <= has
        return None if both else "One column must hold the mentors and one the mentees."
    if not has & {"key", "member_id", "email"}:
        return "No column holds the members' ids or mail addresses."
    if not has & {"name", "given_name"}:
        return "No column holds the names."
    if layout.kind == "signups" and not role_is_known and "role" not in has:
        return "No column says who has which role."
    return None


def columns_of(
    layout: Layout,
    table: Table,
    *,
    zone: tzinfo = UTC,
    day_first: Iterable[int] = (),
    vocabulary: Mapping[str, Sequence[str]] = MappingProxyType({}),
    roles: Mapping[str, str] = words.MENTOR_AND_MENTEE,
) -> Columns:
    """How the cells of each column are read, by position; notes and what is left out have no column.

    `day_first` are the columns whose dates begin with the day; `vocabulary` the words of the program, by field;
    `roles` what the session calls its roles.
    """
    columns = {column.field: column for _, column in targets(layout.kind, zone)}
    turned = set(day_first)
    found = {}
    for index, target in enumerate(layout.targets):
        if target not in (NOTE, SKIP):
            read = columns[target].read
            if target in LISTS:
                read = partial(_listed, target=target, ours=is_own_list(table.headings[index]))
            elif target == "role":
                read = partial(signups.role_names, called=roles)
            elif index in turned:
                read = partial(cast(Any, read), day_first=True)
            spelled = {word.casefold(): word for word in vocabulary.get(target, ())} if target in LISTS else {}
            read = _with_choices(read, spelled, layout.choices.get(index, {}), target)
            found[index] = replace(columns[target], read=read if target in NEVER_TWICE else _remembering(read))
    return found


def _remembering(read: Reader) -> Reader:
    """A reader that reads a short cell once, however often it stands in a column."""
    known: dict[str, Any] = {}

    def remembered(cell: str) -> Any:
        if cell in known:
            return known[cell]
        value = read(cell)
        if len(cell) <= LONGEST_KEPT and len(known) < MOST_KEPT:
            known[cell] = value
        return value

    return remembered


def is_own_list(heading: str) -> bool:
    """Whether a column of words is headed as in our own sheets, where only semicolons part them."""
    return heading in LISTS or OWN["signups"].get(heading) in LISTS


def pieces(cell: str, target: str, *, ours: bool) -> tuple[str, ...]:
    """The single words of a cell, as they are written: elsewhere than in our own sheets commas part them too."""
    if ours or ";" in cell:
        parts = re.split(r"[;\n]", cell)
    elif target == "goals":
        parts = [cell]
    else:
        parts = re.split(r"[,/\n]" if target == "languages" else r"[,\n]", cell)
    return words.once(part for part in parts if not words.is_nothing(part.strip()))


def _listed(cell: str, *, target: str, ours: bool) -> tuple[str, ...]:
    found = pieces(cell, target, ours=ours)
    as_written = ours or target in ("goals", "languages")
    return found if as_written else words.once(map(words.in_lower_case, found))


def _with_choices(read: Reader, spelled: Mapping[str, str], choices: Mapping[str, str], target: str) -> Reader:
    """A reader that takes single words for what staff said they mean, and for nothing if they left them out."""
    if target in LISTS:
        means = {**spelled, **choices}
        return lambda cell: words.once(means.get(each.casefold(), each) for each in read(cell))
    if not choices:
        return read
    return lambda cell: read(choices.get(cell.casefold(), cell))
