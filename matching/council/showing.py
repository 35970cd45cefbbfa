"""What the council's page shows of a ballot that has closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chiron.design import charts
from matching.council.counting import FOR_SPREAD, WHOLE, Result
from matching.council.models import Ballot, Vote, Voter
from matching.council.outlook import Change, Line, Telling
from matching.council.selectors import present_percents
from matching.council.voting import counted, vote_of
from matching.council.words import APART, LEVELS
from matching.explaining import words as desk_words
from tenants.people.models import Person

# More lines than these are no page to read.
MOST = 40


@dataclass(frozen=True)
class Row:
    """One thing that may matter: as it is, what was voted, how far apart votes are, and what follows from them.

    median and middle are votes as they were cast, where enough voted; result is a share of the whole; adopted is what
    was made of it, if that is something else.
    """

    name: str
    now: str
    result: int
    mine: int | None
    median: float | None
    middle: tuple[int, int] | None
    apart: Any
    adopted: str = ""


@dataclass(frozen=True)
class Changes:
    """Pairs that would change, as the reader may see them."""

    lines: Sequence[Line] = ()
    more: int = 0

    @property
    def count(self) -> int:
        return len(self.lines) + self.more


@dataclass(frozen=True)
class Shown:
    """A closed ballot for one reader. Without rows there were too few votes."""

    ballot: Ballot
    result: Result
    rows: Sequence[Row] = ()
    chart: SafeString = field(default_factory=SafeString)
    combined: str = ""
    why_not: str = ""
    changes: Changes | None = None
    mine: Changes | None = None
    # How many pairs single votes would change, the fewest and the most, where enough voted.
    between: tuple[int, int] | None = None

    @property
    def has_own_vote(self) -> bool:
        return any(row.mine is not None for row in self.rows)

    @property
    def was_changed(self) -> bool:
        return any(row.adopted for row in self.rows)


def shown_to(reader: Person, ballot: Ballot, voter: Voter | None) -> Shown:
    """The result, what it would change, and what the reader's own vote would have changed."""
    result = Result.restored(ballot.result)
    vote = vote_of(voter) if voter else None
    if not result.percents:
        return Shown(ballot, result)
    rows = _rows(ballot, result, vote)
    found = Shown(ballot, result, rows, _chart(rows), _how_combined(result), ballot.outlook.get("why_not", ""))
    if "changes" not in ballot.outlook:
        return found
    telling = Telling.of(ballot.cycle, reader)

    def cut(changes: Sequence[Change]) -> Changes:
        lines = telling.lines(changes)
        return Changes(lines[:MOST], max(0, len(lines) - MOST))

    counts = [len(telling.lines(each.changes)) for each in counted(ballot)]
    return Shown(
        ballot,
        result,
        found.rows,
        found.chart,
        found.combined,
        changes=cut(ballot.outlook["changes"]),
        mine=cut(vote.changes) if vote else None,
        between=(min(counts), max(counts)) if len(counts) >= FOR_SPREAD else None,
    )


def _rows(ballot: Ballot, result: Result, vote: Vote | None) -> list[Row]:
    now = present_percents(ballot.part.matching)
    adopted = _adopted(ballot)
    names = sorted(result.percents, key=lambda name: (-result.percents[name], name))
    return [
        Row(
            name=desk_words.called(name),
            now=f"{now.get(name, 0):g}",
            result=result.percents[name],
            mine=vote.percents.get(name) if vote else None,
            median=result.medians.get(name),
            middle=result.middle.get(name),
            apart=APART[result.apart[name]],
            adopted=f"{adopted.get(name, 0):g}" if adopted else "",
        )
        for name in names
    ]


def _adopted(ballot: Ballot) -> dict[str, float]:
    """What became the settings, in percent, where the result was changed first; else nothing."""
    if ballot.adopted is None or not ballot.reason:
        return {}
    return present_percents(ballot.adopted.policy.part(ballot.cycle.part).matching)


def _chart(rows: Sequence[Row]) -> SafeString:
    bars = [charts.Bar(row.name, row.result, f"{row.result}%") for row in rows]
    said = ", ".join(f"{bar.label} {bar.said}" for bar in bars)
    return charts.bar_chart("council", _("What the council would have matter, in percent"), said, bars)


def _how_combined(result: Result) -> str:
    """How votes became the result, with the numbers where they are told."""
    if result.by == "mean":
        return _mean_said(result)
    if not result.medians:
        return _("For each, the vote in the middle counts (the median), in proportion, so that all make 100 percent.")
    said = _("For each, the vote in the middle counts (the median).")
    total = sum(result.medians.values())
    if total == WHOLE:
        return said + " " + _("Together these make 100 percent, so they are the result.")
    moved = max(result.medians, key=lambda name: abs(result.percents[name] - result.medians[name]))
    numbers = {"total": f"{total:g}", "median": f"{result.medians[moved]:g}", "share": result.percents[moved]}
    up = _("Together these make %(total)s percent, so all are raised in proportion: %(median)s%% becomes %(share)s%%.")
    down = _(
        "Together these make %(total)s percent, so all are lowered in proportion: %(median)s%% becomes %(share)s%%."
    )
    return said + " " + (up if total < WHOLE else down) % numbers


def _mean_said(result: Result) -> str:
    said = _("For each, the average of all votes counts, in whole percent.")
    if not result.medians:
        return said
    if not any(result.medians.values()):
        said = _("None of these got anything from more than half of the votes, so the average of all votes counts.")
    return said + " " + _("A few votes far from the others can move it out of the half in the middle.")


def said_in(vote: Vote) -> list[tuple[str, Any]]:
    """Somebody's own vote, as they gave it: in words, or in percent."""
    levels = dict(LEVELS)
    if vote.levels:
        order = {level: number for number, (level, _label) in enumerate(reversed(LEVELS))}
        names = sorted(vote.levels, key=lambda name: (order[vote.levels[name]], name))
        return [(desk_words.called(name), levels[vote.levels[name]]) for name in names]
    names = sorted(vote.percents, key=lambda name: (-vote.percents[name], name))
    return [(desk_words.called(name), f"{vote.percents[name]}%") for name in names]
