"""Django's way to the outbox: libraries that send mail by `django.core.mail` write rows instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from tenants import due
from tenants.outbox.letter import Letter
from tenants.outbox.services import draft, post


class OutboxBackend(BaseEmailBackend):
    """Takes what libraries send. That is mail about signing in, so all of it is treated as secret."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if message.attachments:
                raise ValueError("The outbox takes no attachments.")
            letter = Letter(subject=str(message.subject), html=_html(message), text=str(message.body))
            mails = [draft("account", letter, to=address, secret=True) for address in message.recipients()]
            post(mails, wait=timedelta(0), lane=due.Lane.WAITED_FOR)
        return len(email_messages)


def _html(message: EmailMessage) -> str:
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return next((str(content) for content, kind in alternatives if kind == "text/html"), "")
