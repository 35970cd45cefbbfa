"""Who agreed to what in a program as a sheet: one line for each person and text, what is still open first."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils.timezone import get_current_timezone

from programs.agreements.models import Agreed
from programs.agreements.selectors import agreed_in
from programs.enrollment.agreeing import Owed, open_cycles, owed_of, still_to_agree
from programs.enrollment.importing.sheets.harmless import harmless
from programs.policy.models import Program
from tenants import audit
from tenants.people.models import Person

HEADINGS = ("name", "mail", "session", "role", "what", "version", "agreed at", "how")


@transaction.atomic
def take_out_agreements(*, program: Program, by: Person) -> str:
    """The sheet; that it was taken out is written down."""
    out = io.StringIO()
    out.write("\ufeff")  # so that a spreadsheet reads the letters as they are
    said, owed = list(agreed_in(program)), owed_of(program, still_to_agree(open_cycles(program)))
    rows = csv.writer(out)
    rows.writerow(HEADINGS)
    rows.writerows([harmless(cell) for cell in line] for line in (*_open(owed), *_agreed(said)))
    audit.record("agreements.taken_out", subject=program, actor=by, agreed=len(said), still_open=len(owed))
    return out.getvalue()


def _agreed(said: Iterable[Agreed]) -> Iterator[list[str]]:
    for row in said:
        at = row.agreed_at.astimezone(get_current_timezone()).isoformat(sep=" ", timespec="minutes")
        what, how = row.title or row.name, str(row.get_how_display())
        yield [row.person.name, row.person.email, row.session, row.role, what, str(row.version), at, how]


def _open(owed: Iterable[Owed]) -> Iterator[list[str]]:
    for each in owed:
        person, session, role = each.enrollment.person, each.enrollment.cycle.name, each.enrollment.role
        for agreement in each.agreements:
            what = agreement.title or agreement.name or agreement.text
            yield [person.name, person.email, session, role, what, str(agreement.version), "", ""]
