"""The link by which whoever looks after a society's plan chooses one, without an account and without its portal."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from chiron.kernel import clock, signing
from tenants.hosts import public_url
from tenants.models import Society

PURPOSE = "pay"
SIGNED_FOR = timedelta(days=200)


def link_for(society: Society) -> str:
    """The page, for a mail to whoever looks after the plan."""
    token = signing.seal(str(society.pk), purpose=PURPOSE, society=None, until=clock.now() + SIGNED_FOR)
    return public_url(reverse("pay", args=[token], urlconf=settings.PUBLIC_SCHEMA_URLCONF))


def society_by(token: str) -> UUID:
    """Whose plan it is; Http404 for what is no link of ours."""
    return UUID(signing.unseal(token, purpose=PURPOSE, society=None))
