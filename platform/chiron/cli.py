"""The `chiron` command. Each subcommand lives in its room and is imported only when it is asked for."""

from __future__ import annotations

import os
import sys

import click

from chiron.kernel.errors import DomainError
from chiron.lazy import LazyGroup
from chiron.supervisor import desk

COMMANDS = {
    "up": ("chiron.supervisor.commands:up", "Run the whole platform: database, broker, web, worker, beat, mail."),
    "match": ("matching.commands:match", "Match mentors and mentees from two sheets and a policy, without a server."),
    "migrate": ("tenants.migration.commands:migrate", "Bring every society's schema to the current version."),
    "society": ("tenants.commands:society", "Create, list, show, export, restore and let go of societies."),
    "roster": ("programs.enrollment.importing.commands:roster", "Bring a society's membership list in."),
    "mail": ("tenants.outbox.commands:mail", "Take what comes back of the mail that left."),
    "operator": ("chiron.console.commands:operator", "Say who may use the operators' console."),
    "billing": ("billing.commands:billing", "Bring the price list to Stripe, and look for drift."),
    "example": ("chiron.demo.commands:example", "Make the society that anybody may look over."),
    "demo": ("chiron.demo.commands:demo", "Make the three societies of the demonstration."),
    "bench": ("chiron.bench:bench", "Measure Chiron against its peers, as ratios in one run."),
}


class _Commands(LazyGroup):
    entries = COMMANDS

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != "up":
            desk.join(os.environ)
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="chiron")
def chiron() -> None:
    """Run mentorship programs for medical societies."""


def main() -> None:
    """Entry point: a broken rule is one sentence on standard error and exit status 1, never a traceback."""
    try:
        chiron()
    except DomainError as error:
        click.echo(f"chiron: {error.message}", err=True)
        sys.exit(1)
