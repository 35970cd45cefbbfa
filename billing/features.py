"""What a plan has beside its room: as data of each plan, asked of `tenants.allowance` like everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from billing.models import Plan
from tenants import allowance, context
from tenants.allowance import Thing
from tenants.models import Society

FEATURES: Final = {
    Thing.CUSTOM_DOMAIN: _("A web address of your own, such as mentoring.example.org"),
    Thing.SSO: _("Sign-in by your own system"),
    Thing.API: _("Connection to your membership system"),
}


@dataclass(frozen=True)
class Feature:
    """One feature in words, whether a society has it, and else which plan is the smallest that does."""

    words: Any
    is_had: bool
    smallest: str


def features_for(society: Society) -> Sequence[Feature]:
    """All features, as an owner reads of them."""
    with context.platform():
        plans = list(Plan.objects.filter(offered=True))
    return [
        Feature(
            words,
            allowance.may(society, thing),
            next((plan.name for plan in plans if thing in plan.features), ""),
        )
        for thing, words in FEATURES.items()
    ]
