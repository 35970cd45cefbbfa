"""The command `chiron migrate`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from tenants.commanding import AS_JSON, count, say_json, with_database

if TYPE_CHECKING:
    from tenants.migration.run import Outcome, Report

SOME_STAYED_BEHIND = 3


@click.command()
@click.option(
    "--canary", "canaries", metavar="SLUG", multiple=True, help="This society first; the others only if it succeeds."
)
@click.option(
    "--lock-timeout", metavar="SECONDS", default=3.0, show_default=True, help="How long to wait for tables in use."
)
@AS_JSON
@with_database
def migrate(*, canaries: tuple[str, ...], lock_timeout: float, as_json: bool) -> None:
    """Bring every society's schema to the current version, and lay spare schemas ready.

    The platform's own tables come first, then the template for new societies, which shows what has to be done, then
    each society in a transaction of its own. A society that fails stays as it was, and the others go on; a society
    whose tables are in use is tried again at the end. It is safe to run again at any time.

    \b
    Needs DATABASE_ADMIN_URL, the owner's address (a running `chiron up` lends its own).
    Exit status: 0 all is current · 1 nothing could be done · 3 some societies stayed behind
    """
    from tenants.migration.run import migrate_everything
    from tenants.provisioning.spares import fill_spares

    tell = _say_nothing if as_json else _say_outcome
    report = migrate_everything(canaries=canaries, lock_timeout=lock_timeout, tell=tell)
    spares = fill_spares()
    if as_json:
        say_json(_summary(report) | {"spares_made": spares})
    else:
        _say_report(report)
    if report.failed:
        sys.exit(SOME_STAYED_BEHIND)


def _say_nothing(outcome: Outcome) -> None:
    """Programs read the summary."""


def _say_outcome(outcome: Outcome) -> None:
    who = outcome.slug or f"{outcome.schema} (spare)"
    if outcome.error:
        click.echo(f"  {who}: stayed as it was: {outcome.error}", err=True)
    else:
        click.echo(f"  {who}: {count(outcome.migrations, 'migration')}")


def _say_report(report: Report) -> None:
    done = len(report.outcomes) - len(report.failed)
    click.echo(
        f"Platform: {count(report.platform, 'migration')}. Template: {count(report.template, 'migration')}. "
        f"Schemas: {done} brought forward, {report.current} current before, {len(report.failed)} failed."
    )
    if report.left_alone:
        click.echo(f"Left alone, because a canary failed: {', '.join(report.left_alone)}.", err=True)
    if report.failed:
        click.echo("Mend what is said above and run `chiron migrate` again.", err=True)


def _summary(report: Report) -> dict[str, Any]:
    return {
        "platform": report.platform,
        "template": report.template,
        "current": report.current,
        "schemas": [vars(outcome) for outcome in report.outcomes],
        "left_alone": report.left_alone,
    }
