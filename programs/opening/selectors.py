"""How far a society is on its way to its first open sign-up: read from what is there, so that nobody ticks anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q

from chiron.design.brand import PRIMARY
from programs.opening.first_mails import SENT
from programs.policy.access import cycles_seen, programs_seen
from programs.policy.models import Cycle, Program
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.people.access import RUNS_PROGRAMS
from tenants.people.models import Person

REHEARSED = "rehearsal.begun"


@dataclass(frozen=True)
class SetUp:
    """What is done of the four things before sign-up opens, each with the moment since when, where it has one."""

    program: Program | None
    has_look: bool
    read_at: datetime | None
    rehearsed_at: datetime | None
    draft: Cycle | None

    @property
    def done(self) -> int:
        return sum(map(bool, (self.has_look, self.program, self.read_at, self.rehearsed_at)))


def set_up_of(society: Society, person: Person) -> SetUp:
    """How far the program is that was started last of those which the person runs."""
    program = programs_seen(person, *RUNS_PROGRAMS).order_by("-created_at").first()
    about = Q(verb=REHEARSED) | Q(verb=SENT, subject_id=str(program.pk) if program else "-")
    since = dict(Entry.objects.filter(about).order_by().values_list("verb").annotate(Min("at")))
    drafts = program.cycles.filter(state=Cycle.State.DRAFT).order_by("starts_on") if program else Cycle.objects.none()
    return SetUp(
        program=program,
        has_look=bool(society.logo_hash) or society.brand_color != PRIMARY,
        read_at=since.get(SENT),
        rehearsed_at=since.get(REHEARSED),
        draft=drafts.select_related("program", "version").first(),
    )


def is_setting_up(society: Society) -> bool:
    """Whether sign-up to nothing has ever opened. A rehearsal opens with its first page."""
    return not society.is_rehearsal and not Cycle.objects.exclude(state=Cycle.State.DRAFT).exists()


def newest_opened(person: Person) -> Cycle | None:
    """The session that somebody runs which was opened last."""
    opened = cycles_seen(person, *RUNS_PROGRAMS).exclude(state=Cycle.State.DRAFT)
    return opened.order_by("-created_at").first()
