"""Who operates the platform."""

from __future__ import annotations

from django.db import transaction

from chiron.console.models import Operator
from tenants import audit
from tenants.accounts.services import account_for


@transaction.atomic
def add_operator(*, email: str, name: str) -> Operator:
    """Let somebody into the console; adding them twice changes nothing. Called behind the platform's door."""
    operator, new = Operator.objects.get_or_create(account=account_for(email), defaults={"name": name})
    if new:
        audit.record("operator.added", subject=operator)
    return operator
