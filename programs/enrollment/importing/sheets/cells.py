"""What may stand in one cell of a plain sheet.

Each reader takes the trimmed text and raises ValueError with a sentence about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache, partial
from typing import Any

from programs.enrollment.importing.sheets.words import once, shown
from programs.policy.words import STAGES, did_you_mean
from programs.surveys import specialties
from tenants.people.names import plain_name

Reader = Callable[[str], Any]

EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENTS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")
ZIP = re.compile(r"(\d{5})(-\d{4})?", re.ASCII)
MOST = 9_999
FIRST_YEAR, LAST_YEAR = 1900, 2100
# What a spreadsheet takes for the beginning of a formula, and what nobody can see or type.
FORMULA = ("=", "+", "-", "@")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MODES = ("in person", "virtual", "either")
# As many characters as the society's register of people has room for.
LONGEST_ID, LONGEST_NAME, LONGEST_ADDRESS, LONGEST_STATUS, LONGEST_SPECIALTY = 40, 80, 254, 20, 120


def text(cell: str) -> str:
    """Any text; empty stays empty."""
    return cell


def optional_text(cell: str) -> str | None:
    """Any text; empty is “did not say”."""
    return cell or None


def lower_word(cell: str) -> str | None:
    """A word of a vocabulary that is written in lower case."""
    return cell.lower() or None


def at_most(longest: int, cell: str) -> str:
    """Text for which there is room."""
    if len(cell) > longest:
        raise ValueError(f"{shown(cell)} is too long: {len(cell)} characters, and there is room for {longest}.")
    return cell


def key(cell: str) -> str:
    """A person's id, which nobody can be without."""
    if not cell:
        raise ValueError("The id is missing.")
    return number_of_theirs(cell)


def number_of_theirs(cell: str) -> str:
    """A person's id in the society; empty stays empty."""
    if CONTROL.search(cell):
        raise ValueError(f"{shown(CONTROL.sub('·', cell))} holds characters that nobody can see. Type the id again.")
    if cell.startswith(FORMULA):
        raise ValueError(f"{shown(cell)} begins with “{cell[0]}”, which spreadsheets take for a formula.")
    return at_most(LONGEST_ID, cell)


def name(cell: str) -> str:
    """A part of a name, or all of it; empty stays empty."""
    return at_most(LONGEST_NAME, plain_name(cell))


def given_name(cell: str) -> str:
    """A first name, which nobody can be without."""
    if not cell:
        raise ValueError("The first name is missing.")
    return name(cell)


def membership(cell: str) -> str | None:
    """A membership's status, in lower case."""
    return lower_word(at_most(LONGEST_STATUS, cell))


def word_list(cell: str) -> tuple[str, ...]:
    """Words separated by “; ”, each once, in the order in which they stand."""
    return once(cell.split(";"))


def whole_number(cell: str) -> int | None:
    """A whole number, zero or more."""
    if not cell:
        return None
    if re.fullmatch(r"-\d+", cell, re.ASCII):
        raise ValueError(f"{shown(cell)} is negative. Write a whole number, zero or more.")
    if not re.fullmatch(r"\d+", cell, re.ASCII):
        raise ValueError(f"{shown(cell)} is not a whole number.")
    if len(cell) > len(str(MOST)):
        raise ValueError(f"{shown(cell)} is more than {MOST:,}.")
    return int(cell)


def day(cell: str) -> date | None:
    """A date like 2027-03-01."""
    if not cell:
        return None
    try:
        if not ISO_DAY.fullmatch(cell):
            raise ValueError
        found = date.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"{shown(cell)} is not a date. Write it like 2027-03-01.") from None
    if found.year < FIRST_YEAR:
        raise ValueError(f"{shown(cell)} is before {FIRST_YEAR}.")
    if found.year > LAST_YEAR:
        raise ValueError(f"{shown(cell)} is after {LAST_YEAR}.")
    return found


def moment(cell: str, *, zone: tzinfo = UTC) -> datetime | None:
    """A date with a time like 2027-01-24 11:25, in the zone of the sheet."""
    if not cell:
        return None
    for form in MOMENTS:
        with suppress(ValueError):
            return datetime.strptime(cell, form).replace(tzinfo=zone)
    raise ValueError(f"{shown(cell)} is not a date with a time. Write it like 2027-01-24 11:25.")


def _one_of(cell: str, known: tuple[str, ...], what: str) -> str | None:
    if not cell:
        return None
    if cell.lower() not in known:
        raise ValueError(f"{shown(cell)} is not {what}.{did_you_mean(cell, known)}")
    return cell.lower()


stage = partial(_one_of, known=STAGES, what="a stage of a career")
meeting_mode = partial(_one_of, known=MODES, what="a way to meet")


def yes_or_no(cell: str) -> bool | None:
    """“yes” or “no”."""
    answer = _one_of(cell, ("yes", "no"), "an answer")
    return None if answer is None else answer == "yes"


def zip_code(cell: str) -> str | None:
    """A ZIP code, with or without its last four digits, which are dropped."""
    if not cell:
        return None
    found = ZIP.fullmatch(cell)
    if not found:
        hint = " Its leading zeros were lost." if re.fullmatch(r"\d{3,4}", cell, re.ASCII) else ""
        raise ValueError(f"{shown(cell)} is not a ZIP code of five digits.{hint}")
    return found[1]


def email(cell: str) -> str:
    """A mail address."""
    if cell and not EMAIL.fullmatch(cell):
        raise ValueError(f"{shown(cell)} is not a mail address.")
    return at_most(LONGEST_ADDRESS, cell)


@lru_cache(maxsize=4_000)
def specialty(cell: str) -> str | None:
    """A medical specialty, under its usual name where that is known."""
    return at_most(LONGEST_SPECIALTY, specialties.usual_name(cell)) if cell else None
