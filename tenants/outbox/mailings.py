"""Writing to many at once. It leaves in steps, so that what goes wrong goes wrong for few; it is refused to a society
of whom nobody knows yet whether it is who it says; and it stops by itself when too much of it comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Model, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import allowance, audit, context, due, trust
from tenants.allowance import Thing
from tenants.models import Society
from tenants.outbox.models import Mailing, OutboxMail

# So many leave first; the rest so much later, when the first have had time to come back.
FIRST_STEP, PAUSE = 50, timedelta(hours=1)
# So many of a hundred may come back, or be complained about.
MOST_PERCENT = 3
# To so many anybody may write; above, it is a mailing that must be allowed.
FEW = trust.MOST_UNCONFIRMED
# What is refused today is asked about again tomorrow, where nobody presses a button for it.
ASK_AGAIN_AFTER = timedelta(days=1)
NOW = timedelta(0)

Unmake = Callable[[str], None]
_unmakes: dict[str, Unmake] = {}


def when_stopped(kind: str) -> Callable[[Unmake], Unmake]:
    """Have a function called when a mailing whose key begins with this kind has stopped; it is given the rest of it."""

    def register(unmake: Unmake) -> Unmake:
        _unmakes[kind] = unmake
        return unmake

    return register


def refusal(people: int) -> str:
    """Why the society one is in may not write to so many people now, in a sentence for staff; empty if it may."""
    society = _here()
    if society.is_rehearsal:
        return ""
    if not trust.may_write_to(society, people + _invited_so_far(society)):
        return _(
            "We do not know yet that %(society)s is who it says, so it can invite %(few)d people by mail altogether. "
            "An owner can have it confirmed under Settings; until then, share the link."
        ) % {"society": society.name, "few": FEW}
    if people <= FEW:
        return ""
    if not society.postal_address:
        return _("A mail that invites many carries your postal address. Type it on the page “Mail” first.")
    refused = allowance.refusal(society, Thing.BULK_MAIL)
    return refused.sentence if refused else ""


@transaction.atomic
def begin(
    *, key: str, title: str, people: int, wait: timedelta = NOW, by: Model | None = None, invites: bool = True
) -> Mailing:
    """Begin to write to so many people; the same key is the same mailing, which may have been stopped since.

    It is held for this transaction, so that nobody stops it in the middle. DomainError, with what to do, if the society
    may not invite that many; whom one reminds of what they signed up to nobody is asked about.
    """
    if found := Mailing.objects.select_for_update().filter(key=key).first():
        return found
    if invites and (refused := refusal(people)):
        raise DomainError(refused)
    now = clock.now()
    told = getattr(by, "email", "") or _here().contact_mail
    mailing = Mailing.objects.create(
        key=key, title=title[:200], people=people, begun_at=now, leaves_at=now + wait, told=told
    )
    audit.record("mailing.begun", subject=mailing, actor=by, people=people)
    return mailing


def find(key: str) -> Mailing | None:
    """A mailing that was not stopped, held for this transaction; None if there is none."""
    return Mailing.objects.select_for_update().filter(key=key, stopped_at=None).first()


def next_place(mailing: Mailing) -> datetime:
    """When the next mail of a mailing leaves: with the first step, or with the rest."""
    locked = Mailing.objects.select_for_update().get(pk=mailing.pk)
    locked.written += 1
    locked.save(update_fields=["written"])
    leaves_at = locked.leaves_at if locked.written <= FIRST_STEP else locked.leaves_at + PAUSE
    return max(leaves_at, clock.now())


@transaction.atomic
def stop(*, mailing: Mailing, why: Mailing.Stopped = Mailing.Stopped.BY_HAND, by: Model | None = None) -> int:
    """Keep back what has not left, and write nothing more; returns how many stay here. Twice changes nothing."""
    from tenants.outbox.services import KIND  # they ask this module when each mail leaves

    locked = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if locked.stopped_at is not None:
        return 0
    locked.stopped_at, locked.why_stopped = clock.now(), why
    locked.save(update_fields=["stopped_at", "why_stopped"])
    waiting = locked.mails.select_for_update().filter(state=OutboxMail.State.WAITING)
    kept = [str(pk) for pk in waiting.values_list("pk", flat=True)]
    locked.mails.filter(pk__in=kept).update(state=OutboxMail.State.CANCELED)
    due.cancel_all(KIND, kept)
    audit.record("mailing.stopped", subject=locked, actor=by, why=str(why), mails=len(kept))
    kind, _colon, rest = locked.key.partition(":")
    if unmake := _unmakes.get(kind):
        unmake(rest)
    return len(kept)


def look(mailing: Mailing) -> None:
    """Stop a mailing of which too much came back, if anything of it is still to leave, and tell whoever began it."""
    numbers = numbers_of(Mailing.objects.filter(pk=mailing.pk)).get()
    # Of few that have left, one alone would be too many; so the whole first step counts before it has left.
    left = max(numbers.left, min(numbers.people, FIRST_STEP))
    still = numbers.waiting or numbers.written < numbers.people
    for count, why in (
        (numbers.complaints, Mailing.Stopped.COMPLAINTS),
        (numbers.bounces, Mailing.Stopped.CAME_BACK),
    ):
        if still and count * 100 >= MOST_PERCENT * left:
            kept = stop(mailing=mailing, why=why)
            _tell(numbers, count, kept, why)
            return


def numbers_of(mailings: QuerySet[Mailing]) -> QuerySet[Any]:
    """Mailings, the newest first, with what became of their mails: left, waiting, bounces and complaints."""
    states = OutboxMail.State
    return mailings.order_by("-begun_at", "-id").annotate(
        left=Count("mails", filter=Q(mails__state__in=[states.SENT, states.FAILED])),
        waiting=Count("mails", filter=Q(mails__state__in=[states.WAITING, states.LEAVING])),
        kept=Count("mails", filter=Q(mails__state=states.CANCELED)),
        bounces=Count("mails", filter=Q(mails__came_back=OutboxMail.CameBack.BOUNCE)),
        complaints=Count("mails", filter=Q(mails__came_back=OutboxMail.CameBack.COMPLAINT)),
    )


def undeliverable() -> set[str]:
    """Addresses, in small letters, to which no mailing goes any more: the last mail to them came back."""
    back = {address.lower() for address in _came_back().values_list("recipient", flat=True)}
    if not back:
        return back
    done = OutboxMail.objects.filter(state__in=[OutboxMail.State.SENT, OutboxMail.State.FAILED])
    theirs = done.annotate(address=Lower("recipient")).filter(address__in=back).order_by("written_at", "id")
    newest = dict(theirs.values_list("address", "came_back"))
    return {address for address, came_back in newest.items() if came_back}


def _came_back() -> QuerySet[OutboxMail]:
    return OutboxMail.objects.exclude(came_back="").order_by()


def _tell(mailing: Any, count: int, kept: int, why: Mailing.Stopped) -> None:
    from tenants.outbox.services import mail

    values = {"mailing": mailing, "count": count, "kept": kept, "complained": why == Mailing.Stopped.COMPLAINTS}
    values["link"] = _here().url(f"/staff/mail/many/{mailing.pk}/")
    if mailing.told:
        mail("mailing_stopped", to=mailing.told, context=values)


def _invited_so_far(society: Society) -> int:
    """How many people a society has invited by mail that nobody has confirmed; of others nobody counts."""
    if society.is_confirmed:
        return 0
    written = OutboxMail.objects.filter(headers__has_key="List-Unsubscribe").exclude(state=OutboxMail.State.CANCELED)
    return written.values("recipient").distinct().count()


def _here() -> Society:
    society = context.current()
    assert society is not None, "Mailings belong to a society."
    return society
