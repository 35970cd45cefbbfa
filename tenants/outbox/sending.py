"""How a mail leaves: claim it and commit; send it; mark it and commit.

SMTP cannot promise "once". If a sender dies between its two commits nobody knows whether the mail left. It is sent
again, under the same Message-ID, no sooner than `WINDOW` after the attempt, and counted in `repeats`. A mail is never
lost, and never doubled in any other way.
"""

from __future__ import annotations

import enum
import logging
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _

from chiron.kernel import clock
from tenants import due
from tenants.outbox import mailings
from tenants.outbox.models import OutboxMail
from tenants.outbox.rehearsing import as_rehearsed

logger = logging.getLogger(__name__)

WINDOW = due.LEASE
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 480)]
GIVES_UP_AFTER = timedelta(days=3)
# A code is good for so long, and worse than none afterwards.
SECRET_GIVES_UP_AFTER = timedelta(minutes=20)


class Fate(enum.Enum):
    """What became of one attempt."""

    SENT = enum.auto()
    REFUSED = enum.auto()  # for good
    NOT_YET = enum.auto()  # it certainly did not leave
    UNKNOWN = enum.auto()  # it may have left


@dataclass(frozen=True)
class Outcome:
    fate: Fate
    trouble: str = ""


def deliver(job: due.Job) -> None:
    """Send one mail, unless it was canceled, has left, or may have left a moment ago."""
    if mail := claim(job):
        mark(job, leave(mail))


def claim(job: due.Job) -> OutboxMail | None:
    """Say that the mail is leaving, and commit; nothing if it must not leave now."""
    with job.door():
        now = clock.now()
        mail = OutboxMail.objects.select_for_update().filter(pk=job.ref).first()
        if mail is None or mail.state not in (OutboxMail.State.WAITING, OutboxMail.State.LEAVING):
            due.finish(job)
            return None
        if mail.state == OutboxMail.State.LEAVING:
            if mail.tried_at and now < mail.tried_at + WINDOW:
                due.again(job, at=mail.tried_at + WINDOW)
                return None
            mail.repeats += 1
        mail.state, mail.tried_at, mail.attempts = OutboxMail.State.LEAVING, now, mail.attempts + 1
        mail.save(update_fields=["state", "tried_at", "attempts", "repeats"])
        return as_rehearsed(mail.opened())


def leave(mail: OutboxMail) -> Outcome:
    """Hand the mail to the mail server, outside of any transaction; what nobody gets stays here."""
    if not mail.recipient:
        return Outcome(Fate.SENT)
    transport = get_connection(settings.OUTBOX_TRANSPORT)
    try:
        transport.open()
    except (smtplib.SMTPException, OSError):
        logger.exception("no mail server could be reached")
        return Outcome(Fate.NOT_YET, _("Our mail server could not be reached."))
    try:
        return _hand_over(mail, transport)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            transport.close()


def mark(job: due.Job, outcome: Outcome) -> None:
    """Write down what became of the mail, and commit."""
    with job.door():
        now = clock.now()
        mail = OutboxMail.objects.select_for_update().get(pk=job.ref)
        mail.trouble = outcome.trouble
        if outcome.fate is Fate.SENT:
            mail.state, mail.sent_at = OutboxMail.State.SENT, now
        elif outcome.fate is Fate.REFUSED:
            mail.state = OutboxMail.State.FAILED
            mail.came_back, mail.came_back_at = OutboxMail.CameBack.BOUNCE, now
        elif now >= _deadline(mail):
            mail.state = OutboxMail.State.FAILED
        elif outcome.fate is Fate.NOT_YET:
            mail.state = OutboxMail.State.WAITING
            mail.leaves_at = min(now + PAUSES[min(mail.attempts, len(PAUSES)) - 1], _deadline(mail))
            due.again(job, at=mail.leaves_at)
        else:
            due.again(job, at=now + WINDOW)
        if mail.is_done:
            mail.forget_secret()
            due.finish(job)
        mail.save()
        if mail.came_back and mail.mailing:
            mailings.look(mail.mailing)


def _hand_over(mail: OutboxMail, transport: BaseEmailBackend) -> Outcome:
    """One SMTP conversation. A reply of 5xx is for good, one of 4xx is not, and no reply may mean anything."""
    try:
        transport.send_messages([_message(mail)])
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        return _refused(code, words)
    except smtplib.SMTPDataError as refused:
        return _refused(refused.smtp_code, refused.smtp_error)
    except smtplib.SMTPResponseException:
        logger.exception("our mail server does not take our mail")
        return Outcome(Fate.NOT_YET, _("Our mail server did not take this mail."))
    except (smtplib.SMTPException, OSError):
        logger.exception("a mail may or may not have left")
        return Outcome(Fate.UNKNOWN, _("The connection broke, so this mail may have left or not."))
    return Outcome(Fate.SENT)


def _refused(code: int, words: bytes | str) -> Outcome:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    if code >= 500:
        return Outcome(Fate.REFUSED, _("The mail server refused it for good: %(said)s") % {"said": f"{code} {said}"})
    return Outcome(Fate.NOT_YET, _("The mail server asked us to try later: %(said)s") % {"said": f"{code} {said}"})


def _deadline(mail: OutboxMail) -> datetime:
    """When the last attempt is made."""
    return mail.written_at + (SECRET_GIVES_UP_AFTER if mail.secret else GIVES_UP_AFTER)


def _message(mail: OutboxMail) -> EmailMultiAlternatives:
    """The mail as MIME, with its plain text and its HTML."""
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated", **mail.headers}
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=mail.sender,
        to=[str(Address(mail.recipient_name, addr_spec=mail.recipient))],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message
