"""Rosters: who is a member, as a society's membership system exports it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from programs.enrollment.importing.sheets import cells, loose
from programs.enrollment.importing.sheets.faults import Sheet
from programs.enrollment.importing.sheets.rows import (
    Column,
    Values,
    by_exact_heading,
    by_likely_heading,
    read_rows,
    without_repeats,
)
from programs.enrollment.importing.sheets.table import read_table


@dataclass(frozen=True, slots=True)
class Member:
    """One row of a roster; None or empty means that the roster does not say."""

    key: str
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    membership_status: str | None = None
    paid_through: date | None = None
    stage: str | None = None
    specialty: str | None = None
    training_completed_on: date | None = None
    training_completed_latest: date | None = None
    training_state: str | None = None
    zip: str | None = None
    employer: str | None = None
    languages: tuple[str, ...] = ()
    npi: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


COLUMNS: Mapping[str, Column] = {
    "member_id": Column("key", cells.key, required=True),
    "given_name": Column("given_name", cells.given_name, required=True),
    "family_name": Column("family_name", cells.name, required=True),
    "email": Column("email", cells.email, required=True),
    "stage": Column("stage", cells.stage),
    "specialty": Column("specialty", cells.specialty),
    "training_completed_on": Column("training_completed_on", cells.day),
    "training_state": Column("training_state", cells.optional_text),
    "zip": Column("zip", cells.zip_code),
    "employer": Column("employer", cells.optional_text),
    "languages": Column("languages", cells.word_list),
    "npi": Column("npi", cells.optional_text),
    "membership": Column("membership_status", cells.membership, required=True),
}

# Names that are not the person's own, or not the whole of it.
OTHER_NAMES = r"(practice|hospital|clinic|company|employer|organi[sz]ation|institution|school|user|middle|maiden)"
WORKPLACE = r"employer|workplace|organi[sz]ation|institution|hospital|\bclinic\b|practice name|company"
END_OF_TRAINING = (
    r"\bgrad|\b(training|residency|fellowship)\b.*\b(complet|end|finish)"
    r"|\b(complet|end|finish)\w*\b.*\b(training|residency|fellowship)\b"
)

LIKELY_COLUMNS = (
    (r"^(id|.*\b(id|no|number|#)|account)\.?$", Column("key", cells.key, required=True)),
    (r"e-?mail", Column("email", loose.email)),
    (r"^first|^given|forename", Column("given_name", cells.name)),
    (r"^last|^family|surname", Column("family_name", cells.name)),
    (rf"^(?!.*{OTHER_NAMES}).*name$", Column("name", cells.name)),
    (r"paid|expir|renew", Column("paid_through", loose.last_day)),
    (r"member.*(type|status|class|category)|^(membership|status)$", Column("membership_status", loose.membership)),
    (r"\bnpi\b", Column("npi", loose.optional_text)),
    (r"career|\bstage\b", Column("stage", loose.stage)),
    (r"specialt", Column("specialty", loose.specialty)),
    (END_OF_TRAINING, Column("training_completed", loose.span)),
    (r"train.*state|state.*train", Column("training_state", loose.state)),
    (r"\bzip|postal", Column("zip", loose.zip_code)),
    (WORKPLACE, Column("employer", loose.optional_text)),
    (r"language", Column("languages", loose.names)),
)


def read_roster(data: bytes, name: str, *, forgiving: bool = False) -> Sheet[Member]:
    """Read a roster of our own shape or, forgivingly, one in whatever shape a membership system exports."""
    table = read_table(data, name, forgiving=forgiving)
    if not forgiving:
        columns = by_exact_heading(table, COLUMNS)
    else:
        columns = by_likely_heading(table, LIKELY_COLUMNS)
        if table.headings and "key" not in {column.field for column in columns.values()}:
            table.fault(table.headings_line, None, "No column holds the members' ids.")
    sheet = read_rows(table, columns, _member, forgiving=forgiving)
    heading = next((heading for heading, into in sheet.headings.items() if into == "key"), "id")
    return without_repeats(sheet, lambda member: member.key, heading)


def _member(values: Values) -> Iterator[Member]:
    loose.settle(values)
    yield Member(**values)
