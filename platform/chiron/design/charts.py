"""Charts as SVG, drawn by the server: they print, follow the color scheme and need no script.

Widths are percentages and heights are in `em`, so that a chart fits a phone and grows with its text. Each says in words
what it shows and carries its numbers in a table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

ROW = 3.0  # em: a line of words, the bar under it, air
BINS = 40  # dots that would touch are put on top of each other


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart. `words` stands in for a value that needs more than its number ("12 of 40")."""

    label: str
    value: float
    words: str = ""

    @property
    def said(self) -> str:
        return self.words or f"{self.value:g}"


def bar_chart(name: str, title: str, description: str, bars: Sequence[Bar], *, whole: float = 0) -> SafeString:
    """Bars under their labels, longest = `whole` or the largest value. `name` is unique on the page."""
    longest = whole or max((bar.value for bar in bars), default=0) or 1
    rows = format_html_join(
        "",
        '<text x="0" y="{}em">{}</text><text class="chart-value" x="100%" y="{}em" text-anchor="end">{}</text>'
        '<rect class="chart-ground" x="0" y="{}em" width="100%" height="0.6em" rx="4"/>'
        '<rect class="chart-mark" x="0" y="{}em" width="{}%" height="0.6em" rx="4"/>',
        (
            (top + 1, bar.label, top + 1, bar.said, top + 1.5, top + 1.5, round(100 * bar.value / longest, 2))
            for top, bar in ((number * ROW, bar) for number, bar in enumerate(bars))
        ),
    )
    return _figure(
        name, title, description, rows, height=len(bars) * ROW, table=[(bar.label, bar.said) for bar in bars]
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """One row of two bars that are weighed against each other, with both in words ("5 want, 2 places")."""

    label: str
    first: float
    second: float
    words: str


def balance_chart(
    name: str, title: str, description: str, rows: Sequence[Balance], *, legend: tuple[str, str]
) -> SafeString:
    """Two bars under each label, on one scale; `legend` says what they are. The table belongs under it, on the page."""
    longest = max((max(row.first, row.second) for row in rows), default=0) or 1
    key = format_html(
        '<rect class="chart-mark" x="0" y="0.3em" width="0.8em" height="0.8em" rx="2"/>'
        '<text x="1.2em" y="1em">{}</text>'
        '<rect class="chart-second" x="50%" y="0.3em" width="0.8em" height="0.8em" rx="2"/>'
        '<text x="50%" dx="1.2em" y="1em">{}</text>',
        *legend,
    )
    height = ROW + 0.9
    marks = format_html_join(
        "",
        '<text x="0" y="{}em">{}</text><text class="chart-value" x="100%" y="{}em" text-anchor="end">{}</text>'
        '<rect class="chart-mark" x="0" y="{}em" width="{}%" height="0.6em" rx="4"/>'
        '<rect class="chart-second" x="0" y="{}em" width="{}%" height="0.6em" rx="4"/>',
        (
            (
                *(round(top + 1, 2), row.label, round(top + 1, 2), row.words),
                *(round(top + 1.5, 2), round(100 * row.first / longest, 2)),
                *(round(top + 2.3, 2), round(100 * row.second / longest, 2)),
            )
            for top, row in ((2 + number * height, row) for number, row in enumerate(rows))
        ),
    )
    return _figure(name, title, description, format_html("{}{}", key, marks), height=2 + len(rows) * height, table=())


def dot_strip(
    name: str, title: str, description: str, values: Sequence[float], *, low: float, high: float
) -> SafeString:
    """Each value as a dot on a line from low to high; equal ones stand on top of each other."""
    places = Counter(round((value - low) / (high - low) * BINS) for value in values)
    base = 1.0 + max(places.values(), default=1) * 0.8
    marks = format_html_join(
        "",
        '<circle class="chart-mark" cx="{}%" cy="{}em" r="0.32em"/>',
        (
            (round(100 * place / BINS, 2), round(base - 0.6 - level * 0.8, 2))
            for place, count in sorted(places.items())
            for level in range(count)
        ),
    )
    axis = format_html(
        '<line class="chart-axis" x1="0" x2="100%" y1="{0}em" y2="{0}em"/>'
        '<text class="chart-note" x="0" y="{1}em">{2}</text>'
        '<text class="chart-note" x="100%" y="{1}em" text-anchor="end">{3}</text>',
        base,
        base + 1.4,
        f"{low:g}",
        f"{high:g}",
    )
    table = [(f"{value:g}", str(count)) for value, count in sorted(Counter(values).items())]
    return _figure(name, title, description, format_html("{}{}", axis, marks), height=base + 1.8, table=table)


def span(low: float, middle: float, high: float, *, whole: float = 1000) -> SafeString:
    """From where to where values lie, and the one in the middle, on a line of its own; the words are the caller's."""
    left, at, width = (round(100 * each / whole, 2) for each in (low, middle, high - low))
    return format_html(
        '<svg class="span" aria-hidden="true" focusable="false">'
        '<rect class="span-ground" width="100%" y="3" height="2"/>'
        '<rect class="span-half" x="{}%" width="{}%" height="8" rx="2"/>'
        '<line class="span-middle" x1="{}%" x2="{}%" y1="0" y2="8"/></svg>',
        left,
        width,
        at,
        at,
    )


def score_bar(parts: Iterable[tuple[str, float]], *, whole: float = 1000) -> SafeString:
    """What a score is made of, strongest color first, with the same said in words for those who do not see it."""
    parts = list(parts)
    left, drawn = 0.0, []
    for number, (_label, points) in enumerate(parts):
        width = 100 * points / whole
        drawn.append((min(number + 1, 5), round(left, 2), round(width, 2)))
        left += width
    return format_html(
        '<svg aria-hidden="true" focusable="false"><rect class="bar-ground" width="100%" height="100%" rx="3"/>{}</svg>'
        '<span class="visually-hidden">{}</span>',
        format_html_join("", '<rect class="bar-{}" x="{}%" width="{}%" height="100%"/>', drawn),
        ", ".join(f"{label} {points:g}" for label, points in parts),
    )


def dots(done: int | str, total: int | str) -> SafeString:
    """So many of so many, as filled and empty circles; the words beside them are the caller's."""
    done, total = int(done), int(total)
    circles = format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="8" r="6"/>',
        (("done" if number < done else "open", 8 + number * 20) for number in range(total)),
    )
    return format_html(
        '<svg viewBox="0 0 {} 16" width="{}" height="16" aria-hidden="true" focusable="false">{}</svg>',
        total * 20 - 4,
        total * 20 - 4,
        circles,
    )


def dot_row(marks: Sequence[tuple[str, str]]) -> SafeString:
    """A row of dots, each of a kind (met, said, asked, rests, open) and with its words, which are read out."""
    circles = format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="8" r="{}"><title>{}</title></circle>',
        ((kind, 8 + number * 20, 3 if kind == "rests" else 6, words) for number, (kind, words) in enumerate(marks)),
    )
    wide = len(marks) * 20 - 4
    return format_html(
        '<svg class="dot-row" viewBox="0 0 {0} 16" width="{0}" height="16" role="img" aria-label="{1}">{2}</svg>',
        wide,
        "; ".join(words for _kind, words in marks),
        circles,
    )


def _figure(
    name: str, title: str, description: str, marks: SafeString, *, height: float, table: Sequence[tuple[str, str]]
) -> SafeString:
    rows = format_html_join("", '<tr><th scope="row">{}</th><td class="number">{}</td></tr>', table)
    as_table = format_html(
        '<details class="more"><summary>{}</summary>'
        '<table class="table"><caption class="visually-hidden">{}</caption><tbody>{}</tbody></table></details>',
        _("The same as a table"),
        title,
        rows,
    )
    return format_html(
        '<figure class="chart"><svg role="img" aria-labelledby="{0}-title {0}-desc" height="{1}em">'
        '<title id="{0}-title">{2}</title><desc id="{0}-desc">{3}</desc>{4}</svg>{5}</figure>',
        name,
        round(height, 2),
        title,
        description,
        marks,
        as_table if table else "",
    )
