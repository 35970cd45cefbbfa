"""What comes back of a mail after it left: notices of the mail provider, or the mail servers' own.

A notice names the mail by its Message-ID, which says whose it is. One that came twice changes nothing; one about a mail
that we do not know is no fault of whoever sends it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import audit, context
from tenants.models import Society
from tenants.outbox import mailings
from tenants.outbox.models import OutboxMail

KINDS: Final = tuple(OutboxMail.CameBack.values)
MOST_WORDS: Final = 500
# A notice that was signed longer ago is somebody's copy.
FRESH: Final = timedelta(minutes=5)
_MESSAGE_ID = re.compile(r"<?(?P<mail>[0-9a-f-]{36})\.(?P<sender>[a-z0-9-]+)@[^\s>]+>?")

Complained = Callable[[str], None]
_complained: list[Complained] = []


def when_complained(work: Complained) -> Complained:
    """Have a function called with the address of whoever marked a mail as spam, inside of the society."""
    _complained.append(work)
    return work


@dataclass(frozen=True)
class Notice:
    """A mail came back for good, or its reader marked it as spam."""

    message_id: str
    kind: str
    said: str = ""


@transaction.atomic
def take_notice(notice: Notice) -> bool:
    """Write down that a mail came back; whether it was one of ours of which we did not know it yet."""
    found = _MESSAGE_ID.fullmatch(notice.message_id.strip())
    if not found:
        return False
    with context.platform():
        society = Society.objects.filter(slug=found["sender"]).exclude(state=Society.State.LEFT).first()
    if society is None:
        return False
    with context.society(society):
        return _write_down(notice, UUID(found["mail"]))


def _write_down(notice: Notice, pk: UUID) -> bool:
    mail = OutboxMail.objects.select_for_update(of=["self"]).select_related("mailing").filter(pk=pk).first()
    if mail is None or mail.came_back or mail.state not in (OutboxMail.State.SENT, OutboxMail.State.FAILED):
        return False
    mail.came_back, mail.came_back_at = notice.kind, clock.now()
    mail.trouble = notice.said[:MOST_WORDS]
    mail.save(update_fields=["came_back", "came_back_at", "trouble"])
    audit.record("mail.came_back", subject=mail, kind=notice.kind)
    if notice.kind == OutboxMail.CameBack.COMPLAINT:
        for work in _complained:
            work(mail.recipient)
    if mail.mailing is not None:
        mailings.look(mail.mailing)
    return True


def is_signed(body: bytes, *, timestamp: str, signature: str) -> bool:
    """Whether one of our secrets signed these bytes a moment ago."""
    if not timestamp.isdecimal() or abs(clock.everywhere().timestamp() - int(timestamp)) > FRESH.total_seconds():
        return False
    said = signature.removeprefix("v1=")
    return any(hmac.compare_digest(signed(body, timestamp, secret), said) for secret in settings.MAIL_NOTICE_SECRETS)


def signed(body: bytes, timestamp: str, secret: str) -> str:
    """The signature of a notice: HMAC-SHA256 of the time, a dot and the body, in hexadecimal digits."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def read_json(body: bytes) -> list[Notice]:
    """Notices as a mail provider's adapter sends them; DomainError says what is wrong with them."""
    try:
        said = json.loads(body)
    except ValueError:
        raise DomainError(_("This is no JSON.")) from None
    rows = said.get("notices") if isinstance(said, dict) else None
    if not isinstance(rows, list):
        raise DomainError(_("A notice looks like {“notices”: [{“message_id”: …, “kind”: “bounce”}]}."))
    return [_notice(number, row) for number, row in enumerate(rows, start=1)]


def _notice(number: int, row: Any) -> Notice:
    if not isinstance(row, dict) or not isinstance(row.get("message_id"), str) or row.get("kind") not in KINDS:
        raise DomainError(
            _("Notice %(number)d needs a “message_id” and a “kind”, which is one of: %(kinds)s.")
            % {"number": number, "kinds": ", ".join(KINDS)}
        )
    return Notice(row["message_id"], row["kind"], str(row.get("said", "")))


def read_mail(content: bytes) -> list[Notice]:
    """What a mail server wrote: a report of what could not be delivered (RFC 3464), or a complaint (RFC 5965).

    A report of a delay, or of success, is no notice. DomainError if the mail is neither.
    """
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    kinds = {part.get_content_type(): part for part in mail.walk()}
    about = _about(mail)
    if "message/feedback-report" in kinds and about:
        return [Notice(about, OutboxMail.CameBack.COMPLAINT, _("Its reader marked it as spam."))]
    if "message/delivery-status" in kinds and about:
        failed = next(_failed(kinds["message/delivery-status"]), None)
        return [] if failed is None else [Notice(about, OutboxMail.CameBack.BOUNCE, failed)]
    raise DomainError(_("This mail is neither a report of what could not be delivered nor a complaint."))


def _about(mail: Message) -> str:
    """The Message-ID of the mail that a report is about: it is there as a whole, or with its headers alone."""
    for part in mail.walk():
        if part is mail:
            continue
        if part.get_content_type() == "text/rfc822-headers":
            headers = message_from_bytes(part.get_payload(decode=True) or b"", policy=policy.default)  # type: ignore[arg-type]
            return str(headers["Message-ID"] or "")
        if part.get_content_maintype() != "multipart" and part["Message-ID"]:
            return str(part["Message-ID"])
    return ""


def _failed(status: Message) -> Iterator[str]:
    """What is said of each reader whom it did not reach for good."""
    for block in status.get_payload():
        if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
            yield str(block.get("Diagnostic-Code") or block.get("Status") or "")
