"""Words in a sheet that the program has no word for: each with how often it stands there and what it may mean."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from programs.enrollment.importing.sheets import words
from programs.enrollment.importing.sheets.cells import MODES
from programs.enrollment.importing.sheets.layout import LISTS, Layout, columns_of, is_own_list, pieces
from programs.enrollment.importing.sheets.table import Table
from programs.policy.words import STAGES
from programs.surveys.specialties import SPECIALTIES, usual_name

# Fields with words of ours alone: another word says nothing there. All others may be kept as they are written.
CLOSED: Final[Mapping[str, Sequence[str]]] = {
    "stage": STAGES,
    "meeting_mode": MODES,
    "role": (),
    "attests": ("yes", "no"),
}
LOOKED_AT, MOST_ASKED, NEAR = 5_000, 30, 0.65
# More is no word but a text, and an answer about many of them could not be sent.
LONGEST_ASKED = 300


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sheet, and what it is likely to mean; nothing if that cannot be told."""

    said: str
    count: int
    proposal: str


@dataclass(frozen=True, slots=True)
class Unsettled:
    """The words of one column that are none of the program's, and the words that it has."""

    index: int
    heading: str
    target: str
    words: Sequence[Word]
    options: Sequence[str]
    called: Mapping[str, str] = field(default_factory=dict)

    @property
    def may_stay(self) -> bool:
        """Whether a word may be kept as it is written."""
        return self.target not in CLOSED

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """The words that it has, each with what pages call it."""
        return [(option, self.called.get(option, option)) for option in self.options]


def unsettled(
    table: Table,
    layout: Layout,
    vocabulary: Mapping[str, Sequence[str]],
    roles: Mapping[str, str] = words.MENTOR_AND_MENTEE,
) -> list[Unsettled]:
    """The words nobody has said a meaning of yet, by column, the most frequent first."""
    asked = {index: options for index, options in _options(layout, vocabulary, roles).items() if options}
    counts: dict[int, Counter[str]] = {index: Counter() for index in asked}
    strange = {index: _stranger(table, layout, index, options, roles) for index, options in asked.items()}
    for record in itertools.islice(table.records(), LOOKED_AT if asked else 0):
        if record.usable:
            for index in asked:
                found = strange[index](record.cells[index].strip())
                counts[index].update(word for word in found if len(word) <= LONGEST_ASKED)
    return [
        Unsettled(
            index,
            table.headings[index],
            layout.targets[index],
            [Word(said, count, nearest(said, options)) for said, count in counts[index].most_common(MOST_ASKED)],
            options,
            {**roles, "mentor and mentee": " and ".join(roles.values())} if layout.targets[index] == "role" else {},
        )
        for index, options in asked.items()
        if counts[index]
    ]


def nearest(said: str, options: Sequence[str]) -> str:
    """The longest option that it holds, else the one spelled nearest, else the one that shares most words, or none."""
    mine = _words(said)
    if held := [option for option in options if _words(option) <= mine]:
        return max(held, key=len)
    by_spelling = {option.casefold(): option for option in options}
    if near := get_close_matches(said.casefold(), by_spelling, n=1, cutoff=NEAR):
        return by_spelling[near[0]]
    best = max(options, key=lambda option: len(mine & _words(option)), default="")
    return best if mine & _words(best) else ""


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold())) - {"and", "or", "of", "in", "the", "a"}


def _options(
    layout: Layout, vocabulary: Mapping[str, Sequence[str]], roles: Mapping[str, str]
) -> dict[int, Sequence[str]]:
    if layout.kind == "pairs":
        return {}
    both = ("mentor and mentee",) if "mentor" in roles else ()
    known = {**vocabulary, **CLOSED, "role": (*roles, *both), "specialty": tuple(SPECIALTIES)}
    return {index: known.get(target, ()) for index, target in enumerate(layout.targets)}


class _stranger:  # noqa: N801, called like a function
    """Which words of a cell are strange to a column."""

    def __init__(
        self, table: Table, layout: Layout, index: int, options: Sequence[str], roles: Mapping[str, str]
    ) -> None:
        self._target, self._ours = layout.targets[index], is_own_list(table.headings[index])
        self._read = columns_of(layout, table, roles=roles)[index].read
        self._settled = {*map(str.casefold, options), *layout.choices.get(index, {})}

    def __call__(self, cell: str) -> Iterator[str]:
        if words.is_nothing(cell) or cell.casefold() in self._settled:
            return
        if self._target in LISTS:
            yield from (
                each
                for each in pieces(cell, self._target, ours=self._ours)
                if not {each.casefold(), words.in_lower_case(each).casefold()} & self._settled
            )
        elif self._target == "specialty":
            if usual_name(cell) not in SPECIALTIES:
                yield cell
        elif self._cannot_read(cell):
            yield cell

    def _cannot_read(self, cell: str) -> bool:
        try:
            self._read(cell)
        except ValueError:
            return True
        return False
