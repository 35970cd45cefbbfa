"""Small sheets for a manager to bring: people of the sample sheets under new numbers and addresses."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from importlib.resources import files

from playwright.sync_api import FilePayload

from chiron.kernel import clock
from programs.enrollment.importing import samples

MENTORS, MENTEES = 12, 10
NEW = "new"


def roster() -> FilePayload:
    """The membership list with everybody below in it, and one row that cannot be read."""
    names = {row["member_id"] for row in [*_rows("mentors", MENTORS), *_rows("mentees", MENTEES)]}
    rows = [row for row in _rows("roster") if row["member_id"] in names]
    return _sheet("roster", [*rows, rows[0] | {"member_id": "", "given_name": "", "family_name": "", "email": ""}])


def mentors() -> FilePayload:
    return _sheet("mentors", _rows("mentors", MENTORS))


def mentees() -> FilePayload:
    return _sheet("mentees", _rows("mentees", MENTEES))


FORM_STAGES = {
    "pre-med": "Pre-med / undergraduate",
    "medical student": "Med student",
    "resident": "Resident or fellow",
    "fellow": "Resident or fellow",
    "early career": "In practice, under 7 years",
    "mid career": "In practice, 7-20 years",
    "late career": "In practice, over 20 years",
    "retired": "Retired",
}


def form_export() -> FilePayload:
    """What a web form exports of both roles: questions as headings, and one row that nobody can read."""
    rows = [_on_the_form(row, "Mentor") for row in _rows("mentors", MENTORS)]
    rows += [_on_the_form(row, "Mentee") for row in _rows("mentees", MENTEES)]
    return _sheet("form", [*rows, rows[0] | {"Email Address": "nobody at all"}])


def _on_the_form(row: dict[str, str], role: str) -> dict[str, str]:
    areas = row.get("aspects_offered") or row.get("aspects_wanted") or ""
    return {
        "Timestamp": row["timestamp"],
        # Members whom the society knows already, by their address.
        "Email Address": row["email"].removeprefix(f"{NEW}.").upper(),
        "Your name": f"{row['given_name']} {row['family_name']}, MD",
        "I would like to be a ...": role,
        "Where are you in your career?": FORM_STAGES[row["stage"]],
        "Specialty (if any)": row["specialty"],
        "ZIP code where you'd like to meet": row["zip"],
        "Which areas would you like help with / can you help with? (check all)": areas.replace("; ", ", ").capitalize(),
        "When could you meet? (check all)": row["availability"].replace("; ", ", "),
        "In person or online?": {"either": "Either is fine", "virtual": "Online"}.get(row["meeting_mode"], "In person"),
        "Mentors: how many mentees could you take?": "one" if role == "Mentor" else "",
        "Tell us about yourself": row["biosketch"].replace(". ", ".\n", 1),
        "Food allergies (for the evening event)": "none",
    }


def _rows(name: str, count: int | None = None) -> list[dict[str, str]]:
    sheet = (files(samples) / f"sierra-{name}.csv").read_text().splitlines()
    stamp = (clock.now() - timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    rows = list(csv.DictReader(sheet))[:count]
    renewed = [row | {"member_id": f"{row['member_id']}-{NEW}", "email": f"{NEW}.{row['email']}"} for row in rows]
    return [row | {"timestamp": stamp} if "timestamp" in row else row for row in renewed]


def _sheet(name: str, rows: list[dict[str, str]]) -> FilePayload:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return FilePayload(name=f"{name}.csv", mimeType="text/csv", buffer=out.getvalue().encode())
