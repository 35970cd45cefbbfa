"""Writing mail. A row is written here, in the transaction of what it tells; `sending` takes it from there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.headerregistry import Address
from typing import Any, Protocol, runtime_checkable

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import audit, due
from tenants import context as doors
from tenants.brands import brand_of
from tenants.outbox import mailings
from tenants.outbox.letter import Letter, compose
from tenants.outbox.models import Mailing, OutboxMail

# The kind under which the platform's table of what is due knows a mail; its reference is the mail's id.
KIND = "mail"


@runtime_checkable
class Somebody(Protocol):
    """Whoever can be written to."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...


Recipient = Somebody | str


@transaction.atomic
def mail(
    template: str,
    *,
    to: Recipient | Iterable[Recipient],
    context: Mapping[str, Any] | None = None,
    reply_to: str = "",
    wait: timedelta = timedelta(0),
    secret: bool = False,
    sealed: bool = False,
    unsubscribe: Callable[[Recipient], str] | None = None,
    mailing: Mailing | None = None,
) -> list[OutboxMail]:
    """Write one mail to each recipient who has an address, in the name of the society one is in.

    It leaves after the commit and `wait`, and until then can be canceled. A `secret` mail holds a code or a link that
    lets somebody in; a `sealed` one is secret too, and encrypted as long as it waits. `unsubscribe` gives a recipient's
    own address for leaving a list, and marks the mail as bulk. The mails of a `mailing` leave with its steps.
    """
    mails = []
    brand = brand_of(doors.current())
    brand = replace(brand, contact=reply_to or brand.contact)
    for recipient in _each(to):
        if address := _address(recipient):
            letter = compose(template, {**(context or {}), "recipient": recipient, "brand": brand})
            headers = _one_click(unsubscribe(recipient)) if unsubscribe else {}
            mails.append(
                draft(
                    template,
                    letter,
                    to=address,
                    name=_name(recipient),
                    reply_to=reply_to,
                    secret=secret or sealed,
                    sealed=sealed,
                    headers=headers,
                )
            )
    lane = due.Lane.WAITED_FOR if secret or sealed else due.Lane.BULK if unsubscribe else due.Lane.NORMAL
    return post(mails, wait=wait, lane=lane, mailing=mailing)


def draft(
    template: str,
    letter: Letter,
    *,
    to: str,
    name: str = "",
    reply_to: str = "",
    secret: bool = False,
    sealed: bool = False,
    headers: Mapping[str, str] | None = None,
) -> OutboxMail:
    """A mail that is complete and not yet anywhere."""
    society = doors.current()
    local_part = society.slug if society else "hello"
    mail = OutboxMail(
        template=template,
        recipient=to,
        recipient_name=name,
        sender=str(Address(brand_of(society).name, local_part, settings.MAIL_DOMAIN)),
        reply_to=reply_to or (society.contact_mail if society else ""),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        headers=dict(headers or {}),
        secret=secret,
    )
    if sealed:
        mail.seal()
    return mail


def post(
    mails: list[OutboxMail], *, wait: timedelta, lane: due.Lane, mailing: Mailing | None = None
) -> list[OutboxMail]:
    """Put mails in the outbox, and on the platform's table of what is due."""
    times: dict[datetime, list[str]] = defaultdict(list)
    leaves_at = clock.now() + wait
    for each in mails:
        each.mailing = mailing
        each.leaves_at = mailings.next_place(mailing) if mailing else leaves_at
        times[each.leaves_at].append(str(each.pk))
    OutboxMail.objects.bulk_create(mails)
    for at, refs in times.items():
        due.schedule_all(KIND, refs, at=at, lane=lane)
    return mails


@transaction.atomic
def take_back(*, mail: OutboxMail, by: Model | None = None) -> OutboxMail:
    """Keep a mail from leaving; DomainError if it has left or is leaving."""
    locked = OutboxMail.objects.select_for_update().get(pk=mail.pk)
    if locked.state != OutboxMail.State.WAITING:
        raise DomainError(_("This mail can no longer be taken back: it is on its way."))
    locked.state = OutboxMail.State.CANCELED
    locked.forget_secret()
    locked.save()
    due.cancel(KIND, str(locked.pk))
    audit.record("mail.taken_back", subject=locked, actor=by)
    return locked


@transaction.atomic
def send_now(*, mail: OutboxMail, by: Model | None = None) -> OutboxMail:
    """Let a mail leave that still waits for its time; DomainError if it has left or is leaving."""
    locked = OutboxMail.objects.select_for_update().get(pk=mail.pk)
    if locked.state != OutboxMail.State.WAITING:
        raise DomainError(_("This mail is on its way already."))
    locked.leaves_at = clock.now()
    locked.save(update_fields=["leaves_at"])
    due.schedule(KIND, str(locked.pk), at=locked.leaves_at)
    audit.record("mail.sent_at_once", subject=locked, actor=by)
    return locked


def _each(to: Recipient | Iterable[Recipient]) -> Iterable[Recipient]:
    return [to] if isinstance(to, str | Somebody) else to


def _address(recipient: Recipient) -> str:
    return recipient if isinstance(recipient, str) else recipient.email


def _name(recipient: Recipient) -> str:
    return "" if isinstance(recipient, str) else recipient.name


def _one_click(url: str) -> dict[str, str]:
    """RFC 8058: a mail program unsubscribes with one POST, without signing in."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
