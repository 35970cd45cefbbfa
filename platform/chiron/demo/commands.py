"""The command `chiron demo`."""

from __future__ import annotations

import click

from chiron.kernel.errors import DomainError
from tenants.commanding import with_database
from tenants.migration.commands import migrate


@click.command()
@click.pass_context
@with_database
def demo(command: click.Context) -> None:
    """Migrate, then make the three societies of the demonstration and their operator, unless they are there.

    Each has a membership list, sign-ups and a published match, made from sample sheets by the very services that the
    pages use. Only where CHIRON_DEMO is on, as `make demo` has it.
    """
    from django.conf import settings

    from chiron.console.services import add_operator
    from chiron.demo.building import fill, find_or_make_society
    from chiron.demo.paying import pay
    from chiron.demo.societies import EXAMPLES, OPERATOR
    from tenants import context
    from tenants.models import Society
    from tenants.provisioning.services import ask_for_spares
    from tenants.provisioning.spares import fill_spares

    if not settings.DEMO:
        raise DomainError("There is no demonstration here: CHIRON_DEMO is off.")
    command.invoke(migrate)
    with context.platform():
        add_operator(email=OPERATOR.email, name=OPERATOR.name)
        there = Society.objects.filter(slug__in=[each.slug for each in EXAMPLES]).count()
    # One more, so that whoever starts a society of their own does not wait.
    fill_spares(len(EXAMPLES) - there + 1)
    for example in EXAMPLES:
        society = find_or_make_society(example)
        for did in fill(example, society):
            click.echo(f"  {example.name}: {did}")
    for did in pay():
        click.echo(f"  {did}")
    ask_for_spares()


@click.command()
@with_database
def example() -> None:
    """Make the society of invented people that anybody may look over, read-only; or make it anew, and drop the old one.

    The public site leads to it. Its clock stands at the moment at which it was made. Needs DATABASE_ADMIN_URL (a
    running `chiron up` lends its own).
    """
    from chiron.demo.example import put_on_show

    for said in put_on_show():
        click.echo(f"  {said}")
