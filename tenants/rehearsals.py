"""Rehearsals: a society of invented people in a schema of its own, whose months pass by a button.

It is as real as a society can be, so that everything in it is tried and nothing is played: pages, mails, matching,
what is due. Only its clock is ahead, its mail goes to whoever rehearses, and it is gone without a trace.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.db.models import F, Q
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import audit, context, due
from tenants.accounts.models import Account
from tenants.models import Due, Society
from tenants.people.models import Person, StaffRole
from tenants.provisioning.services import NoSpareSchema, ask_for_spares, provision_society

# Whoever forgets a rehearsal loses nothing by its end.
LASTS = timedelta(days=14)
FARTHEST = timedelta(days=5 * 365)
LONGEST_STEP = timedelta(days=62)
# One step of time; more than this can only be something that comes back forever.
MOST_AT_ONCE = 20_000


def begin(*, of: Society, by: Person, owner: bool) -> Society:
    """A society of its own that looks like another, with nobody in it but whoever rehearses, as its owner or manager.

    DomainError inside of a rehearsal, for whoever has no address, and if no schema lies ready.
    """
    if of.is_rehearsal:
        raise DomainError(_("This is a rehearsal already. Begin another one from the society itself."))
    if not by.email:
        raise DomainError(
            _("A rehearsal writes to whoever begins it, and there is no mail address with your name yet.")
        )
    with context.platform():
        rehearsal = _take(
            name=of.name,
            slug=f"rehearsal-{secrets.token_hex(5)}",
            time_zone=of.time_zone,
            contact_mail=of.contact_mail,
            state=Society.State.ACTIVE,
            brand_color=of.brand_color,
            accent_color=of.accent_color,
            rehearses=of,
            rehearsed_for=by.email,
        )
        # As rows, for a picture that was never loaded is not worth carrying through the process.
        theirs = Society.objects.filter(pk=of.pk).values_list("logo", "logo_hash").get()
        Society.objects.filter(pk=rehearsal.pk).update(logo=theirs[0], logo_hash=theirs[1])
    with context.society(rehearsal):
        account = Account.objects.create_user(by.email)
        facts = {name: getattr(by, name) for name in ("given_name", "family_name", "called", "stage", "email")}
        person = Person.objects.create(account=account, created_at=clock.now(), **facts)
        kind = StaffRole.Kind.OWNER if owner else StaffRole.Kind.MANAGER
        StaffRole.objects.create(person=person, kind=kind, created_at=clock.now())
    audit.record("rehearsal.begun", actor=by, rehearsal=rehearsal.slug)
    return rehearsal


def _take(**facts: Any) -> Society:
    """A schema that lies ready; where none does, the next one is on its way by then."""
    try:
        return provision_society(**facts)
    except NoSpareSchema:
        ask_for_spares()  # now, for what is undone here will never be committed
        raise DomainError(_("The room for it is being prepared. Press the button again in a minute.")) from None


def of_person(society: Society, person: Person) -> Society | None:
    """The rehearsal that somebody began and has not ended."""
    with context.platform():
        mine = society.rehearsals.filter(left_at=None, rehearsed_for=person.email).exclude(rehearsed_for="")
        return mine.defer("logo").order_by("-created_at").first()


def end(*, rehearsal: Society) -> None:
    """Close its door at once and for good; its data go within minutes. Doing it twice changes nothing."""
    with context.platform():
        going = _locked(rehearsal)
        if going.left_at is None:
            going.state, going.left_at, going.passing_until = Society.State.LEFT, clock.everywhere(), None
            going.save(update_fields=["state", "left_at", "passing_until"])
            going.due.all().delete()


def let_time_pass(*, rehearsal: Society, days: int) -> datetime:
    """Have so many days go by, each with what happens on it; returns when that will be over, on its own clock.

    While time is passing already it goes on to where it was sent. DomainError for a step that is too long, or too far.
    """
    step = timedelta(days=days)
    if not timedelta(0) < step <= LONGEST_STEP:
        raise DomainError(_("Time passes by steps of a day to two months."))
    with context.platform():
        locked = _locked(rehearsal)
        if locked.passing_until is None:
            if locked.clock_ahead + step > FARTHEST:
                raise DomainError(_("A rehearsal goes no further than five years."))
            locked.passing_until = _now_in(locked) + step
            _write(locked, passing_until=locked.passing_until)
        until = locked.passing_until
        context.after_commit(lambda: pass_time.apply_async(args=(str(locked.pk),)))
    return until


@shared_task(name="tenants.rehearsals.pass_time")
def pass_time(society_id: str) -> None:
    """Go from one thing that is due to the next, the clock with them, until the day is there that was asked for."""
    for _step in range(MOST_AT_ONCE):
        job = _next(society_id)
        if job is None:
            return
        due.run(job)


def _next(society_id: str) -> due.Job | None:
    """Move the clock to what is due next, and claim that; to the day asked for if nothing is due before.

    All in one transaction, so that no other worker finds it due before it is ours.
    """
    with context.platform():
        rehearsal = Society.objects.select_for_update().defer("logo").filter(pk=society_id, left_at=None).first()
        if rehearsal is None or rehearsal.passing_until is None:
            return None
        now, left = clock.everywhere(), rehearsal.passing_until - _now_in(rehearsal)
        waiting = Due.objects.filter(society=rehearsal, parked_at=None, due_at__lte=now + left)
        # What another worker has claimed is due again only if that one dies.
        waiting = waiting.filter(Q(claim=None) | Q(due_at__lte=now)).order_by("due_at", "lane")
        row = waiting.select_for_update(skip_locked=True).first()
        if row is None:
            _move(rehearsal, max(left, timedelta(0)), now)
            _write(rehearsal, passing_until=None)
            return None
        _move(rehearsal, max(row.due_at - now, timedelta(0)), now)
        return due.take(row, now)


def _move(rehearsal: Society, step: timedelta, now: datetime) -> None:
    """Let its clock go on; what waits for its own time comes as much nearer."""
    if step:
        _write(rehearsal, clock_ahead=rehearsal.clock_ahead + step)
        waiting = Due.objects.filter(Q(claim=None) | Q(due_at__lte=now), society=rehearsal)
        waiting.update(due_at=F("due_at") - step)


def end_forgotten() -> None:
    """End what nobody came back to."""
    with context.platform():
        old = Society.objects.filter(left_at=None, rehearses__isnull=False, created_at__lt=clock.now() - LASTS)
        forgotten = list(old.defer("logo"))
    for rehearsal in forgotten:
        end(rehearsal=rehearsal)


def _now_in(rehearsal: Society) -> datetime:
    return clock.everywhere() + rehearsal.clock_ahead


def _write(rehearsal: Society, **facts: object) -> None:
    """Not saved as a whole, for that makes every process look for all its hosts again."""
    Society.objects.filter(pk=rehearsal.pk).update(**facts)


def _locked(society: Society) -> Society:
    return Society.objects.select_for_update().defer("logo").get(pk=society.pk)
