"""A quote goes to whoever gets the bills, and to the owners."""

from __future__ import annotations

from billing.quotes.links import link_for
from billing.quotes.models import Quote
from billing.quotes.words import what_follows, when_invoiced
from billing.readers import readers_of
from billing.showing import money
from chiron.kernel import clock
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


def tell_of_yes(quote: Quote) -> None:
    """What was accepted, by whom, and what comes when: whoever pays and whoever owns may not be who said yes."""
    said = {
        "quote": quote,
        "society": quote.society,
        "price": money(quote.total, quote.currency),
        "link": link_for(quote),
        "when": what_follows(quote),
        "on": clock.today(quote.society.zone),
    }
    readers = readers_of(quote.society)
    with context.platform():
        outbox.mail("quote_accepted", to=readers, context=said)
