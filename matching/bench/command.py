"""The command `chiron bench matching`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from matching.bench.bars import IDS, ROWS, Row
from matching.bench.cases import HUGE, LADDER, LARGE, USUAL, Case
from matching.bench.measuring import Line, Runs, measure
from matching.bench.plot import PLOTTED, draw, series
from matching.bench.report import for_people, for_programs


@click.command("matching")
@click.option("--case", "cases", multiple=True, help="Mentees x mentors, like 5000x3000; repeat for several.")
@click.option("--all", "everything", is_flag=True, help="The largest cases too, and HiGHS for longer: about an hour.")
@click.option("--bars", "wanted", help="Only these, like B1,B7.")
@click.option("--runs", default=3, show_default=True, type=click.IntRange(1), help="Runs, of which the median counts.")
@click.option("--json", "as_json", is_flag=True, help="Figures for programs instead of people.")
@click.option("--plot", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Draw time and memory.")
@click.pass_context
def matching(
    context: click.Context,
    cases: tuple[str, ...],
    everything: bool,
    wanted: str | None,
    runs: int,
    as_json: bool,
    plot: Path | None,
) -> None:
    """Measure the engine against scipy, lapx, HiGHS, algmatch and matching, on the same made-up instances.

    Each kind of work runs in a process of its own, on one core, and they take turns. Seconds are processor time and
    depend on the machine; the ratios of one run hardly do. A bar that is not kept makes the exit status 1. Peers that
    `make peers` has not installed are left out. At its end the report says where a peer does as well or better.

    --plot writes time and memory against size, ours and the peers', as an SVG.
    """
    chosen = [Case.of(said) for said in cases] or [*USUAL, *((LARGE, HUGE) if everything else ())]
    rows = _rows(wanted)
    lines: list[Line] = []
    figures: dict[Case, Runs] = {}
    for case in chosen:
        here, figures[case] = measure(case, rows, runs, _tell, patiently=everything)
        lines += here
    if as_json:
        click.echo(json.dumps(for_programs(lines), indent=2))
    else:
        click.echo("\n".join(for_people(lines)))
    if plot:
        for case in {*LADDER, *chosen}:
            if not figures.get(case, {}).get("proven"):
                _, figures[case] = measure(case, PLOTTED, runs, _tell, patiently=everything)
        plot.write_text(draw(series(figures)))
    context.exit(1 if any(line.kept is False for line in lines) else 0)


def _rows(wanted: str | None) -> list[Row]:
    """Those of the wanted bars. Raises click.BadParameter for one that there is not."""
    names = wanted.replace(" ", "").upper().split(",") if wanted else []
    for name in names:
        if name not in IDS:
            raise click.BadParameter(f"{name} is no bar; there are {', '.join(IDS)}.", param_hint="--bars")
    return [row for row in ROWS if not names or row.id in names]


def _tell(text: str) -> None:
    click.echo(f"measuring {text} …", err=True)
