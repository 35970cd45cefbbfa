"""Mails that staff send to themselves, to see them where they will be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tenants import audit, due
from tenants.outbox.models import OutboxMail
from tenants.outbox.services import post
from tenants.people.models import Person


@transaction.atomic
def send_me_one_of_each(*, mails: Sequence[OutboxMail], me: Person) -> int:
    """The very mails that were looked at, to the member of staff alone. Returns how many left."""
    if not me.email:
        return 0
    copies = [
        OutboxMail(
            template=mail.template,
            recipient=me.email,
            recipient_name=me.name,
            sender=mail.sender,
            reply_to=mail.reply_to,
            subject=_("Preview: %(subject)s") % {"subject": mail.subject},
            text=mail.text,
            html=mail.html,
        )
        for mail in mails
    ]
    post(copies, wait=timedelta(0), lane=due.Lane.NORMAL)
    audit.record("match.previewed_by_mail", actor=me, mails=len(copies))
    return len(copies)
