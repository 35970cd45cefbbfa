"""Small sheets for tests: one line says what is special about them."""

from __future__ import annotations

import csv
import io

MENTOR = {
    "timestamp": "2027-01-24 11:25",
    "member_id": "M1",
    "given_name": "Ada",
    "family_name": "Stone",
    "email": "ada.stone@example.org",
    "membership": "active",
    "stage": "late career",
    "specialty": "Neurology",
    "training_completed_on": "1995-06-30",
    "training_state": "MA",
    "zip": "02111",
    "employer": "Health System A",
    "languages": "English; Spanish",
    "interests": "teaching; advocacy",
    "meeting_mode": "either",
    "travel_miles": "15",
    "availability": "Mon evening; Fri noon",
    "gender": "woman",
    "heritage": "Somali",
    "aspects_offered": "research; leadership",
    "challenges_lived": "burnout; debt",
    "capacity": "2",
    "attests_values": "yes",
    "biosketch": "Glad to help.",
}
MENTEE = {
    **{name: value for name, value in MENTOR.items() if name not in ("attests_values", "biosketch", "capacity")},
    "member_id": "E1",
    "given_name": "Bo",
    "family_name": "Reed",
    "email": "bo.reed@example.org",
    "stage": "early career",
    "training_completed_on": "2026-02-03",
    "employer": "Health System B",
    "aspects_wanted": "research; teaching",
    "challenges": "burnout",
    "goals": "Publish the study",
    "prefers_shared": "",
    "wants_mentors": "1",
    "biosketch": "New here.",
}
del MENTEE["aspects_offered"], MENTEE["challenges_lived"]


def mentors(*rows: dict[str, str]) -> bytes:
    """A sheet of mentors, one per set of changes to the usual one."""
    return sheet([{**MENTOR, **row} for row in rows or ({},)])


def mentees(*rows: dict[str, str]) -> bytes:
    """A sheet of mentees, one per set of changes to the usual one."""
    return sheet([{**MENTEE, **row} for row in rows or ({},)])


def sheet(rows: list[dict[str, str]]) -> bytes:
    """Rows as CSV with the first one's columns."""
    out = io.StringIO()
    table = csv.DictWriter(out, fieldnames=list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode()


def without(data: bytes, *columns: str) -> bytes:
    """A sheet without some of its columns."""
    rows = [dict(row) for row in csv.DictReader(io.StringIO(data.decode(), newline=""))]
    return sheet([{name: value for name, value in row.items() if name not in columns} for row in rows])
