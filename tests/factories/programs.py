"""Programs, sessions and sign-ups."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

from chiron.kernel import clock
from programs.enrollment.importing import samples
from programs.enrollment.importing.imports import look_at_sheet, take_sheet
from programs.enrollment.models import SheetImport
from programs.policy import templates
from programs.policy.models import Cycle
from programs.policy.services import change_state, create_program, open_cycle
from tenants.people.models import Person

TEMPLATES = {
    "sierra": "mentorship-in-medicine",
    "commonwealth": "physician-to-physician-pilot",
    "northstar": "premed-mentorship",
}


def make_person(given: str = "Ada", family: str = "Rivera", **more: object) -> Person:
    """Somebody with an address."""
    values = {"email": f"{given}.{family}@example.org".lower(), "created_at": clock.now()} | more
    return Person.objects.create(given_name=given, family_name=family, **values)


def make_cycle(society: str = "sierra", *, state: Cycle.State = Cycle.State.RECRUITING) -> Cycle:
    """A session of the society's program, as its template proposes it."""
    policy = templates.load(TEMPLATES[society])
    program = create_program(policy=policy, by=None)
    starts = policy.first_cycle.starts if policy.first_cycle else date(2027, 3, 1)
    cycle = open_cycle(program=program, part="One-to-one", starts_on=starts, today=date(2026, 12, 1), by=None)
    for to in (Cycle.State.RECRUITING, Cycle.State.MATCHING):
        if cycle.state != state:
            cycle = change_state(cycle=cycle, to=to, by=None)
    return cycle


def sample(name: str) -> bytes:
    """One of the sample sheets that ship."""
    return (files(samples) / f"{name}.csv").read_bytes()


def bring(kind: SheetImport.Kind, name: str, *, cycle: Cycle | None = None) -> SheetImport:
    """Take a sample sheet, as staff would."""
    sheet_import, _plan = look_at_sheet(kind=kind, content=sample(name), file_name=f"{name}.csv", cycle=cycle, by=None)
    return take_sheet(sheet_import=sheet_import, by=None)


def bring_samples(society: str, cycle: Cycle) -> None:
    """The society's membership list and both sign-up sheets."""
    bring(SheetImport.Kind.ROSTER, f"{society}-roster")
    bring(SheetImport.Kind.MENTORS, f"{society}-mentors", cycle=cycle)
    bring(SheetImport.Kind.MENTEES, f"{society}-mentees", cycle=cycle)
