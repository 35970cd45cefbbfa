"""Sign-ups: a sheet of mentors, a sheet of mentees, and what a web form exports of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import get_args

from programs.enrollment.importing.sheets import cells, loose, roster, words
from programs.enrollment.importing.sheets.faults import Fault, Sheet
from programs.enrollment.importing.sheets.rows import (
    Column,
    Values,
    by_exact_heading,
    by_likely_heading,
    read_rows,
    without_repeats,
)
from programs.enrollment.importing.sheets.table import Table, read_table
from programs.policy.participant import Participant, RoleName

NAME = rf"^(?!.*{roster.OTHER_NAMES}).*\bname\b"
ROLE = (
    r"would like to be|\brole\b|sign(ing)? (me )?up as|participa(te|ting) as|^i am an?\b"
    r"|\bmentor( or |/| / )(a )?mentee|\bmentee( or |/| / )(a )?mentor"
)
LONG_AGO = datetime(cells.FIRST_YEAR, 1, 1, tzinfo=UTC)


def read_signups(data: bytes, name: str, *, role: RoleName, zone: tzinfo = UTC) -> Sheet[Participant]:
    """Read a sheet of mentors or mentees; `zone` is that of its time stamps."""
    table = read_table(data, name)
    sheet = read_rows(table, by_exact_heading(table, _columns(role, zone)), partial(_participant, role=role))
    hinted = sheet if sheet.rows else _hint_at_another_kind(sheet, table, role)
    return without_repeats(hinted, lambda person: person.key, "member_id")


def read_form_export(data: bytes, name: str, *, zone: tzinfo = UTC) -> Sheet[Participant]:
    """Read what a web form exports: both roles, questions as headings, people known by their mail address.

    Who answered twice in one role counts with the later answer; who wants both roles is there twice.
    """
    table = read_table(data, name, forgiving=True)
    columns = by_likely_heading(table, questions(zone))
    if table.headings and not {"key", "role"} <= {column.field for column in columns.values()}:
        table.fault(table.headings_line, None, "No column asks for the mail address, or none for the role.")
    return _latest_answers(read_rows(table, columns, _form_participants, forgiving=True))


def _columns(role: RoleName, zone: tzinfo) -> Mapping[str, Column]:
    """The plain sheets' columns. Missing ones that are not required count as “did not say”."""
    mentor = role == "mentor"
    return {
        "timestamp": Column("signed_up_at", partial(cells.moment, zone=zone)),
        "member_id": Column("key", cells.key, required=True),
        "given_name": Column("given_name", cells.given_name, required=True),
        "family_name": Column("family_name", cells.name, required=True),
        "email": Column("email", cells.email, required=True),
        "membership": Column("membership_status", cells.membership, required=True),
        "stage": Column("stage", cells.stage, required=True),
        "specialty": Column("specialty", cells.specialty, required=True),
        "training_completed_on": Column("training_completed_on", cells.day, required=True),
        "training_state": Column("training_state", cells.optional_text),
        "practice_state": Column("practice_state", cells.optional_text),
        "zip": Column("zip", cells.zip_code, required=True),
        "employer": Column("employer", cells.optional_text),
        "languages": Column("languages", cells.word_list, required=True),
        "interests": Column("interests", cells.word_list, required=True),
        "meeting_mode": Column("meeting_mode", cells.meeting_mode, required=True),
        "travel_miles": Column("travel_miles", cells.whole_number),
        "availability": Column("availability", cells.word_list, required=True),
        "gender": Column("gender", cells.lower_word),
        "heritage": Column("heritage", cells.optional_text),
        "aspects_offered" if mentor else "aspects_wanted": Column("aspects", cells.word_list, required=True),
        "challenges_lived" if mentor else "challenges": Column("challenges", cells.word_list, required=True),
        "goals": Column("goals", cells.word_list),
        "prefers_shared": Column("prefers_shared", cells.word_list),
        "capacity" if mentor else "wants_mentors": Column("places", cells.whole_number, required=True),
        "attests_values": Column("attests", cells.yes_or_no),
        "biosketch": Column("biosketch", cells.text),
    }


def questions(zone: tzinfo) -> Sequence[tuple[str, Column]]:
    """What a form's questions sound like, and how their answers are read."""
    return (
        (r"timestamp|submitted|submission", Column("signed_up_at", partial(loose.moment, zone=zone))),
        (r"e-?mail", Column("key", _address, required=True)),
        (r"^first|given|forename", Column("given_name", cells.name)),
        (r"^last|family name|surname", Column("family_name", cells.name)),
        (NAME, Column("name", cells.name)),
        (ROLE, Column("role", role_names, required=True)),
        (r"^member(ship)?", Column("membership_status", loose.membership)),
        (
            r"in your career|career (stage|level)|\bstage\b|level of training|training level|^level$|\bpgy\b",
            Column("stage", loose.stage),
        ),
        (r"specialt", Column("specialty", loose.specialty)),
        (roster.END_OF_TRAINING, Column("training_completed", loose.span)),
        (r"train.*state|state.*train", Column("training_state", loose.state)),
        (r"\bzip\b|postal code", Column("zip", loose.zip_code)),
        (rf"{roster.WORKPLACE}|where do you work", Column("employer", loose.optional_text)),
        (r"languages?\b", Column("languages", loose.names)),
        (r"challenge|been through|going through", Column("challenges", loose.choices)),
        (r"help with|\bareas\b(?! of interest)|\btopics\b", Column("aspects", loose.choices)),
        (r"\binterests?\b", Column("interests", loose.choices)),
        (r"\bgoals?\b|hope to (get|gain)", Column("goals", lambda cell: words.once([cell]))),
        (r"when (could|can|would)|availab|(best|preferred) (times?|days?)", Column("availability", loose.choices)),
        (r"in.?person|online|virtual|how.*meet|modalit", Column("meeting_mode", loose.meeting_mode)),
        (r"how far|miles|travel", Column("travel_miles", loose.number)),
        (r"how many|capacity|(number of|#|max(imum)?( number of)?) ?ment", Column("places", loose.number)),
        (r"^gender", Column("gender", loose.lower_word)),
        (r"^heritage|ethnic|^race", Column("heritage", loose.optional_text)),
        (r"attest|\bagree\b", Column("attests", loose.yes_or_no)),
        (r"about you|biosketch|\bbio\b", Column("biosketch", cells.text)),
    )


def _participant(values: Values, role: RoleName) -> Iterator[Participant]:
    yield Participant(role=role, **values)


def _form_participants(values: Values) -> Iterator[Participant]:
    loose.settle(values)
    values["email"] = values["key"]
    for role in values.pop("role"):
        # "How many mentees could you take?" stands on the form of mentees too, and means nothing there.
        mine = values if role == "mentor" else {**values, "places": None}
        yield from _participant(dict(mine), role)


def _address(cell: str) -> str:
    address = loose.email(cell)
    if not address:
        raise ValueError("The mail address is missing, so we cannot tell whose answers these are.")
    return address


def role_names(cell: str, *, called: Mapping[str, str] = words.MENTOR_AND_MENTEE) -> tuple[RoleName, ...]:
    """The roles that a cell names; only mentor and mentee may be one and the same person."""
    found = words.roles_of(cell, called)
    if not found:
        none = "neither mentor nor mentee" if called == words.MENTOR_AND_MENTEE else "no role of this session"
        raise ValueError(f"{words.shown(cell)} is {none}.{_known(called)}")
    if len(found) > 1 and "mentor" not in called:
        raise ValueError(f"{words.shown(cell)} says more than one role.{_known(called)}")
    return tuple(role for role in get_args(RoleName) if role in found)


def _known(called: Mapping[str, str]) -> str:
    return "" if called == words.MENTOR_AND_MENTEE else f" Known here: {', '.join(called.values())}."


def _latest_answers(sheet: Sheet[Participant]) -> Sheet[Participant]:
    latest: dict[tuple[str, str], tuple[int, Participant]] = {}
    faults = list(sheet.faults)
    for line, person in sheet.rows:
        kept, dropped = (line, person), latest.get((person.key, person.role))
        if dropped and (dropped[1].signed_up_at or LONG_AGO) > (person.signed_up_at or LONG_AGO):
            kept, dropped = dropped, kept
        latest[person.key, person.role] = kept
        if dropped:
            message = f"This person answered as {person.role} on line {kept[0]} too; that later answer counts."
            faults.append(Fault(sheet.name, dropped[0], None, message))
    rows = sorted(latest.values(), key=lambda row: row[0])
    return replace(sheet, rows=rows, faults=sorted(faults, key=lambda fault: fault.line))


def _hint_at_another_kind(sheet: Sheet[Participant], table: Table, role: RoleName) -> Sheet[Participant]:
    """Say so first if this is the other role's sheet, a form's answers or a membership list."""
    other, telling = ("mentee", "aspects_wanted") if role == "mentor" else ("mentor", "aspects_offered")
    headings = set(map(str.lower, table.headings))
    hint = None
    if telling in headings:
        hint = f"This looks like a sheet of {other}s."
    elif _sound_like(table, questions(UTC), "key", "role"):
        hint = "This looks like the answers of a web form; choose “Both”."
    elif not headings & (_columns(role, UTC).keys() - roster.COLUMNS.keys()) and _sound_like(
        table, roster.LIKELY_COLUMNS, "email", "membership_status"
    ):
        hint = "This looks like a membership list."
    if hint is None:
        return sheet
    column = telling if telling in headings else None
    return replace(sheet, faults=[Fault(sheet.name, 1, column, hint), *sheet.faults])


def _sound_like(table: Table, known: Sequence[tuple[str, Column]], *fields: str) -> bool:
    """Whether some headings sound like all of these fields."""
    return {*fields} <= {column.field for column in by_likely_heading(table, known).values()}
