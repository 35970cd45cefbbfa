"""What bringing a large sheet in costs: run as a process of its own, it says seconds and the peak of its memory."""

from __future__ import annotations

import csv
import io
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

SLUG = "sheets"
STAGES = ("resident", "fellow", "early career", "mid career", "late career", "retired")
SPECIALTIES = ("IM", "OB/GYN", "Family Medicine", "peds", "Neurology")
ASPECTS = ("research; leadership", "career direction", "burnout; teaching; advocacy")


def prepare() -> None:
    """A society with a session that takes sign-ups."""
    from programs.policy import templates
    from programs.policy.models import Cycle
    from programs.policy.services import change_state, create_program, open_cycle
    from tenants import context
    from tenants.migration.run import migrate_everything
    from tenants.provisioning.services import provision_society
    from tenants.provisioning.spares import make_spare

    migrate_everything()
    make_spare()
    with context.society(provision_society(name="Sheets", slug=SLUG)):
        program = create_program(policy=templates.load("mentorship-in-medicine"), by=None)
        today = date(2026, 12, 1)
        cycle = open_cycle(program=program, part="One-to-one", starts_on=date(2027, 2, 15), today=today, by=None)
        change_state(cycle=cycle, to=Cycle.State.RECRUITING, by=None)


def sheet(kind: str, rows: int) -> bytes:
    """A made-up sheet; no two people in it are the same, and now and then a cell is broken."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in ROWS[kind](rows):
        writer.writerow(row)
    return out.getvalue().encode()


def _members(rows: int) -> Iterator[tuple[object, ...]]:
    yield ("ID", "First Name", "Last Name", "E-mail", "Member Type", "Specialty", "Zip", "Grad Date", "Career")
    for n in range(rows):
        mail = f"p{n}@example.org" if n % 50 else f"p{n} at example.org"
        day = (date(1985, 1, 1) + timedelta(days=n % 14_000)).strftime("%m/%d/%Y")
        zip_code, stage = f"{90_000 + n % 9_000}", STAGES[n % len(STAGES)]
        yield (f"B{n}", f"Given{n}", f"Family{n}", mail, "ACTIVE", SPECIALTIES[n % 5], zip_code, day, stage)


def _sign_ups(rows: int) -> Iterator[tuple[object, ...]]:
    yield ("Timestamp", "Email Address", "Your name", "I would like to be a ...", "Career stage", "Specialty", "ZIP",
           "What would you like help with?", "How many?", "Tell us about yourself")  # fmt: skip
    for n in range(rows):
        role, at = ("Mentor", "Mentee")[n % 2], f"10/{1 + n % 28}/2026 {n % 24:02}:{n % 60:02}:00"
        stage, about = STAGES[n % len(STAGES)], f"I am number {n} and glad to take part in this. " * 3
        yield (at, f"p{n}@example.org", f"Given{n} Family{n}, MD", role, stage, SPECIALTIES[n % 5],
               f"{90_000 + n % 9_000}", ASPECTS[n % 3], "two", about)  # fmt: skip


def _pairs(rows: int) -> Iterator[tuple[object, ...]]:
    yield ("Mentor", "Mentor email", "Mentee", "Mentee email", "Since")
    for n in range(rows):
        since = f"{1 + n % 9}/{1 + n % 28}/2026" if n % 50 else "fall session"
        mentor, mentee = (f"{role}{n}" if n % 10 else "" for role in ("mentor", "mentee"))
        yield (f"Given{n} Family{n}", mentor and f"{mentor}@example.org",
               f"Other{n} Family{n}", mentee and f"{mentee}@example.org", since)  # fmt: skip


ROWS = {"members": _members, "signups": _sign_ups, "pairs": _pairs}


def measure(kind: str, rows: int) -> dict[str, float]:
    """Seconds of each step, and megabytes at the most."""
    from programs.enrollment.importing.imports import look_again, receive_sheet, take_sheet
    from programs.enrollment.importing.taking_back import take_back
    from programs.enrollment.models import SheetImport
    from programs.policy.models import Cycle
    from tenants import context
    from tenants.models import Society

    with context.platform():
        society = Society.objects.get(slug=SLUG)
    content = sheet(kind, rows)
    said: dict[str, float] = {"rows": rows, "file_mb": round(len(content) / 1e6, 1), "base_mb": _peak()}
    with context.society(society):
        cycle = None if kind == "members" else Cycle.objects.select_related("version").get()
        kinds = {"members": SheetImport.Kind.ROSTER, "signups": SheetImport.Kind.FORM, "pairs": SheetImport.Kind.PAIRS}
        kept = receive_sheet(kind=kinds[kind], content=content, file_name="sheet.csv", by=None, cycle=cycle)
    del content

    def step(name: str, work: Callable[[], object]) -> None:
        began, busy = time.perf_counter(), time.process_time()
        with context.society(society):
            work()
        said[f"{name}_s"] = round(time.perf_counter() - began, 1)
        said[f"{name}_cpu"] = round(time.process_time() - busy, 1)

    step("look", lambda: look_again(sheet_import=kept))
    step("take", lambda: take_sheet(sheet_import=kept, by=None))
    step("take_back", lambda: take_back(sheet_import=kept, by=None))
    return said | {"added": kept.rows_added, "peak_mb": _peak()}


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"kind": sys.argv[1]} | measure(sys.argv[1], int(sys.argv[2]))))
