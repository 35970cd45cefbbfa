"""Links in mails: each leads one person to one mentorship without signing in, and changes nothing by being opened."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from chiron.kernel import signing
from programs.mentorships.models import Participation
from programs.mentorships.selectors import shown_to
from tenants import context
from tenants.models import Society

PURPOSE = "mentorship"


def link_for(participation: Participation) -> str:
    """The whole address, for a mail; it works until a month after the session ends."""
    society = _here()
    last_day = participation.mentorship.cycle.ends_on + timedelta(days=30)
    token = signing.seal(
        str(participation.pk),
        purpose=PURPOSE,
        society=society.pk,
        until=datetime.combine(last_day, time.max, tzinfo=UTC),
    )
    return society.url(reverse("mentorships:by_link", args=[token]))


def participation_by(token: str) -> Participation:
    """Whose link this is; signing.Expired after its time, Http404 for anything else that is no link of ours."""
    pk = UUID(signing.unseal(token, purpose=PURPOSE, society=_here().pk))
    return get_object_or_404(shown_to(Participation.objects.all()), pk=pk)


def _here() -> Society:
    society = context.current()
    assert society is not None, "A mentorship belongs to a society."
    return society
