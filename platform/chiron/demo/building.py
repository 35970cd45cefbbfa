"""Making one society of the demonstration, step by step, each by the service that a page would call."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _

from chiron.demo.keeping import some_have_goals, some_have_met
from chiron.demo.more import MORE
from chiron.demo.societies import Example
from chiron.kernel import clock
from matching.models import MatchRun
from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.importing.imports import look_at_sheet, take_sheet
from programs.enrollment.models import Enrollment, Role, SheetImport
from programs.mentorships.models import Participation
from programs.mentorships.services import answer_no, answer_yes
from programs.policy import templates
from programs.policy.document import Policy
from programs.policy.models import Cycle, Program
from programs.policy.services import change_state, create_program, move_dates, open_cycle
from tenants import context
from tenants.models import Society
from tenants.people.models import Person, StaffRole
from tenants.people.services import grant_role
from tenants.provisioning.services import provision_society
from tenants.services import change_society

ANSWER_OPENS, SIGN_UP_CLOSED = timedelta(days=60), timedelta(days=10)
# Of so many pairs, counted on, one mentor and one mentee has not answered yet, and one said no.
MENTOR_WAITS, MENTEE_WAITS, MENTOR_DECLINES = 9, 7, 31
STAMP = "%Y-%m-%d %H:%M"


def find_or_make_society(example: Example) -> Society:
    """The society, by its address; made if there is none."""
    with context.platform():
        if found := Society.objects.filter(slug=example.slug).first():
            return found
    made = provision_society(
        name=example.name,
        slug=example.slug,
        time_zone=example.time_zone,
        contact_mail=example.contact,
        postal_address=example.postal_address,
        state=Society.State.ACTIVE,
        brand_color=example.brand_color,
        accent_color=example.accent_color,
    )
    with context.society(made):
        return change_society(society=made, logo=example.logo(), by=None)


def fill(example: Example, society: Society) -> Iterator[str]:
    """Everything inside the society, in one transaction; says what it did. Nothing if it is there already."""
    with context.society(society):
        if Program.objects.exists():
            return
        manager = _staff(example)
        yield f"staff: {len(example.staff)}"
        cycle = _session(example, manager, clock.today(society.zone))
        yield from _sheets(example, cycle, manager, clock.today(society.zone))
        cycle = change_state(cycle=cycle, to=Cycle.State.MATCHING, by=manager)
        run = suggest_pairs(cycle=cycle, by=manager, seed=0)
        publish(run=run, by=manager)
        yield f"pairs published: {run.pairs.count()}"
        _agreements(cycle)
        yield f"introduced: {_answers(run)}"
        yield f"have met: {some_have_met(cycle, clock.today(society.zone))}"
        yield f"goals: {some_have_goals(cycle)}"
        yield from _next_session(cycle, manager, clock.today(society.zone))
        for more in MORE.get(example.slug, ()):
            yield from more(manager, clock.today(society.zone))


def _agreements(cycle: Cycle) -> None:
    """Those who were matched have been here and agreed; the others are still to come."""
    for enrollment in cycle.enrollments.filter(state=Enrollment.State.MATCHED).select_related("person"):
        enrollment.cycle = cycle
        agree(enrollment=enrollment, agreed=owed_for(enrollment).agreements)


def _staff(example: Example) -> Person:
    """The society's staff; returns its program manager, who does the rest."""
    people = {}
    for staff in example.staff:
        person = Person.objects.create(
            given_name=staff.given_name,
            family_name=staff.family_name,
            email=f"{staff.given_name}.{staff.family_name}@{example.slug}.example.org".lower(),
            created_at=clock.now(),
        )
        grant_role(person=person, kind=staff.kind, by=None)
        people[staff.kind] = person
    return people[StaffRole.Kind.MANAGER]


def _session(example: Example, manager: Person, today: date) -> Cycle:
    """The program and its session, whose sign-up was open until a few days ago, or is open all year."""
    policy = templates.load(example.template)
    program = create_program(policy=policy, contact=example.contact, by=manager)
    starts = _first_day(policy, today)
    cycle = open_cycle(program=program, part=policy.parts[0].name, starts_on=starts, today=today, by=manager)
    days = {"sign_up_opens_on": today - ANSWER_OPENS, "publish_on": today}
    if not policy.calendar.rolling:
        days["sign_up_closes_on"] = today - SIGN_UP_CLOSED
    cycle = move_dates(cycle=cycle, by=manager, **days)
    return change_state(cycle=cycle, to=Cycle.State.RECRUITING, by=manager)


def _next_session(cycle: Cycle, manager: Person, today: date) -> Iterator[str]:
    """The session after this one, open for sign-up, where the program has its days of the year."""
    starts = cycle.version.policy.calendar.next_start(cycle.starts_on)
    if starts is None or cycle.settings.way_in(Role.MENTEE) == "invitation":
        return
    coming = open_cycle(program=cycle.program, part=cycle.part, starts_on=starts, today=today, by=manager)
    if coming.sign_up_opens_on > today:
        coming = move_dates(cycle=coming, by=manager, sign_up_opens_on=today)
    change_state(cycle=coming, to=Cycle.State.RECRUITING, by=manager)
    yield f"open for sign-up: {coming.name}"


def _first_day(policy: Policy, today: date) -> date:
    proposed = policy.first_cycle.starts if policy.first_cycle else today
    return proposed if proposed > today else policy.calendar.next_start(today) or today + timedelta(days=90)


def _sheets(example: Example, cycle: Cycle, manager: Person, today: date) -> Iterator[str]:
    roster = _take(SheetImport.Kind.ROSTER, example, "roster", example.sheet("roster"), None, manager)
    yield f"members: {roster.rows_added}"
    for kind in (SheetImport.Kind.MENTORS, SheetImport.Kind.MENTEES):
        content = _signed_up_until(example.sheet(kind.value), today - SIGN_UP_CLOSED)
        taken = _take(kind, example, kind.value, content, cycle, manager)
        yield f"{kind.label.lower()}: {taken.rows_added}"


def _take(
    kind: SheetImport.Kind, example: Example, name: str, content: bytes, cycle: Cycle | None, manager: Person
) -> SheetImport:
    kept, _plan = look_at_sheet(
        kind=kind, content=content, file_name=f"{example.slug}-{name}.csv", cycle=cycle, by=manager
    )
    return take_sheet(sheet_import=kept, by=manager)


def _signed_up_until(content: bytes, last_day: date) -> bytes:
    """The sheet with its time stamps moved, so that the last person signed up on that day."""
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    stamps = [datetime.strptime(row["timestamp"], STAMP).replace(tzinfo=UTC) for row in rows]
    moved = timedelta(days=last_day.toordinal() - max(stamps).toordinal())
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    for row, stamp in zip(rows, stamps, strict=True):
        writer.writerow(row | {"timestamp": (stamp + moved).strftime(STAMP)})
    return out.getvalue().encode()


def _answers(run: MatchRun) -> int:
    """Most say yes; a few have not answered yet, so that there is something to see. Returns who was introduced."""
    introduced = 0
    pairs = run.pairs.filter(mentorship__isnull=False).order_by("mentee__person__family_name", "pk")
    for count, mentorship in enumerate(pairs.values_list("mentorship", flat=True)):
        places = Participation.objects.filter(mentorship=mentorship)
        mentor, mentee = places.get(role=Role.MENTOR), places.get(role=Role.MENTEE)
        if count % MENTOR_DECLINES == MENTOR_DECLINES - 1:
            answer_no(participation=mentor, reason=_("I cannot take anybody this time."))
        elif count % MENTOR_WAITS != MENTOR_WAITS - 1:
            answer_yes(participation=mentor)
            if count % MENTEE_WAITS:
                answer_yes(participation=mentee)
                introduced += 1
    return introduced
