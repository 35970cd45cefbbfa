"""The command `chiron operator`."""

from __future__ import annotations

import click

from tenants.commanding import with_database


@click.group()
def operator() -> None:
    """Say who may use the operators' console."""


@operator.command()
@click.argument("mail")
@click.option("--name", required=True, help="How colleagues know this person.")
@with_database
def add(*, mail: str, name: str) -> None:
    """Let the person with the address MAIL into the console; they sign in by a code.

    \b
    Example: chiron operator add ann@example.org --name "Ann Lee"
    """
    from chiron.console.services import add_operator
    from tenants import context

    with context.platform():
        added = add_operator(email=mail, name=name)
    click.echo(f"{added.name} may use the console.")
