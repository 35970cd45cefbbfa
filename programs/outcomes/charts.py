"""What may be told of answers, as pictures with the same in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chiron.design.charts import Bar, bar_chart
from programs.outcomes.report import Report
from programs.outcomes.selectors import Result
from programs.surveys.privacy import Told


@dataclass(frozen=True)
class Drawn:
    """One question as it is shown: a chart of everybody, and one for each role where that may be told."""

    result: Result
    whole: SafeString | str
    parts: list[tuple[str, SafeString]]


def drawn(results: Iterable[Result]) -> list[Drawn]:
    """Every question with its charts."""
    return [
        Drawn(
            each,
            _chart(each.ask, each.text, each.words, each.whole) if each.whole.counts else "",
            [
                (role, _chart(f"{each.ask}-{number}", f"{each.text} {role}", each.words, told))
                for number, (role, told) in enumerate(each.parts)
            ],
        )
        for each in results
    ]


def summary(report: Report) -> SafeString:
    """The numbers of the page for the board."""
    bars = [Bar(each.label, (each.part or 0) / each.whole, each.said) for each in report.figures if each.whole]
    said = ", ".join(f"{bar.label}: {bar.said}" for bar in bars)
    return bar_chart("report", report.title, said, bars, whole=1)


def _chart(name: str, title: str, words: Mapping[str, str], told: Told) -> SafeString:
    bars = [Bar(word, told.counts[answer]) for answer, word in words.items()]
    said = _("%(count)d people answered. ") % {"count": told.answered}
    said += ", ".join(f"{bar.label}: {bar.said}" for bar in bars)
    return bar_chart(name, title, said, bars, whole=told.answered)
