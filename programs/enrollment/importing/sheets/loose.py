"""What may stand in one cell of somebody else's export. Like `cells`, but what can be repaired is, and says so."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from functools import cache, lru_cache
from typing import Any, get_args

from programs.enrollment.importing.sheets import cells, words
from programs.enrollment.importing.sheets.faults import Noted
from programs.enrollment.importing.sheets.words import shown
from programs.policy.participant import MeetingMode

DAY_FORMS = (
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%m-%d-%Y",
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%d %b %Y",
)
DOUBTFUL_FORMS = ("%m/%d/%y", "%d.%m.%y", "%d/%m/%Y", "%d-%m-%Y")
MONTH_FORMS = ("%B %Y", "%b %Y", "%m/%Y", "%Y-%m")
MOMENT_FORMS = tuple(
    f"{day} {time}" for day in DAY_FORMS[:5] for time in ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
)
# As %m/%d, for a column in which the day comes first.
DAY_FIRST = str.maketrans({"m": "d", "d": "m"})
# No date with a time is longer.
LONGEST = 60
DIGITS = re.compile(r"\d+")
DIRECTIVE = re.compile("%[a-zA-Z]")
# A space in a form stands for any number of them.
MARKS = re.compile(r"[/.:,-]")
NUMERIC_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d\d)(?=\D|$)", re.ASCII)

Span = tuple[date, date]


def puts_the_day_first(cells_of_a_column: Iterable[str]) -> bool:
    """Whether dates like 3/4/2026 of a column mean the third of April: some can only be read so, and none otherwise.

    This product is American, so a column that leaves it open is read as month, day, year.
    """
    day_first = False
    for cell in cells_of_a_column:
        if found := NUMERIC_DAY.match(cell.strip()):
            first, second = int(found[1]), int(found[2])
            if second > len(month_name) - 1:
                return False
            day_first = day_first or first > len(month_name) - 1
    return day_first


@lru_cache(maxsize=20_000)
def span(cell: str, *, day_first: bool = False) -> Span | Noted[Span] | None:
    """The first and the last day that a date in any usual form may mean: of a year alone all its days."""
    if words.is_nothing(cell):
        return None
    if re.fullmatch(r"(19|20)\d\d", cell, re.ASCII):
        return date(int(cell), 1, 1), date(int(cell), 12, 31)
    text = re.sub(r"\bSept\b\.?", "Sep", cell, flags=re.IGNORECASE)
    if found := _parsed(text, *_forms(DAY_FORMS, day_first=day_first), *_forms(MOMENT_FORMS, day_first=day_first)):
        return found.date(), found.date()
    if found := _parsed(text, *MONTH_FORMS):
        return found.date(), found.date().replace(day=monthrange(found.year, found.month)[1])
    if found := _parsed(text, *_forms(DOUBTFUL_FORMS, day_first=day_first)):
        return Noted((found.date(), found.date()), f"{shown(cell)} was read as {found:%B} {found.day}, {found.year}.")
    raise ValueError(f"{shown(cell)} is not a date{_why_not(text)}.")


def last_day(cell: str, *, day_first: bool = False) -> date | Noted[date] | None:
    """The last day that a date may mean."""
    found = span(cell, day_first=day_first)
    if isinstance(found, Noted):
        return Noted(found.value[1], found.remark)
    return found and found[1]


def moment(cell: str, *, zone: tzinfo = UTC, day_first: bool = False) -> datetime | None:
    """A date with a time, in the zone of the sheet."""
    if words.is_nothing(cell):
        return None
    if found := _parsed(cell, *_forms(MOMENT_FORMS, day_first=day_first), *_forms(DAY_FORMS, day_first=day_first)):
        return found.replace(tzinfo=zone)
    raise ValueError(f"{shown(cell)} is not a date with a time.")


@cache
def _forms(forms: tuple[str, ...], *, day_first: bool) -> tuple[str, ...]:
    """The forms, with day and month the other way round where slashes or dashes part them."""
    if not day_first:
        return forms
    return tuple(
        form.translate(DAY_FIRST) if form.startswith(("%m/%d", "%m-%d", "%d/%m", "%d-%m")) else form for form in forms
    )


def _parsed(cell: str, *forms: str) -> datetime | None:
    """The date in the first form that fits and gives a plausible year."""
    if len(cell) > LONGEST:
        return None
    shape = DIGITS.sub("0", cell)
    for form in forms:
        if not _may_fit(shape, form):
            continue
        with suppress(ValueError):
            found = datetime.strptime(cell, form)  # noqa: DTZ007 - the zone is the caller's
            if cells.FIRST_YEAR <= found.year <= cells.LAST_YEAR:
                return found
    return None


@lru_cache(maxsize=4_000)
def _may_fit(shape: str, form: str) -> bool:
    """Whether cells of a shape, with 0 for each number, have the marks of a form between their numbers and words."""
    return MARKS.findall(shape) == MARKS.findall(DIRECTIVE.sub("0", form))


def _why_not(cell: str) -> str:
    """What is wrong with something that looks like a date."""
    years = [int(year) for year in re.findall(r"\b\d{4}\b", cell, re.ASCII)]
    if any(year > cells.LAST_YEAR for year in years):
        return f": it is after {cells.LAST_YEAR}"
    if any(year < cells.FIRST_YEAR for year in years):
        return f": it is before {cells.FIRST_YEAR}"
    return ": there is no such day" if NUMERIC_DAY.fullmatch(cell) or cells.ISO_DAY.fullmatch(cell) else ""


def zip_code(cell: str) -> str | Noted[str] | None:
    """A ZIP code, with lost leading zeros put back."""
    if words.is_nothing(cell):
        return None
    found = re.fullmatch(r"(\d{3,5})(?:-?\d{4})?(?:\.0)?", cell, re.ASCII)
    if not found:
        raise ValueError(f"{shown(cell)} is not a ZIP code.")
    code = found[1].zfill(5)
    return code if len(found[1]) == len(code) else Noted(code, f"{shown(cell)} was read as ZIP code {code}.")


def email(cell: str) -> str:
    """A mail address in lower case. A broken one is not guessed at: mail to a stranger is worse than none."""
    return "" if words.is_nothing(cell) else cells.email(cell.removeprefix("mailto:").lower())


def stage(cell: str) -> str | Noted[str] | None:
    """A stage of a career from how people say it."""
    return None if words.is_nothing(cell) else words.stage(cell)


def number(cell: str) -> int | Noted[int] | None:
    """A number in digits or letters."""
    return None if words.is_nothing(cell) else words.number(cell)


def meeting_mode(cell: str) -> MeetingMode | None:
    """A way to meet from how people say it."""
    if words.is_nothing(cell):
        return None
    found = words.choose(cell, words.WAYS_TO_MEET)
    for mode in get_args(MeetingMode):
        if mode == found:
            return mode  # type: ignore[no-any-return]
    raise ValueError(f"{shown(cell)} is not a way to meet.")


def yes_or_no(cell: str) -> bool | None:
    """An answer to a question of yes or no."""
    if words.is_nothing(cell):
        return None
    found = words.choose(cell, words.YES_AND_NO)
    if found is None:
        raise ValueError(f"{shown(cell)} is neither yes nor no.")
    return found == "yes"


def choices(cell: str) -> tuple[str, ...]:
    """Checked choices joined by commas, semicolons or line breaks, in the words of our vocabularies."""
    return words.once(
        words.in_lower_case(choice) for choice in re.split(r"[,;\n]", cell) if not words.is_nothing(choice.strip())
    )


def names(cell: str) -> tuple[str, ...]:
    """A list of names, like languages, as they are written."""
    return words.once(name for name in re.split(r"[,;/\n]", cell) if not words.is_nothing(name.strip()))


def state(cell: str) -> str | None:
    """A state by its two letters."""
    return None if words.is_nothing(cell) else cell.upper() if len(cell) == len("CA") else cell


def specialty(cell: str) -> str | None:
    """A medical specialty, also when it is abbreviated."""
    return None if words.is_nothing(cell) else cells.specialty(cell)


def lower_word(cell: str) -> str | None:
    """A word of a vocabulary that is written in lower case."""
    return None if words.is_nothing(cell) else cell.lower()


def membership(cell: str) -> str | None:
    """A membership's status, in lower case."""
    return None if words.is_nothing(cell) else cells.membership(cell)


def optional_text(cell: str) -> str | None:
    """Any text that says something."""
    return None if words.is_nothing(cell) else cell


def settle(values: dict[str, Any]) -> None:
    """Turn what exports write in one cell into our fields: a whole name, a span in which training was completed."""
    given, family = words.split_name(values.pop("name", ""))
    values["given_name"] = words.without_titles(values.get("given_name") or given)
    values["family_name"] = words.without_titles(values.get("family_name") or family)
    first, last = values.pop("training_completed", None) or (None, None)
    if first:
        values["training_completed_on"] = first
        values["training_completed_latest"] = last if last != first else None
