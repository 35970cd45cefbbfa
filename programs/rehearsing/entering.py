"""The way from a society into its rehearsal: a link for one person, good for minutes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.signing import seal, unseal
from tenants import context
from tenants.accounts.models import Account
from tenants.models import Society
from tenants.people.models import Person

PURPOSE = "rehearsal"
GOOD_FOR = timedelta(minutes=30)


def way_in(rehearsal: Society, by: Person) -> str:
    """The address that lets whoever rehearses in, on the rehearsal's own host."""
    with context.society(rehearsal):
        account = Account.objects.get(person__email=by.email)
        until = clock.now() + GOOD_FOR
        token = seal(str(account.pk), purpose=PURPOSE, society=rehearsal.pk, until=until)
        return rehearsal.url(reverse("rehearsing:enter", args=[token]))


def whom_it_lets_in(token: str) -> Account:
    """The account of a way in, inside of the rehearsal. Raises Forged or Expired."""
    society = context.current()
    account = unseal(token, purpose=PURPOSE, society=society and society.pk)
    return Account.objects.get(pk=UUID(account))
