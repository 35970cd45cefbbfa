"""The operator whom a demonstration's visitor may become."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chiron.console.models import Operator
from tenants.accounts import demonstration
from tenants.accounts.demonstration import Somebody


def offer_operator() -> None:
    """Whoever was made an operator first."""
    demonstration.offer("operator", _("Operator of the platform"), _first, opens="/console/", on_platform=True)


def _first() -> Somebody | None:
    operator = Operator.objects.select_related("account").order_by("created_at", "pk").first()
    return Somebody(operator.name, operator.account.email) if operator else None
