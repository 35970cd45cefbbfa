"""What a ballot that has closed says of each thing that may matter, beside the sliders of the desk; nothing is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chiron.design import charts
from matching.council.counting import FOR_SPREAD, Result
from matching.council.models import Ballot
from matching.council.selectors import has_council
from programs.policy.models import Cycle

# The desk counts in thousandths, the council in percent.
POINTS: Final = 10
HAS_CLOSED: Final = (Ballot.State.CLOSED, Ballot.State.ADOPTED, Ballot.State.LEFT)


@dataclass(frozen=True)
class Mark:
    """Votes about one thing, in the points of its slider: drawn, and in words."""

    drawn: SafeString
    words: str


@dataclass(frozen=True)
class Marks:
    """The last result that the council of a session's part came to, by what may matter."""

    ballot: Ballot
    tells_votes: bool
    of: Mapping[str, Mark]

    @property
    def closed_at(self) -> datetime | None:
        """When the votes were counted."""
        return self.ballot.closed_at


def marks_for(cycle: Cycle) -> Marks | None:
    """From the last ballot of the program's part that has closed; None without one, or if too few voted in it."""
    if not has_council(cycle):
        return None
    closed = Ballot.objects.filter(cycle__program=cycle.program_id, cycle__part=cycle.part, state__in=HAS_CLOSED)
    ballot = closed.order_by("-closed_at", "-pk").first()
    result = Result.restored(ballot.result) if ballot else None
    if ballot is None or result is None or not result.percents:
        return None
    return Marks(ballot, result.votes >= FOR_SPREAD, {name: _mark(result, name) for name in result.percents})


def _mark(result: Result, name: str) -> Mark:
    if name not in result.medians:
        share = result.percents[name] * POINTS
        return Mark(charts.span(share, share, share), _("Council: %(share)d") % {"share": share})
    middle = round(result.medians[name] * POINTS)
    low, high = (percent * POINTS for percent in result.middle[name])
    said = _("Votes: %(middle)d in the middle, half of them %(low)d to %(high)d")
    if low == high:
        said = _("Votes: %(middle)d in the middle, as at least half of them say")
    return Mark(charts.span(low, middle, high), said % {"middle": middle, "low": low, "high": high})
