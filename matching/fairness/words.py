"""How a run treats people, in words and as a chart."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chiron.design import charts
from matching.fairness.blind import FEWEST, is_told
from matching.fairness.matched import Fair
from matching.models import MatchRun


def blind_words(run: MatchRun) -> Sequence[str]:
    """Whether identity answers changed anything, in sentences."""
    if "blind" not in run.snapshot:
        return [_("These pairs were suggested before Chiron looked at this. Suggest again to see it.")]
    blind = run.snapshot["blind"]
    if blind is None:
        return [_("No: in this program nobody’s gender or heritage counts in a match.")]
    if not is_told(blind):
        return [
            _("Fewer than five mentees asked for somebody who shares who they are, so what it changed is not told."),
            _("Otherwise somebody’s answer could be worked out."),
        ]
    others = blind["others"]
    if not others:
        return [_("No: without these answers every pair would be the same.")]
    if others < FEWEST:
        said = _("Hardly: without these answers fewer than five pairs would be others.")
    else:
        said = _("Yes: without these answers %(others)d of %(pairs)d pairs would be others.") % {
            "others": others,
            "pairs": len(run.result["pairs"]),
        }
    return [said, _more_or_fewer(blind["pairs"])]


def _more_or_fewer(pairs: int) -> str:
    if not pairs:
        return _("As many people would have somebody.")
    if pairs > 0:
        return ngettext("There would be %(count)d pair more.", "There would be %(count)d pairs more.", pairs) % {
            "count": pairs
        }
    return ngettext("There would be %(count)d pair fewer.", "There would be %(count)d pairs fewer.", -pairs) % {
        "count": -pairs
    }


def rates_chart(fair: Fair) -> SafeString:
    """How many of each group have a mentor, in percent."""
    if not fair.groups:
        return SafeString("")
    bars = [charts.Bar(group.label.capitalize(), group.percent, f"{group.percent} %") for group in fair.groups]
    said = ", ".join(f"{bar.label} {bar.said}" for bar in bars)
    return charts.bar_chart("rates", _("Mentees who have a mentor, in percent"), said, bars, whole=100)
