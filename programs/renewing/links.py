"""Links in the mails about a next session: each for one person, and nothing happens by opening one.

The signature is good for long; whether an answer still counts, the sessions' days say.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from chiron.kernel import clock, signing
from programs.mentorships.models import Mentorship
from programs.renewing.models import Asked
from tenants import context
from tenants.models import Society

PURPOSE = "next_session"
SIGNED_FOR = timedelta(days=400)


def link_for(asked: Asked, answer: str = "") -> str:
    """The page on which somebody answers, with an answer chosen already."""
    address = here().url(reverse("renewing:answer", args=[token_of(asked)]))
    return f"{address}?{urlencode({'answer': answer})}" if answer else address


def link_together(asked: Asked, mentorship: Mentorship) -> str:
    """The page on which somebody says whether they would like to go on with whom they have now."""
    return here().url(reverse("renewing:together", args=[token_of(asked), mentorship.pk]))


def token_of(asked: Asked) -> str:
    """What stands in the addresses of somebody's pages."""
    return str(signing.seal(str(asked.pk), purpose=PURPOSE, society=here().pk, until=clock.now() + SIGNED_FOR))


def asked_by(token: str) -> Asked:
    """Whose link this is; signing.Expired after its time, Http404 for what is no link of ours."""
    rows = Asked.objects.select_related(
        "person", "renewal__last__version", "renewal__last__program", "renewal__coming__version",
        "renewal__coming__program",
    )  # fmt: skip
    return get_object_or_404(rows, pk=UUID(signing.unseal(token, purpose=PURPOSE, society=here().pk)))


def here() -> Society:
    """The society whose door we stand in."""
    society = context.current()
    assert society is not None, "A session belongs to a society."
    return society
