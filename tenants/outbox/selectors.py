"""Reading the outbox."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When

from tenants.outbox.models import OutboxMail

LOG_FIELDS = ("id", "template", "recipient", "recipient_name", "about", "state", "written_at", "leaves_at", "sent_at",
              "attempts", "repeats", "trouble")  # fmt: skip


def mail_log(*, to: str = "") -> QuerySet[OutboxMail, dict[str, Any]]:
    """The mails of where one is, newest first, for staff: to whom, about what, what became of each; never the words.

    What a secret mail is about stays empty, for its code stands in the subject. `to` finds a part of a name or address.
    """
    about = Case(When(secret=True, then=Value("")), default=F("subject"))
    mails = OutboxMail.objects.annotate(about=about)
    if to:
        mails = mails.filter(Q(recipient__icontains=to) | Q(recipient_name__icontains=to))
    log: QuerySet[OutboxMail, dict[str, Any]] = mails.values(*LOG_FIELDS)
    return log
