"""Who gets the mail of a rehearsal: whoever rehearses, and nobody else."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tenants import context
from tenants.outbox.models import OutboxMail

# Of the invented people, these two show whoever rehearses what a mentor and a mentee would find in their mail.
FOLLOWED = ("mentor@invented.example", "mentee@invented.example")


def as_rehearsed(mail: OutboxMail) -> OutboxMail:
    """The mail as it may leave; in a rehearsal with another address, or with none if nobody outside may read it.

    The row is not saved so: on its own pages it stands as it was written.
    """
    society = context.current()
    if society is None or not society.is_rehearsal or mail.recipient == society.rehearsed_for:
        return mail
    if mail.recipient in FOLLOWED:
        mail.subject = _("[Rehearsal, to %(name)s] %(subject)s") % {
            "name": mail.recipient_name,
            "subject": mail.subject,
        }
        mail.recipient, mail.reply_to = society.rehearsed_for, ""
    else:
        mail.recipient = ""
    return mail
