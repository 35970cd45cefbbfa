"""A quote goes to whoever gets the bills, and to the owners."""

from __future__ import annotations

from billing.quotes.links import link_for
from billing.quotes.models import Quote
from billing.quotes.words import when_invoiced
from billing.readers import readers_of
from billing.showing import money
from tenants import context, outbox


def send(quote: Quote) -> None:
    """One mail in the platform's name, with the page on which one says yes."""
    said = {
        "quote": quote,
        "society": quote.society,
        "price": money(quote.total, quote.currency),
        "link": link_for(quote),
        "when": when_invoiced(quote),
    }
    readers = readers_of(quote.society)
    with context.platform():
        outbox.mail("quote", to=readers, context=said)
