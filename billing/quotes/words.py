"""When a quote's invoice comes, in one sentence or two for its paper and its mail."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.buying import free_until
from billing.quotes.models import Quote


def when_invoiced(quote: Quote) -> str:
    """True on whichever day somebody says yes."""
    begins = _("The plan begins when this quote is accepted on its page.")
    if quote.invoiced_from is None:
        return f"{begins} {_('The invoice follows, and is due 30 days later.')}"
    day = {"day": date_format(quote.invoiced_from.astimezone(quote.society.zone), "F j, Y")}
    if quote.renews:
        return _("The plan goes on by itself. The invoice is made on %(day)s, and is due 30 days later.") % day
    free = _("What is left of the trial stays free:")
    made = _("the invoice is made on %(day)s, or with the yes if that is later, and is due 30 days after.") % day
    return f"{begins} {free} {made}"


def what_follows(quote: Quote) -> str:
    """The same once somebody said yes."""
    if quote.renews:
        return when_invoiced(quote)
    if (free := free_until(quote.society)) is None:
        return _("The plan has begun. The invoice follows, and is due 30 days later.")
    day = {"day": date_format(free.astimezone(quote.society.zone), "F j, Y")}
    begun = _("The plan has begun. What is left of the trial stays free:")
    return f"{begun} {_('the invoice is made on %(day)s, and is due 30 days later.') % day}"
