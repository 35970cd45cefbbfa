"""Everybody who is in no pair when pairs are published: they are written to the same day, in words for their case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from chiron.kernel import clock, signing
from matching.models import MatchRun
from matching.publishing.models import Publication, Told
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.services import is_by_application
from programs.mentorships.requests import has_directory
from programs.mentorships.selectors import STANDING
from programs.mentorships.services import deadline, this_day
from programs.policy.models import Cycle
from programs.policy.offered import offered_programs
from programs.policy.wording import words_in_mail
from tenants import context, outbox
from tenants.models import Society

Kind = Told.Kind
State = Enrollment.State
KEEP_ME = "keep_me"


@dataclass(frozen=True)
class Case:
    """Some who are written to alike."""

    kind: Told.Kind
    people: Sequence[Enrollment]

    @property
    def template(self) -> str:
        return f"publication_{self.kind}"


def cases_of(run: MatchRun) -> list[Case]:
    """Everybody of the session without a pair, in this draft or before, by case; but for those who were told before."""
    there = _alone(run).select_related("person", "cycle__program", "cycle__version").order_by("signed_up_at", "pk")
    people: dict[Told.Kind, list[Enrollment]] = {kind: [] for kind in Kind}
    for each in there:
        if each.state == State.NOT_ELIGIBLE:
            if not (each.decided_by_id and is_by_application(each)):  # they were told when it was decided
                people[Kind.NOT_ELIGIBLE].append(each)
        elif each.role == Role.MENTOR:
            people[Kind.NOT_NEEDED].append(each)
        else:
            people[Kind.WAITS].append(each)
    return [Case(kind, found) for kind, found in people.items() if found]


def undecided_in(cycle: Cycle) -> int:
    """How many sign-ups wait for a word of staff: nothing true can be written to them yet."""
    return cycle.enrollments.filter(state__in=[State.TO_CHECK, State.APPLIED]).count()


def _in_draft(run: MatchRun) -> set[UUID]:
    found = {each for pair in run.pairs.values_list("mentee_id", "mentor_id") for each in pair}
    return found | set(run.groups.exclude(places=None).values_list("places__enrollment_id", flat=True))


def _alone(run: MatchRun) -> QuerySet[Enrollment]:
    standing = Q(participations__mentorship__state__in=STANDING)
    waiting = run.cycle.enrollments.filter(state__in=[State.ELIGIBLE, State.WAITLISTED, State.NOT_ELIGIBLE])
    having = run.cycle.enrollments.filter(standing).values("pk")
    return waiting.filter(told=None).exclude(pk__in=_in_draft(run)).exclude(pk__in=having)


def tell_others(publication: Publication) -> int:
    """Write to everybody whom staff have not left out; returns to how many. Called when the pairs are published."""
    run, told = publication.run, []
    shared = shared_by_all(run, publication.asked_first)
    for case in cases_of(run):
        if case.kind in publication.left_out:
            continue
        words = words_for(publication, case.kind)
        for each in case.people:
            write(each, case, words, shared)
            told.append(Told(enrollment=each, publication=publication, kind=case.kind, told_at=clock.now()))
    Told.objects.bulk_create(told)
    return len(told)


def words_for(publication: Publication, kind: str) -> str:
    """The paragraph of the program's own: as staff wrote it for this time, or as its settings have it."""
    said: Mapping[str, str] = publication.words
    return said[kind] if kind in said else words_in_mail(publication.run.cycle.program, kind)


def shared_by_all(run: MatchRun, asked_first: str) -> dict[str, Any]:
    """What the mails of everybody say alike: how it goes on, by when, and what else there is."""
    cycle = run.cycle
    waiting = cycle.enrollments.filter(state__in=[State.ELIGIBLE, State.WAITLISTED]).exclude(role=Role.MENTOR)
    return {
        "everybody_has": not waiting.exclude(pk__in=_in_draft(run)).exists(),
        "answer_by": None if asked_first in ("", "nobody") else deadline(cycle),
        "next_start": _next_start(cycle),
        "else_there_is": else_there_is(cycle),
    }


def write(enrollment: Enrollment, case: Case, words: str, shared: Mapping[str, Any]) -> None:
    """Write the mail of a case to somebody."""
    cycle, society = enrollment.cycle, _here()
    values: dict[str, Any] = {
        **shared,
        "me": enrollment.person,
        "enrollment": enrollment,
        "cycle": cycle,
        "program": cycle.program,
        "own_words": words,
        "directory": f"{society.url('/people/')}?as={enrollment.pk}" if has_directory(cycle) else "",
        "page": society.url(reverse("enrollment:signed_up", args=[cycle.pk, enrollment.role])),
        "keep_me": link_for(enrollment) if case.kind == Kind.NOT_NEEDED else "",
    }
    outbox.mail(case.template, to=enrollment.person, context=values, reply_to=cycle.program.contact)


def else_there_is(cycle: Cycle) -> list[tuple[str, str]]:
    """What else of the society one can sign up to today: names with addresses."""
    society = _here()
    return [
        (
            offer.program.name if part.part.name in ("", cycle.part) else f"{offer.program.name}: {part.part.name}",
            society.url(reverse("enrollment:program", args=[offer.program.slug])),
        )
        for offer in offered_programs(this_day())
        for part in offer.parts
        if part.is_open and part.ways_in and part.cycle != cycle
    ]


def _next_start(cycle: Cycle) -> date | None:
    """When the next session of the same part starts, as it is prepared or as the program's calendar has it."""
    later = cycle.program.cycles.filter(part=cycle.part, starts_on__gt=cycle.starts_on).order_by("starts_on").first()
    return later.starts_on if later else cycle.version.policy.calendar.next_start(cycle.starts_on)


def link_for(enrollment: Enrollment) -> str:
    """Where a mentor says “keep me for the next session” without signing in; until a year after the session."""
    society = _here()
    until = datetime.combine(enrollment.cycle.ends_on + timedelta(days=365), time.max, tzinfo=UTC)
    token = signing.seal(str(enrollment.pk), purpose=KEEP_ME, society=society.pk, until=until)
    return society.url(reverse("keep_me:keep", args=[token]))


def enrollment_by(token: str) -> Enrollment | None:
    """Whose link this is; signing.Expired after its time, Http404 for anything that is no link of ours."""
    pk = UUID(signing.unseal(token, purpose=KEEP_ME, society=_here().pk))
    return Enrollment.objects.select_related("person", "cycle__program").filter(pk=pk).first()


def _here() -> Society:
    society = context.current()
    assert society is not None, "A session belongs to a society."
    return society
