"""What a sheet would do, row by row, before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from programs.enrollment.sheets import Fault
from tenants.people.models import Person

Does = Literal["added", "changed", "same"]


@dataclass(frozen=True, slots=True)
class Step:
    """What one row of a sheet would do."""

    line: int
    name: str
    does: Does
    carry_out: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Plan:
    """What every row would do, and what is wrong: with the rows that do nothing, or with parts of those that do."""

    steps: Sequence[Step]
    faults: Sequence[Fault]

    def count(self, does: Does) -> int:
        """How many rows would do this."""
        return sum(step.does == does for step in self.steps)


@dataclass
class Known:
    """The society's people, found by the society's own number or by mail address; it grows with a sheet's rows."""

    by_member_id: dict[str, Person] = field(default_factory=dict)
    by_mail: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def everybody(cls) -> Known:
        """All people of the society one is in, in one query."""
        known = cls()
        known.add(Person.objects.all())
        return known

    def add(self, people: Iterable[Person]) -> None:
        """Remember people, also such as are not saved yet."""
        for person in people:
            if person.member_id:
                self.by_member_id[person.member_id] = person
            if person.email:
                self.by_mail[person.email.lower()] = person

    def find(self, *, member_id: str, email: str) -> Person | None:
        """By number first; by address only somebody whose number is not another one."""
        if found := self.by_member_id.get(member_id):
            return found
        same_mail = self.by_mail.get(email.lower()) if email else None
        return same_mail if same_mail and same_mail.member_id in ("", member_id) else None

    def has_address(self, person: Person, email: str) -> Person | None:
        """Somebody else who has this address already."""
        other = self.by_mail.get(email.lower()) if email else None
        return other if other is not None and other is not person else None


def under_another_name(person: Person, member_id: str, given_name: str, family_name: str) -> str | None:
    """The sentence for a row whose number is that of somebody who shares neither name with it."""
    said = (given_name, family_name)
    known = (person.given_name, person.family_name)
    if person.member_id != member_id or any(a.casefold() == b.casefold() for a, b in zip(said, known, strict=True)):
        return None
    name = " ".join(said).strip()
    return f"The society knows {member_id} as {person.name}; this row says {name}. Is the number right?"
