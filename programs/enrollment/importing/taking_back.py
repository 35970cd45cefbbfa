"""Taking a sheet back as a whole: what it made goes, what it changed is as it was, and what others did since stays.

All rows are held first and asked once whether others point at them; after that nobody can begin to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, cast
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import many, waiting
from programs.enrollment.importing.pairing import maker
from programs.enrollment.importing.plans import plain
from programs.enrollment.models import Enrollment, SheetImport, TouchedRow
from programs.enrollment.services import settle
from programs.enrollment.working import Notice
from programs.policy.models import Cycle
from tenants import audit
from tenants.people.models import Person

AT_ONCE = 1_000
MOST_TOLD = 500
What = TouchedRow.What
Rows = models.QuerySet[TouchedRow]
# Whether a row belongs to somebody by now, and whether others point at it: the sentence for why it stays, or nothing.
WhyItStays = Callable[[object, bool], str]


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that stays as it is, and why."""

    line: int
    name: str
    why: str


@transaction.atomic
def take_back(*, sheet_import: SheetImport, by: Person | None, notice: Notice | None = None) -> SheetImport:
    """Undo a sheet that was taken; doing it twice changes nothing.

    Nobody loses what they said or did after the sheet came: such rows stay, and the sheet says which and why.
    DomainError if the sheet was never taken.
    """
    locked = SheetImport.objects.select_for_update(of=["self"]).get(pk=sheet_import.pk)
    if locked.applied_at is None:
        raise DomainError(_("This sheet was not taken, so there is nothing to take back."))
    if locked.taken_back_at is not None:
        return locked
    cycle = locked.cycle
    if cycle is not None:
        waiting.hold(cycle)
    many.check_references(anew=True)
    undoing = _Undoing(locked, notice, total=locked.touched.count() or 1)
    undoing.pairs()
    undoing.sign_ups()
    undoing.people()
    if cycle is not None:
        waiting.fill(cycle)
    kept = sorted(undoing.kept, key=lambda each: each.line)
    locked.kept_back = [{"line": k.line, "name": k.name, "why": k.why} for k in kept[:MOST_TOLD]]
    locked.taken_back_at, locked.work = clock.now(), SheetImport.Work.NOTHING
    locked.save()
    audit.record("sheet.taken_back", subject=locked, actor=by, kind=locked.kind, kept=len(kept))
    return locked


@dataclass
class _Undoing:
    """What stays of a sheet, and how far the undoing is."""

    sheet: SheetImport
    notice: Notice | None
    kept: list[Kept] = field(default_factory=list)
    done: int = 0
    total: int = 1

    def pairs(self) -> None:
        made = self.sheet.touched.filter(what=What.PAIR)
        if not made.exists():
            return
        stay = maker().staying(made.values("touched_id"))
        for rows in self._batches(made):
            maker().remove([row.touched_id for row in rows if row.touched_id not in stay])
            self.kept += [Kept(row.line, _("A pair"), stay[row.touched_id]) for row in rows if row.touched_id in stay]

    def sign_ups(self) -> None:
        changed, made = self._held(Enrollment, What.SIGN_UP)
        for rows in self._batches(changed):
            there = self._restored(Enrollment, rows)
            for mine in there:
                settle(mine)
            many.write(there, ["answers", "state", "decision", "decided_at"])
        self._remove(Enrollment, made, "decided_by", _why_a_sign_up_stays)

    def people(self) -> None:
        changed, made = self._held(Person, What.PERSON)
        for rows in self._batches(changed):
            fields = {name for row in rows for name in row.before or {}}
            many.write(self._restored(Person, rows), sorted(fields))
        self._remove(Person, made, "account", _why_a_person_stays)

    def _held(self, model: type[models.Model], what: TouchedRow.What) -> tuple[Rows, Rows]:
        """What the sheet changed and what it made of one kind, all locked in one order."""
        touched = self.sheet.touched.filter(what=what)
        many.hold(model._default_manager.filter(pk__in=touched.values("touched_id")))
        return touched.filter(before__isnull=False), touched.filter(before__isnull=True)

    def _restored(self, model: type[models.Model], rows: Sequence[TouchedRow]) -> Sequence[Any]:
        """Rows that the sheet changed, as they were before; whoever calls writes them."""
        there = self._named(model, (row.touched_id for row in rows))
        for row in rows:
            if (mine := there.get(row.touched_id)) and (why := _restore(mine, row)):
                self.kept.append(Kept(row.line, _name(mine), why))
        return list(there.values())

    def _remove(self, model: type[models.Model], made: Rows, theirs: str, why_it_stays: WhyItStays) -> None:
        """Delete what the sheet made, but for what somebody went on with."""
        in_use = many.in_use(model, made.values("touched_id"))
        for rows in self._batches(made):
            fields = {name for row in rows for name in row.after}
            there = model._default_manager.filter(pk__in=[row.touched_id for row in rows])
            found = {each["pk"]: each for each in there.values("pk", theirs, *fields)}
            why = {
                row: why_it_stays(mine[theirs], mine["pk"] in in_use) or _sentence(model, _changed(mine, row))
                for row in rows
                if (mine := found.get(row.touched_id))
            }
            many.delete_unused(model, [row.touched_id for row, reason in why.items() if not reason])
            staying = self._named(model, (row.touched_id for row, reason in why.items() if reason))
            self.kept += [Kept(row.line, _name(staying[row.touched_id]), said) for row, said in why.items() if said]

    def _named(self, model: type[models.Model], ids: Iterable[UUID]) -> dict[UUID, Any]:
        """Whole rows, with what their names are made of."""
        if model is Person:
            return Person.objects.in_bulk(ids)
        there = Enrollment.objects.select_related("person").in_bulk(ids)
        for mine in there.values():
            # All are of one session; each of its own would bring the program's settings along.
            mine.cycle = cast(Cycle, self.sheet.cycle)
        return there

    def _batches(self, touched: Rows) -> Iterator[Sequence[TouchedRow]]:
        """What a sheet touched, the last first, so that a row that was touched twice ends as it began."""
        rows = touched.order_by("-line", "-id").iterator(AT_ONCE)
        while batch := list(islice(rows, AT_ONCE)):
            yield batch
            many.check_references()
            self.done += len(batch)
            if self.notice:
                self.notice(self.done, self.total)


def _name(mine: Person | Enrollment) -> str:
    return mine.name if isinstance(mine, Person) else f"{mine.person.name}, {mine.role_called}"


def _why_a_sign_up_stays(decided_by: object, in_use: bool) -> str:
    return _("Somebody has gone on with this sign-up since.") if decided_by or in_use else ""


def _why_a_person_stays(account: object, in_use: bool) -> str:
    if account:
        return _("This person has signed in since.")
    return _("There is more about this person by now.") if in_use else ""


def _restore(mine: models.Model, row: TouchedRow) -> str:
    """Put back what nobody changed since; returns what was changed, in a sentence, or nothing."""
    assert row.before is not None
    changed = _changed({name: getattr(mine, name) for name in row.after}, row)
    for name, value in row.before.items():
        if name not in changed:
            setattr(mine, name, _field(type(mine), name).to_python(value))
    return _sentence(type(mine), changed)


def _changed(mine: Mapping[str, Any], row: TouchedRow) -> list[str]:
    return [name for name, value in row.after.items() if plain(mine[name]) != value]


def _sentence(model: type[models.Model], changed: Collection[str]) -> str:
    if not changed:
        return ""
    names = ", ".join(str(_field(model, name).verbose_name) for name in changed)
    return _("Changed since, so it stays: %(names)s.") % {"names": names}


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    return cast("models.Field[Any, Any]", model._meta.get_field(name))
