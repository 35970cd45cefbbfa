"""Carrying out what rows of a sheet do: what is new, what changes, and the note of both by which it is taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import cast
from uuid import UUID

from django.db.models import Model

from chiron.kernel.ids import uuid7
from programs.enrollment import many, services, waiting
from programs.enrollment.importing.pairing import RunningPair, maker
from programs.enrollment.importing.plans import Step, What, share_cycles
from programs.enrollment.models import Enrollment, SheetImport, TouchedRow
from tenants.people.models import Person


def write_steps(sheet_import: SheetImport, steps: Sequence[Step]) -> None:
    """Carry some steps out: what is new first, then what changes, then the note of both."""
    things = [(step.line, thing) for step in steps for thing in step.things]
    for what, model in ((What.PERSON, Person), (What.SIGN_UP, Enrollment)):
        mine = [thing for _line, thing in things if thing.what == what]
        new = {thing.row.pk: cast(Model, thing.row) for thing in mine if thing.before is None}
        many.insert(model, map(many.values, new.values()))
        changed = {thing.row.pk: thing.row for thing in mine if thing.before is not None and thing.row.pk not in new}
        fields = {name for thing in mine if thing.before is not None for name in thing.after}
        if what == What.SIGN_UP and changed:
            fields |= {"state", "decision", "decided_at", "changed_at"}
        many.write(cast("Iterable[Model]", changed.values()), sorted(fields))
    pairs = [cast(RunningPair, thing.row) for _line, thing in things if thing.what == What.PAIR]
    if pairs:
        maker().make(pairs[0].mentor.cycle, pairs)
    many.insert(
        TouchedRow,
        (
            {
                "id": uuid7(),
                "sheet_import_id": sheet_import.pk,
                "line": line,
                "what": thing.what,
                "touched_id": thing.row.pk,
                "before": thing.before,
                "after": thing.after,
            }
            for line, thing in things
        ),
    )
    if sheet_import.kind == SheetImport.Kind.ROSTER:
        _ask_rules_again({thing.row.pk for _line, thing in things})


def _ask_rules_again(people: Collection[UUID]) -> None:
    """What a membership list says of some people may settle their sign-ups."""
    theirs = Enrollment.objects.select_for_update(of=["self"]).select_related("person")
    found = list(theirs.filter(person_id__in=people, cycle__state__in=services.TAKES_SIGN_UPS).order_by("pk"))
    share_cycles(found)
    changed = [enrollment for enrollment in found if services.settle(enrollment)]
    services.write_decisions(changed)
    for cycle in {enrollment.cycle_id: enrollment.cycle for enrollment in changed}.values():
        waiting.fill(cycle)
