"""A session's sign-ups as a sheet to take out. Who somebody is by gender or heritage is nobody's to take out.

Spreadsheets open it as it is: a byte order mark says that it is UTF-8, and no cell is taken for a formula.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.enrollment.drafts import questions_of
from programs.enrollment.importing.sheets.harmless import harmless
from programs.enrollment.models import Enrollment
from programs.enrollment.selectors import places_of
from programs.enrollment.showing import FACTS, in_words, is_private, spoken
from programs.policy.document import Blank, Question
from programs.policy.models import Cycle
from programs.policy.words import ROLES_OF
from tenants import audit
from tenants.people.models import Person

Column = tuple[str, Callable[[Enrollment], str]]
AT_ONCE = 2000  # rows that are held while the sheet is written


@transaction.atomic
def take_out_sign_ups(*, cycle: Cycle, role: str = "", by: Person) -> bytes:
    """The sheet, of one role or of all; who took it out, and how much, is kept."""
    columns = [*_of_people(cycle), *_of_facts(), *_of_questions(cycle, role)]
    people = cycle.enrollments.select_related("person").order_by(
        "role", "person__family_name", "person__given_name", "pk"
    )
    out, rows = StringIO(), 0
    sheet = csv.writer(out)
    sheet.writerow([harmless(heading) for heading, _read in columns])
    for enrollment in (people.filter(role=role) if role else people).iterator(chunk_size=AT_ONCE):
        enrollment.cycle = cycle
        sheet.writerow([harmless(read(enrollment)) for _heading, read in columns])
        rows += 1
    audit.record("sign_ups.taken_out", subject=cycle, actor=by, rows=rows, role=role)
    return codecs.BOM_UTF8 + out.getvalue().encode()


def headings(cycle: Cycle, role: str = "") -> list[str]:
    """What the sheet tells of each, for the page that offers it."""
    return [heading for heading, _read in (*_of_people(cycle), *_of_facts(), *_of_questions(cycle, role))]


def _of_people(cycle: Cycle) -> Iterator[Column]:
    called = cycle.settings.roles
    yield _("First name"), lambda one: one.person.given_name
    yield _("Last name"), lambda one: one.person.family_name
    yield _("Mail address"), lambda one: one.person.email
    yield _("Role"), lambda one: called[one.role].called
    yield _("How it stands"), lambda one: one.get_state_display()
    yield _("Signed up"), lambda one: date_format(one.signed_up_at, "Y-m-d")


def _of_facts() -> Iterator[Column]:
    for name, label in FACTS.items():
        yield str(label), partial(_fact, name)
    yield _("In their words"), lambda one: one.person.biosketch


def _fact(name: str, enrollment: Enrollment) -> str:
    value = enrollment.answers.get(name)
    if value in (None, "", []):
        return ""
    return spoken(name, places_of(enrollment) if name == "places" else value)


def _of_questions(cycle: Cycle, role: str) -> Iterator[Column]:
    """What the form asks beside the facts; a question of two roles has one column."""
    seen: set[str] = set()
    for each in [role] if role else ROLES_OF[cycle.settings.format]:
        for question in questions_of(cycle.settings, each, None):
            if any(blank.ask_who_sees for blank in question.blanks):
                continue  # it asks who somebody is
            for blank in question.blanks:
                if blank.fills is None and blank.name not in seen:
                    seen.add(blank.name)
                    yield blank.label or question.text, partial(_told, question, blank)


def _told(question: Question, blank: Blank, enrollment: Enrollment) -> str:
    extra = enrollment.answers.get("extra", {})
    kept = None if is_private(extra, blank) else extra.get(blank.name)
    return "" if kept is None else in_words(question, blank, kept).text
