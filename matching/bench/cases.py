"""How large an instance is, and which sizes are measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import click


@dataclass(frozen=True, order=True)
class Case:
    """So many mentees and mentors."""

    mentees: int
    mentors: int

    @classmethod
    def of(cls, said: str) -> Self:
        """The case written 5000x3000. Raises click.BadParameter if it is not written like that."""
        mentees, cross, mentors = said.partition("x")
        if not (cross and mentees.isdecimal() and mentors.isdecimal() and int(mentees) and int(mentors)):
            raise click.BadParameter(f"{said} is not a size; write mentees and mentors, like 5000x3000.")
        return cls(int(mentees), int(mentors))

    @property
    def pairs(self) -> int:
        """How many pairs could be."""
        return self.mentees * self.mentors

    @property
    def words(self) -> str:
        """As people read it."""
        return f"{self.mentees:,} × {self.mentors:,}"

    def __str__(self) -> str:
        return f"{self.mentees}x{self.mentors}"


FEW, SMALL, MIDDLE = Case(22, 22), Case(1_000, 600), Case(5_000, 3_000)
LARGE, HUGE = Case(20_000, 10_000), Case(50_000, 20_000)
RESIDENCY = Case(47_208, 6_626)  # applicants and programs of the US residency match: ranked lists, never all pairs
USUAL = (FEW, Case(300, 180), SMALL, MIDDLE, RESIDENCY)
LADDER = (Case(100, 60), Case(300, 180), SMALL, Case(2_500, 1_500), MIDDLE, Case(10_000, 6_000))
