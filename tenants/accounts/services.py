"""Making accounts. An account says only that somebody can read mail at an address."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import transaction

from chiron.kernel import clock
from tenants import context
from tenants.accounts.models import Account

# Addresses that somebody typed and never proved are forgotten after a day.
UNPROVED_FOR = timedelta(days=1)


@transaction.atomic
def account_for(email: str) -> Account:
    """The account of an address, made if there is none."""
    account, _made = Account.objects.get_or_create(email=email.strip().lower(), defaults={"password": "!"})
    return account


def sign_out_everywhere(account: Account) -> None:
    """End all of somebody's sessions: another password, unusable too, voids what the old one signed."""
    account.set_unusable_password()
    account.save(update_fields=["password"])


def sweep() -> None:
    """Delete sessions that are over, and a society's accounts that nobody ever signed in to.

    Whoever asks a society for a code gets an account, so that no reply tells who is known; this keeps them few. The
    platform's accounts are made by hand, for operators, and stay.
    """
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    if context.current() is not None:
        Account.objects.filter(last_login=None, created_at__lt=clock.now() - UNPROVED_FOR).delete()
