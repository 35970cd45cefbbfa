"""Small sheets for a manager to bring: people of the sample sheets under new numbers and addresses."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from importlib.resources import files

from playwright.sync_api import FilePayload

from chiron.kernel import clock
from programs.enrollment import samples

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
