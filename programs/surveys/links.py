"""Links in mails: each leads one person to one survey without signing in, and changes nothing by being opened."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.urls import reverse

from chiron.kernel import signing
from programs.surveys.models import Asked
from tenants import context
from tenants.models import Society

PURPOSE = "survey"


def link_for(asked: Asked) -> str:
    """The whole address, for a mail; it works until the survey closes."""
    society = _here()
    until = datetime.combine(asked.wave.closes_on + timedelta(days=1), time(0), tzinfo=society.zone)
    token = signing.seal(str(asked.pk), purpose=PURPOSE, society=society.pk, until=until)
    return society.url(reverse("surveys:by_link", args=[token]))


def asked_by(token: str) -> Asked:
    """Whose link this is; signing.Expired once the survey is over, Http404 for what is no link of ours."""
    pk = UUID(signing.unseal(token, purpose=PURPOSE, society=_here().pk))
    found = Asked.objects.select_related("person", "wave__version", "wave__cycle__program", "wave__cycle__version")
    asked = found.filter(pk=pk).first()
    if asked is None:
        raise signing.Expired
    return asked


def _here() -> Society:
    society = context.current()
    assert society is not None, "A survey belongs to a society."
    return society
