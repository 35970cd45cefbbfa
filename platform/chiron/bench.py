"""The command `chiron bench`: what Chiron is measured by, always against a peer and in the same run."""

from __future__ import annotations

import click

from chiron.lazy import LazyGroup


class _Benches(LazyGroup):
    entries = {
        "desk": ("matching.bench.desk:desk", "A move of a slider at the desk: three tenths of a second."),
        "matching": ("matching.bench.command:matching", "The engine against other solvers, on made-up pools."),
        "sheets": ("programs.enrollment.importing.bench:sheets", "Bringing large sheets in: two minutes, 300 MB."),
        "tenancy": ("tenants.bench:tenancy", "The walls between societies against having none."),
    }


@click.group(cls=_Benches)
def bench() -> None:
    """Measure Chiron against its peers.

    Seconds depend on the machine; the ratios of one run do not, so these are what counts.
    """
