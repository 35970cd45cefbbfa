"""`chiron billing`: what operators do about money on the command line."""

from __future__ import annotations

from pathlib import Path

import click

from tenants.commanding import with_database


@click.group()
def billing() -> None:
    """Bring the price list to Stripe, and look whether what Stripe says is what stands here."""


@billing.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_database
def catalog(*, file: Path | None) -> None:
    """Make Stripe's products and prices those of the price list; run again, it changes nothing.

    With a FILE the price list is changed first. Whoever has a plan or a price keeps it.

    \b
    Example: chiron billing catalog plans.toml
    """
    from billing import catalog as catalogs

    done = catalogs.write(catalogs.read(file.read_text(encoding="utf-8"))).done if file else []
    done += catalogs.bring_to_stripe().done
    for each in done or ["Nothing to do: Stripe has the price list as it is here."]:
        click.echo(each)


@billing.command()
@with_database
def reconcile() -> None:
    """Ask Stripe about every society now, as happens each hour, and say what was otherwise."""
    from billing import reconciling
    from billing.models import Subscription
    from tenants import context

    gaps = reconciling.fill_gaps()
    with context.platform():
        ours = list(Subscription.objects.exclude(customer_id="").values_list("society_id", "society__name"))
    for society_id, name in ours:
        drift = reconciling.find_drift(society_id)
        click.echo(f"{name}: {', '.join(drift) or 'as it is at Stripe'}")
    click.echo(f"{gaps} messages had not arrived.")
