"""The link of a quote, on the platform's own site: whoever has it reads it and may say yes, without an account, also
while the society's portal is closed.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse

from billing.quotes.models import Quote
from chiron.kernel import clock, signing
from tenants.hosts import public_url

PURPOSE = "quote"
# Longer than a quote is valid: the page of an old one says so itself.
SIGNED_FOR = timedelta(days=400)


def link_for(quote: Quote) -> str:
    """The page of a quote, for its mail."""
    token = signing.seal(str(quote.pk), purpose=PURPOSE, society=None, until=clock.now() + SIGNED_FOR)
    return public_url(reverse("quotes:quote", args=[token], urlconf=settings.PUBLIC_SCHEMA_URLCONF))


def quote_by(token: str) -> Quote:
    """Which quote this is; Http404 for what is no link of ours."""
    pk = signing.unseal(token, purpose=PURPOSE, society=None)
    return get_object_or_404(Quote.objects.select_related("society", "plan").defer("society__logo"), pk=UUID(pk))
