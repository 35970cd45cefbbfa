"""Taking a sheet back as a whole: what it made goes, what it changed is as it was, and what others did since stays."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import waiting
from programs.enrollment.importing.pairing import maker
from programs.enrollment.importing.plans import plain, share_cycles
from programs.enrollment.models import Enrollment, SheetImport, TouchedRow
from programs.enrollment.services import settle
from programs.enrollment.working import Notice
from tenants import audit
from tenants.people.models import Person

AT_ONCE = 500
MOST_TOLD = 500
What = TouchedRow.What


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
    kept: list[Kept] = []
    done, total = 0, locked.touched.count() or 1
    for what, undo in ((What.PAIR, _undo_pairs), (What.SIGN_UP, _undo_sign_ups), (What.PERSON, _undo_people)):
        for rows in _batches(locked, what):
            kept += undo(rows)
            done += len(rows)
            if notice:
                notice(done, total)
    if cycle is not None:
        waiting.fill(cycle)
    kept.sort(key=lambda each: each.line)
    locked.kept_back = [{"line": k.line, "name": k.name, "why": k.why} for k in kept[:MOST_TOLD]]
    locked.taken_back_at, locked.work = clock.now(), SheetImport.Work.NOTHING
    locked.save()
    audit.record("sheet.taken_back", subject=locked, actor=by, kind=locked.kind, kept=len(kept))
    return locked


def _batches(sheet_import: SheetImport, what: TouchedRow.What) -> Iterator[list[TouchedRow]]:
    """What a sheet touched, the last first, so that a row that was touched twice ends as it began."""
    ids = list(sheet_import.touched.filter(what=what).order_by("-line", "-id").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        wanted = ids[start : start + AT_ONCE]
        rows = TouchedRow.objects.in_bulk(wanted)
        yield [rows[pk] for pk in wanted]


def _undo_pairs(rows: Sequence[TouchedRow]) -> list[Kept]:
    stay = maker().take_back([row.touched_id for row in rows])
    return [Kept(row.line, _("A pair"), stay[row.touched_id]) for row in rows if row.touched_id in stay]


def _undo_sign_ups(rows: Sequence[TouchedRow]) -> list[Kept]:
    there = _locked(Enrollment.objects.select_related("person"), rows)
    share_cycles(there.values())
    in_use = _in_use(Enrollment, there)
    kept, restored = [], []
    gone: set[UUID] = set()
    for row in rows:
        if (mine := there.get(row.touched_id)) is None:
            continue
        name = f"{mine.person.name}, {mine.get_role_display()}"
        if row.before is not None:
            why = _restore(mine, row)
            settle(mine)
            restored.append(mine)
        elif mine.pk in in_use or mine.decided_by_id:
            why = _("Somebody has gone on with this sign-up since.")
        else:
            why = _changed_since(mine, row)
            gone |= set() if why else {mine.pk}
        if why:
            kept.append(Kept(row.line, name, why))
    _save(Enrollment, restored, ["answers", "state", "decision", "decided_at"], but=gone)
    Enrollment.objects.filter(pk__in=gone).delete()
    return kept


def _undo_people(rows: Sequence[TouchedRow]) -> list[Kept]:
    there = _locked(Person.objects.all(), rows)
    in_use = _in_use(Person, there)
    kept, restored = [], []
    gone: set[UUID] = set()
    fields = {name for row in rows if row.before is not None for name in row.before}
    for row in rows:
        if (mine := there.get(row.touched_id)) is None:
            continue
        if row.before is not None:
            why = _restore(mine, row)
            restored.append(mine)
        elif mine.account_id:
            why = _("This person has signed in since.")
        elif mine.pk in in_use:
            why = _("There is more about this person by now.")
        else:
            why = _changed_since(mine, row)
            gone |= set() if why else {mine.pk}
        if why:
            kept.append(Kept(row.line, mine.name, why))
    _save(Person, restored, sorted(fields), but=gone)
    Person.objects.filter(pk__in=gone).delete()
    return kept


def _locked(found: models.QuerySet[Any], rows: Sequence[TouchedRow]) -> dict[UUID, Any]:
    ids = sorted({row.touched_id for row in rows})
    return {row.pk: row for row in found.select_for_update(of=["self"]).filter(pk__in=ids).order_by("pk")}


def _restore(mine: models.Model, row: TouchedRow) -> str:
    """Put back what nobody changed since; returns what was changed, in a sentence, or nothing."""
    assert row.before is not None
    changed = [name for name, value in row.after.items() if plain(getattr(mine, name)) != value]
    for name, value in row.before.items():
        if name not in changed:
            setattr(mine, name, _field(mine, name).to_python(value))
    return _sentence(mine, changed)


def _changed_since(mine: models.Model, row: TouchedRow) -> str:
    return _sentence(mine, [name for name, value in row.after.items() if plain(getattr(mine, name)) != value])


def _sentence(mine: models.Model, changed: Collection[str]) -> str:
    if not changed:
        return ""
    names = ", ".join(str(_field(mine, name).verbose_name) for name in changed)
    return _("Changed since, so it stays: %(names)s.") % {"names": names}


def _field(mine: models.Model, name: str) -> models.Field[Any, Any]:
    return cast("models.Field[Any, Any]", mine._meta.get_field(name))


def _in_use(model: type[models.Model], there: Mapping[UUID, object]) -> set[UUID]:
    """Rows that others point at."""
    found: set[UUID] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            name = relation.field.name
            rows = relation.related_model._default_manager.filter(**{f"{name}__in": there.keys()})
            found.update(rows.order_by().values_list(name, flat=True))
    return found


def _save(model: type[models.Model], rows: Sequence[Any], fields: Sequence[str], *, but: Collection[UUID]) -> None:
    kept = {row.pk: row for row in rows if row.pk not in but}
    if kept and fields:
        model._default_manager.bulk_update(kept.values(), fields, batch_size=200)
