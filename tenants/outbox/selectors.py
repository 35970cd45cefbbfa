"""Reading the outbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When

from chiron.kernel import clock
from tenants.outbox.models import OutboxMail

LOG_FIELDS = ("id", "template", "recipient", "recipient_name", "about", "state", "written_at", "leaves_at", "sent_at",
              "attempts", "repeats", "trouble", "came_back")  # fmt: skip
# How long a mail that was given up is shown to whoever could do something about it.
LATELY = timedelta(days=14)


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


def in_trouble() -> QuerySet[OutboxMail, dict[str, Any]]:
    """The mails that were refused and wait for another attempt, or were given up or came back lately."""
    lately = clock.now() - LATELY
    refused = Q(state__in=[OutboxMail.State.WAITING, OutboxMail.State.LEAVING]) & ~Q(trouble="")
    back = Q(came_back=OutboxMail.CameBack.BOUNCE, came_back_at__gte=lately)
    return mail_log().filter(refused | Q(state=OutboxMail.State.FAILED, written_at__gte=lately) | back)
