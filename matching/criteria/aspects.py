"""Where each mentor is for one thing that a mentee would like help with: a row of wishes for each of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from matching.criteria.columns import Ints, Mask, fold, folded
from matching.engine.factors import indicator, numbered
from programs.policy.participant import Participant

People = Sequence[Participant]
DOES_NOT_HELP: Final = "does_not_help_with_it"
FIELDS: Final = tuple(field.name for field in fields(Participant))


@dataclass(frozen=True, slots=True)
class ForOneThing(Participant):
    """A mentee with one of the things that they would like help with, which is all that their `aspects` name."""

    @property
    def aspect(self) -> str:
        """The one thing."""
        return self.aspects[0]


def rows_by_aspect(mentees: People) -> list[Participant]:
    """A row for each thing that each mentee names, in their order; who names nothing has one row, for anything."""
    rows: list[Participant] = []
    for mentee in mentees:
        named = {fold(aspect): aspect for aspect in reversed(mentee.aspects) if fold(aspect)}
        said = {name: getattr(mentee, name) for name in FIELDS}
        rows += [ForOneThing(**{**said, "aspects": (named[each],)}) for each in folded(mentee.aspects)] or [mentee]
    return rows


def aspect_of(row: Participant) -> str:
    """What a row of wishes is for; empty where it is for anything."""
    return row.aspect if isinstance(row, ForOneThing) else ""


class HelpsWith:
    """The mentor must offer help with the one thing that a row of wishes is for."""

    id = DOES_NOT_HELP

    def __init__(self, mentees: People, mentors: People) -> None:
        wanted = [folded(row.aspects) if isinstance(row, ForOneThing) else () for row in mentees]
        offered = [folded(mentor.aspects) for mentor in mentors]
        place = numbered(word for words in (*wanted, *offered) for word in words)
        # One column more, for who wants nothing in particular, and for who does not say.
        self._wanted, self._offered = indicator(wanted, place, extra=1), indicator(offered, place, extra=1)
        self._wanted[:, -1] = [not words for words in wanted]
        self._offered[:, -1] = 1
        self._silent = np.array([not words for words in offered], np.bool_)

    def mask(self, rows: Ints, cols: Ints) -> Mask:
        """Neither the thing in common nor silence."""
        return np.asarray((self._wanted[rows] @ self._offered[cols].T == 0) & ~self._silent[cols])

    def cannot_tell(self, mentee: int, mentor: int) -> bool:
        """The mentor says nothing."""
        return bool(self._silent[mentor] and not self._wanted[mentee, -1])
