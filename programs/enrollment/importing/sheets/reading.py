"""A sheet read by its layout, row by row: what each row gives, and everything that is wrong with it.

A large sheet never stands in memory as a whole. What only all of it can tell is found out in a first run: whether dates
begin with the day, and who stands in it twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from programs.enrollment.importing.sheets import loose
from programs.enrollment.importing.sheets.faults import Fault
from programs.enrollment.importing.sheets.layout import DAYS, SKIP, Layout, columns_of
from programs.enrollment.importing.sheets.pairs import ExistingPair
from programs.enrollment.importing.sheets.roster import Member
from programs.enrollment.importing.sheets.rows import Columns, Values, read_values
from programs.enrollment.importing.sheets.signups import LONG_AGO
from programs.enrollment.importing.sheets.table import Record, Table
from programs.enrollment.importing.sheets.words import MENTOR_AND_MENTEE, shown
from programs.policy.participant import Participant, RoleName

Found = Member | Participant | ExistingPair
# Columns by which somebody is known in a sheet, the best first.
KNOWN_BY = ("key", "member_id", "email")
NOBODY = "The mail address is missing, so we cannot tell whose answers these are."


@dataclass(frozen=True, slots=True)
class Reading:
    """One row of a sheet: what it gives (nothing if it is lost), its faults, and the fields that could not be read."""

    record: Record
    gives: Sequence[Found]
    faults: Sequence[Fault]
    unread: frozenset[str] = frozenset()

    @property
    def line(self) -> int:
        """Where the row begins."""
        return self.record.line


@dataclass
class Reader:
    """Reads a sheet by its layout.

    `role` is everybody's in a sheet that does not say it; `roles` are all of the session, with what they are called.
    """

    table: Table
    layout: Layout
    role: RoleName | None = None
    zone: tzinfo = UTC
    vocabulary: Mapping[str, Sequence[str]] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=lambda: MENTOR_AND_MENTEE)
    _columns: Columns = field(default_factory=dict, init=False)
    _twice: frozenset[str] = field(default=frozenset(), init=False)
    _latest: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict, init=False)
    _first: dict[str, int] = field(default_factory=dict, init=False)

    def __iter__(self) -> Iterator[Reading]:
        """All rows, in their order."""
        self._prepare()
        self._first.clear()
        for record in self.table.records():
            yield self._read(record)

    def _prepare(self) -> None:
        turned, self._twice = self._first_run()
        self._columns = columns_of(
            self.layout,
            self.table,
            zone=self.zone,
            day_first=turned,
            vocabulary=self.vocabulary,
            roles=self.roles,
        )
        self._latest.clear()
        if self.layout.kind == "signups" and self._twice:
            for record in self.table.records():
                if record.usable and self._key(record) in self._twice:
                    self._remember_latest(record)

    def _first_run(self) -> tuple[list[int], frozenset[str]]:
        """The columns whose dates begin with the day, and who stands in the sheet more than once."""
        days = [index for index, target in enumerate(self.layout.targets) if target in DAYS]
        shapes: dict[int, set[str]] = {index: set() for index in days}
        times: Counter[str] = Counter()
        for record in self.table.records():
            if not record.usable:
                continue
            for index in days:
                if found := loose.NUMERIC_DAY.match(record.cells[index].strip()):
                    shapes[index].add(found[0])
            if self.layout.kind == "signups":
                times[self._key(record)] += 1
        turned = [index for index, said in shapes.items() if loose.puts_the_day_first(said)]
        return turned, frozenset(key for key, count in times.items() if key and count > 1)

    def _key(self, record: Record) -> str:
        """By what somebody is known in this sheet."""
        for name in KNOWN_BY:
            if name in self.layout.targets:
                said = record.cells[self.layout.targets.index(name)].strip().casefold()
                if said:
                    return said
        return ""

    def _remember_latest(self, record: Record) -> None:
        for person in self._participants(record, [])[0]:
            at = (person.signed_up_at or LONG_AGO, record.line)
            key = (self._key(record), person.role)
            self._latest[key] = max(at, self._latest.get(key, at))

    def _read(self, record: Record) -> Reading:
        faults: list[Fault] = []
        if self.layout.kind == "signups":
            people, unread = self._participants(record, faults)
            gives: Sequence[Found] = self._latest_alone(record, people, faults)
        else:
            gives, unread = self._member_or_pair(record, faults)
        if not gives:
            faults = [replace(fault, row_taken=False) for fault in faults if fault.loses] or faults
        return Reading(record, gives, faults, unread)

    def _values(self, record: Record, faults: list[Fault]) -> tuple[Values | None, frozenset[str]]:
        values, found = read_values(record, self.table, self._columns, forgiving=True)
        faults += found
        if values is None:
            return None, frozenset()
        for index, target in enumerate(self.layout.targets):
            if target == SKIP:
                values["extra"].pop(self.table.headings[index], None)
        return values, frozenset(c.field for c in self._columns.values()) - values.keys()

    def _participants(self, record: Record, faults: list[Fault]) -> tuple[Sequence[Participant], frozenset[str]]:
        values, unread = self._values(record, faults)
        if values is None:
            return (), unread
        loose.settle(values)
        roles = values.pop("role", (self.role,) if self.role else ())
        number, email = values.pop("member_id", ""), values.get("email", "")
        if not (number or email):
            self._lose(record, faults, "email", NOBODY)
            return (), unread
        values["key"] = number or email
        # "How many mentees could you take?" stands on the form of the others too, and means nothing there.
        told = MENTOR_AND_MENTEE if "role" not in self.layout.targets else ("mentor",)
        return [
            Participant(role=role, **dict(values if role in told else values | {"places": None})) for role in roles
        ], unread

    def _latest_alone(
        self, record: Record, people: Sequence[Participant], faults: list[Fault]
    ) -> Sequence[Participant]:
        """Without the roles in which the same person answered later; who answered twice counts with the later one."""
        kept = []
        for person in people:
            _, latest = self._latest.get((self._key(record), person.role), (None, record.line))
            if latest == record.line:
                kept.append(person)
            else:
                role = self._called(person.role)
                message = f"This person answered as {role} on line {latest} too; that later answer counts."
                faults.append(Fault(self.table.name, record.line, None, message, value=person.key))
        return kept

    def _called(self, role: str) -> str:
        """A role as everybody says, or by the session's own name."""
        name = self.roles.get(role, role)
        return role if name.casefold() == role else name

    def _member_or_pair(self, record: Record, faults: list[Fault]) -> tuple[Sequence[Found], frozenset[str]]:
        values, unread = self._values(record, faults)
        if values is None:
            return (), unread
        if self.layout.kind == "pairs":
            values["since"], values["since_said"] = values.get("since", (None, ""))
            pair = ExistingPair(**values)
            both = f"{pair.mentor_email or pair.mentor} and {pair.mentee_email or pair.mentee}"
            return self._first_alone(record, both, "mentor", pair, faults), unread
        loose.settle(values)
        values["key"] = values.get("key", "")
        if not (values["key"] if "key" in self.layout.targets else values.get("email")):
            self._lose(record, faults, "key", "The id is missing.")
            return (), unread
        member = Member(**values)
        return self._first_alone(record, member.key or member.email, "key", member, faults), unread

    def _first_alone(self, record: Record, key: str, column: str, row: Found, faults: list[Fault]) -> Sequence[Found]:
        """Nothing if the same one stands further up."""
        first = self._first.setdefault(key.casefold(), record.line)
        if first == record.line:
            return [row]
        self._lose(record, faults, column, f"{shown(key)} stands on line {first} already.", value=key)
        return ()

    def _lose(self, record: Record, faults: list[Fault], name: str, message: str, *, value: str = "") -> None:
        """Say why a row is lost, unless a fault in the same column says it already."""
        targets = self.layout.targets
        names = (name, "email") if name == "key" else (name,)
        index = next((targets.index(each) for each in names if each in targets), None)
        heading = self.table.headings[index] if index is not None else None
        if not any(fault.column == heading and fault.loses for fault in faults):
            line = record.line if index is None else record.line_of(index)
            faults.append(Fault(self.table.name, line, heading, message, value=value))
