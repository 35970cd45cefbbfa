"""Making accounts. An account says only that somebody can read mail at an address."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from chiron.kernel import clock
from tenants.accounts.models import Account

# Addresses that somebody typed and never proved are forgotten after a day.
UNPROVED_FOR = timedelta(days=1)


@transaction.atomic
def account_for(email: str) -> Account:
    """The account of an address, made if there is none: whoever asks for a code gets one, so that no reply tells
    who is known here. Accounts that were never used are swept on the way."""
    Account.objects.filter(last_login=None, created_at__lt=clock.now() - UNPROVED_FOR).delete()
    address = email.strip().lower()
    account, _made = Account.objects.get_or_create(email=address, defaults={"password": "!"})
    return account
