"""The trail of what was done, by whom, on which request. It can only be added to: the database says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chiron.observability import labels

if TYPE_CHECKING:
    from django.db.models import Model

    from tenants.audit.models import Entry


def record(verb: str, *, subject: Model | None = None, actor: Model | None = None, **facts: Any) -> Entry:
    """Add an entry to the trail of the society one is in, or the platform's; it stands or falls with the transaction.

    Without an actor the system did it. Facts are ids, numbers and choices, never what a person wrote.
    """
    from tenants.audit.models import Entry  # models can be imported only after the app they belong to

    return Entry.objects.create(
        verb=verb,
        subject_kind=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject else "",
        actor_kind=Entry.kind_of(actor),
        actor_id=actor.pk if actor else None,
        request_id=labels.current().get("request_id", ""),
        facts=facts,
    )
