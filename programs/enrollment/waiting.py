"""The waiting list: a session takes so many people in each role, and whoever comes later waits for a place.

Everybody who comes to be able to take part goes through the list: who finds a place free has it at once. The order is
the date of sign-up or a drawn lot, and knows nothing else of anybody. Nobody who has a place loses it to the list.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import many
from programs.enrollment.models import Enrollment, Lot
from programs.policy.models import Cycle
from tenants import audit, context, outbox
from tenants.people.models import Person

State = Enrollment.State
# Who has a place in a session.
HOLDING = (State.ELIGIBLE, State.MATCHED)
# Sessions in which a place that comes free is of use to somebody.
GIVES_PLACES = (Cycle.State.RECRUITING, Cycle.State.MATCHING, Cycle.State.RUNNING)
LOTS = 2**31


@dataclass(frozen=True)
class Standing:
    """Where somebody stands on the waiting list, and what made its order."""

    number: int
    of: int
    most: int | None
    called: str
    lot: Lot | None


def hold(*cycles: Cycle) -> None:
    """Keep others from giving or leaving places of these sessions until the end; always before any sign-up's row."""
    capped = [cycle.pk for cycle in cycles if most(cycle) is not None]
    list(Cycle.objects.select_for_update(of=["self"], no_key=True).filter(pk__in=capped).order_by("pk"))


def hold_session(pk: UUID) -> None:
    """Keep others from giving places of a session, and from publishing who suits whom, until the end."""
    Cycle.objects.select_for_update(of=["self"], no_key=True).only("pk").get(pk=pk)


def most(cycle: Cycle) -> int | None:
    """How many people of each role a session takes; None where there is no limit."""
    return cycle.settings.cap.pairs


def room(cycle: Cycle, role: str) -> int | None:
    """How many places of a role are free; None where there is no limit."""
    limit = most(cycle)
    return None if limit is None else max(0, limit - taken(cycle, role))


def taken(cycle: Cycle, role: str) -> int:
    """How many people of a role have a place."""
    return cycle.enrollments.filter(role=role, state__in=HOLDING).count()


def is_full(cycle: Cycle, role: str) -> bool:
    """Whether whoever signs up now would wait."""
    return room(cycle, role) == 0


def check_has_room(cycle: Cycle, role: str) -> None:
    """DomainError if a session is full that keeps no waiting list."""
    if cycle.settings.cap.beyond == "refuse" and is_full(cycle, role):
        raise DomainError(
            all_taken(cycle, role) + " " + _("Tell us that you are interested, and we write when there is room.")
        )


def all_taken(cycle: Cycle, role: str) -> str:
    """The sentence for a role whose places are all taken."""
    count = most(cycle) or 0
    said = ngettext(
        "The only place for this role (%(called)s) is taken.",
        "All %(count)s places for this role (%(called)s) are taken.",
        count,
    )
    return said % {"count": f"{count:,}", "called": cycle.settings.roles[role].called}


def in_order(cycle: Cycle, role: str) -> list[Enrollment]:
    """Who waits for a place of a role, the first one first."""
    waiting = cycle.enrollments.filter(role=role, state=State.WAITLISTED).select_related("person")
    found = list(waiting.order_by("signed_up_at", "pk"))
    lot = lot_of(cycle)
    return found if lot is None else sorted(found, key=lambda each: _drawn(lot, each))


def lot_of(cycle: Cycle) -> Lot | None:
    """The lot that orders a session's list now; None where the date of sign-up does."""
    return cycle.lots.first() if _by_lot(cycle) else None


def standing_of(enrollment: Enrollment) -> Standing | None:
    """Where somebody stands on the list; None if they do not wait."""
    if enrollment.state != State.WAITLISTED:
        return None
    cycle, role = enrollment.cycle, enrollment.role
    queue = [each.pk for each in in_order(cycle, role)]
    called = cycle.settings.roles[role].called
    return Standing(queue.index(enrollment.pk) + 1, len(queue), most(cycle), called, lot_of(cycle))


@transaction.atomic
def fill(cycle: Cycle) -> Sequence[Enrollment]:
    """Give the free places to whoever is first, and write to those who had waited; returns who moved up.

    Whoever calls has come by `hold`, or nothing stands in the way of two at once but each other's rows.
    """
    if cycle.state not in GIVES_PLACES:
        return ()
    roles = cycle.enrollments.filter(state=State.WAITLISTED).order_by().values_list("role", flat=True).distinct()
    moved: list[Enrollment] = []
    for role in sorted(roles):
        free, queue = room(cycle, role), in_order(cycle, role)
        if free is not None and len(queue) > free and _by_lot(cycle) and not cycle.lots.exists():
            _draw(cycle)
            queue = in_order(cycle, role)
        first = queue if free is None else queue[:free]
        moved += _seat(cycle, first)
        _wait(cycle, queue[len(first) :])
    return moved


@transaction.atomic
def move_up(*, enrollment: Enrollment, reason: str, by: Person) -> Enrollment:
    """Give somebody a place before it is their turn, beyond the limit if need be.

    DomainError without a reason, or if they do not wait.
    """
    if not reason.strip():
        raise DomainError(_("Write down why, so that a colleague understands it next year."), field="reason")
    hold(enrollment.cycle)
    locked = (
        Enrollment.objects.select_for_update(of=["self"])
        .select_related("person", "cycle__version")
        .get(pk=enrollment.pk)
    )
    if locked.state != State.WAITLISTED:
        raise DomainError(_("%(name)s does not wait on the list any more.") % {"name": locked.person.name})
    locked.decision = {**locked.decision, "moved_up": {"reason": reason.strip(), "by": by.name}}
    locked.save(update_fields=["decision"])
    _seat(locked.cycle, [locked], by=by)
    return locked


@transaction.atomic
def draw_again(*, cycle: Cycle, reason: str, by: Person, instead_of: UUID | None = None) -> Lot:
    """Order a session's list anew, and write so to those on it who know of it; the lots drawn before stay to be read.

    Where the lot that one looked at does not count any more, nothing is drawn. DomainError without a reason, or where
    no lot orders the list.
    """
    if not reason.strip():
        raise DomainError(_("Write down why. Everybody who waits reads it."), field="reason")
    hold(cycle)
    before = lot_of(cycle)
    if before is None:
        raise DomainError(_("No lot has been drawn for this list."))
    if instead_of not in (None, before.pk):
        return before
    lot = _draw(cycle, reason=reason.strip(), by=by)
    for role in sorted({each.role for each in to_be_told(cycle)}):
        for number, each in enumerate(in_order(cycle, role), 1):
            each.cycle = cycle
            if is_told(each):
                _write("waiting_list_drawn", each, lot=lot, number=number)
    return lot


def to_be_told(cycle: Cycle) -> QuerySet[Enrollment]:
    """Who waits and is written to about the list: not whom a sheet brought, as long as they never came."""
    waiting = cycle.enrollments.filter(state=State.WAITLISTED)
    return waiting.exclude(source_id__isnull=False, person__account=None)


def _by_lot(cycle: Cycle) -> bool:
    return cycle.settings.cap.order == "lot"


def _drawn(lot: Lot, enrollment: Enrollment) -> bytes:
    """The number that somebody drew: whoever comes later finds a place anywhere, and nobody else's order changes."""
    return blake2b(f"{lot.seed}:{enrollment.pk}".encode()).digest()


def _draw(cycle: Cycle, *, reason: str = "", by: Person | None = None) -> Lot:
    lot = Lot.objects.create(
        cycle=cycle, seed=secrets.randbelow(LOTS), drawn_at=clock.now(), drawn_by=by, reason=reason
    )
    audit.record("waiting_list.drawn", subject=cycle, actor=by, lot=str(lot.pk), seed=lot.seed)
    return lot


def _seat(cycle: Cycle, first: Iterable[Enrollment], *, by: Person | None = None) -> list[Enrollment]:
    seated = []
    for each in first:
        waited, each.cycle = each.waiting_since is not None, cycle
        each.state, each.waiting_since = State.ELIGIBLE, None
        if waited or by:
            audit.record("sign_up.moved_up", subject=each, actor=by, role=each.role)
            if is_told(each):
                _write("waiting_list_place", each)
        seated.append(each)
    many.write(seated, ["state", "waiting_since"])
    return seated


def _wait(cycle: Cycle, rest: Iterable[Enrollment]) -> None:
    new = [each.pk for each in rest if each.waiting_since is None]
    cycle.enrollments.filter(pk__in=new).update(waiting_since=clock.now())


def is_told(enrollment: Enrollment) -> bool:
    """Whom a sheet brought is not written to unasked."""
    return bool(enrollment.person.account_id or not enrollment.source_id)


def _write(template: str, enrollment: Enrollment, **more: object) -> None:
    society = context.current()
    assert society is not None, "A sign-up belongs to a society."
    cycle = enrollment.cycle
    link = society.url(reverse("enrollment:signed_up", args=[cycle.pk, enrollment.role]))
    values = {"enrollment": enrollment, "cycle": cycle, "program": cycle.program, "link": link, **more}
    outbox.mail(template, to=enrollment.person, context=values, reply_to=cycle.program.contact)
