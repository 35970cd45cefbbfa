"""The command `chiron mail`."""

from __future__ import annotations

from typing import BinaryIO

import click

from tenants.commanding import with_database


@click.group()
def mail() -> None:
    """Take what comes back of the mail that left."""


@mail.command("notice")
@click.argument("file", type=click.File("rb"), default="-")
@with_database
def take(file: BinaryIO) -> None:
    """Take one report of a mail server, as it arrived: a mail that could not be delivered, or a complaint.

    Such as: chiron mail notice < report.eml, from the alias that the reports come to. It ends with 0 also for a
    report about a mail that is not ours.
    """
    from tenants.outbox.notices import read_mail, take_notice

    found = read_mail(file.read())
    taken = sum(take_notice(notice) for notice in found)
    click.echo(f"Taken: {taken} of {len(found)}.")
