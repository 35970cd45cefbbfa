"""The price list. Its rows are the truth; a command brings a file into them, and them to Stripe."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from billing import gateway
from billing.features import FEATURES
from billing.models import Interval, Plan, Price
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import audit, context


class PlanEntry(BaseModel):
    """A plan as it stands in a file."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=60)
    mentorships: int | None = Field(default=None, ge=1)
    features: list[str] = []
    offered: bool = True
    month: int = Field(ge=0, description="cents")
    year: int = Field(ge=0, description="cents")


@dataclass
class Report:
    """What a run did, in words for whoever ran it."""

    done: list[str] = field(default_factory=list)


def read(text: str) -> dict[str, PlanEntry]:
    """The plans of a TOML file, by key; DomainError names the place that makes no sense."""
    try:
        plans: Mapping[str, Any] = tomllib.loads(text).get("plans", {})
        found = {key: PlanEntry.model_validate(entry) for key, entry in plans.items()}
    except tomllib.TOMLDecodeError as error:
        raise DomainError(f"This is no TOML: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise DomainError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
    if not found:
        raise DomainError("There is no plan in it. A plan begins with a line such as [plans.band-25].")
    for key, entry in found.items():
        if unknown := set(entry.features) - set(FEATURES):
            raise DomainError(f"{key}: there is no feature “{unknown.pop()}”. There are {', '.join(FEATURES)}.")
    return found


def write(plans: Mapping[str, PlanEntry]) -> Report:
    """Make the rows say what a file says. Plans that it does not name are offered no more; who has one keeps it."""
    report = Report()
    with context.platform():
        for position, (key, entry) in enumerate(plans.items()):
            facts = entry.model_dump(exclude={"month", "year"}) | {"position": position}
            plan, new = Plan.objects.get_or_create(key=key, defaults=facts)
            if not new and any(getattr(plan, name) != value for name, value in facts.items()):
                Plan.objects.filter(pk=plan.pk).update(**facts)
                report.done.append(f"{key}: changed")
            for interval, cents in ((Interval.MONTH, entry.month), (Interval.YEAR, entry.year)):
                _price(plan, interval, cents, report)
        gone = Plan.objects.exclude(key__in=plans).filter(offered=True)
        report.done += [f"{plan.key}: offered no more" for plan in gone]
        gone.update(offered=False)
        if report.done:
            audit.record("billing.catalog_changed", changes=len(report.done))
    return report


def _price(plan: Plan, interval: Interval, cents: int, report: Report) -> None:
    now = plan.prices.select_for_update().filter(interval=interval, replaced_at=None).first()
    if now and now.cents == cents:
        return
    if now:
        now.replaced_at = clock.now()
        now.save(update_fields=["replaced_at"])
    Price.objects.create(plan=plan, interval=interval, cents=cents)
    report.done.append(f"{plan.key}: {cents} cents {interval.label}")


def bring_to_stripe() -> Report:
    """Make Stripe's products and prices those of the rows, by the prices' names; run again, it changes nothing.

    Outside of doors, for it leaves the house.
    """
    report = Report()
    with context.platform():
        plans = list(Plan.objects.all())
        prices = list(Price.objects.filter(replaced_at=None).select_related("plan"))
    products = {each.plan: each for each in gateway.products()}
    for plan in plans:
        seen = products.get(plan.key)
        product_id = seen.id if seen else gateway.create_product(plan=plan.key, name=_name(plan))
        if seen is None:
            report.done.append(f"{plan.key}: product made")
        elif seen.name != _name(plan):
            gateway.rename_product(product_id, name=_name(plan))
            report.done.append(f"{plan.key}: product named anew")
        if plan.stripe_product != product_id:
            with context.platform():
                Plan.objects.filter(pk=plan.pk).update(stripe_product=product_id)
            plan.stripe_product = product_id
    _bring_prices(prices, {plan.pk: plan.stripe_product for plan in plans}, report)
    return report


def _bring_prices(prices: Iterable[Price], product_of: Mapping[Any, str], report: Report) -> None:
    there = {each.lookup_key: each for each in gateway.prices([each.lookup_key for each in prices])}
    for price in prices:
        seen = there.get(price.lookup_key)
        if seen is None or (seen.cents, seen.currency) != (price.cents, price.currency):
            before = seen
            seen = gateway.create_price(
                product_id=product_of[price.plan_id],
                lookup_key=price.lookup_key,
                cents=price.cents,
                currency=price.currency,
                interval=Interval(price.interval),
                before=before.id if before else "",
            )
            report.done.append(f"{price.lookup_key}: price made")
        if price.stripe_id != seen.id:
            with context.platform():
                Price.objects.filter(pk=price.pk).update(stripe_id=seen.id)


def faults() -> list[str]:
    """Where Stripe's price list is otherwise than ours."""
    with context.platform():
        prices = list(Price.objects.filter(replaced_at=None).select_related("plan"))
    there = {each.lookup_key: each for each in gateway.prices([each.lookup_key for each in prices])}
    return [
        f"{price.lookup_key} is not at Stripe as it is here: run “chiron billing catalog”"
        for price in prices
        if (seen := there.get(price.lookup_key)) is None or (seen.id, seen.cents) != (price.stripe_id, price.cents)
    ]


def _name(plan: Plan) -> str:
    return f"Chiron, {plan.name[0].lower()}{plan.name[1:]}"
