"""What one of the two sees of their mentorship: never points, never what the other answered beside their own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property

from chiron.kernel import clock
from programs.enrollment.biosketch import Biosketch, biosketch_of, is_checked
from programs.enrollment.models import Role
from programs.mentorships import this_month
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.selectors import OPEN
from programs.policy.document import Part
from programs.policy.document.texts import Text
from programs.policy.lengths import Length
from tenants import context
from tenants.people.models import Person

Answer = Participation.Answer
FIRST_MEETING = timedelta(weeks=2)
# More circles than these are no picture any more.
MOST_DOTS = 12


@dataclass(frozen=True)
class Shown:
    """A mentorship through the eyes of one of the two."""

    mine: Participation
    theirs: Participation

    @classmethod
    def of(cls, mine: Participation) -> Shown:
        """`mine` with its mentorship and the other's place in it."""
        others = [each for each in mine.mentorship.participations.all() if each.pk != mine.pk]
        mine.enrollment.person, mine.enrollment.cycle = mine.person, mine.mentorship.cycle  # known already
        return cls(mine, others[0])

    @property
    def mentorship(self) -> Mentorship:
        return self.mine.mentorship

    @property
    def settings(self) -> Part:
        return self.mentorship.cycle.settings

    @property
    def page(self) -> str:
        """Which page this is: asked, talking first, waiting for the other, a pair, ended, or never one."""
        if self.mentorship.state == Mentorship.State.ENDED:
            return "ended"
        if self.mentorship.state == Mentorship.State.ACTIVE:
            return "ended" if self.i_said_no else "active"
        if self.mentorship.state not in OPEN:
            return "over"
        if self.mine.answer == Answer.YES:
            return "waiting"
        return "talking" if self.mentorship.state == Mentorship.State.TALKING else "asked"

    @property
    def i_am_mentee(self) -> bool:
        return self.mine.role == Role.MENTEE

    @property
    def i_said_no(self) -> bool:
        return self.mine.answer == Answer.NO

    @property
    def other(self) -> Person:
        return self.theirs.person

    @property
    def other_was_asked(self) -> bool:
        return self.theirs.answer != Answer.NOT_ASKED

    @property
    def other_said_yes(self) -> bool:
        return self.theirs.answer == Answer.YES

    @property
    def other_is(self) -> str:
        """Field and stage, as one line."""
        answers = self.theirs.enrollment.answers
        specialty = answers.get("specialty") or self.other.specialty
        stage = answers.get("stage") or self.other.stage
        return " · ".join(part for part in (specialty, stage) if part)

    @property
    def their_role(self) -> str:
        """What the other is in this part, in the program's word."""
        return self.settings.roles[self.theirs.role].called

    @property
    def asked_me(self) -> bool:
        """Whether the other found this person in the directory and asked them."""
        return bool(self.mentorship.requested_by) and self.mentorship.requested_by == self.theirs.role

    @cached_property
    def biosketch(self) -> Biosketch:
        """What the other wrote about themselves, or what their answers say of them, if the program shares it."""
        if "biosketch" not in self.settings.mentorship.introduction.shares:
            return Biosketch("", own=False)
        enrollment = self.theirs.enrollment
        return biosketch_of(self.other, enrollment.answers, enrollment.role)

    @property
    def other_is_checked(self) -> bool:
        """Whether the society knows the other by their NPI."""
        return is_checked(self.other, self.theirs.enrollment.answers)

    @property
    def their_address(self) -> str:
        """Where to write to, once the two were introduced and if the program shares it."""
        met = self.mentorship.state in (Mentorship.State.TALKING, Mentorship.State.ACTIVE)
        shared = met and "mail" in self.settings.mentorship.introduction.shares
        return self.other.email if shared else ""

    @cached_property
    def answer_by(self) -> datetime:
        """The last minute to answer, in the society's zone."""
        return datetime.combine(self.mentorship.answer_by, time(23, 59), tzinfo=_zone())

    @property
    def zone(self) -> str:
        """What the zone is called that day: “PST”."""
        return f"{self.answer_by:%Z}"

    @property
    def is_late(self) -> bool:
        return clock.now() > self.answer_by

    @property
    def meet_before(self) -> date:
        """When the first meeting should have been: counted from the introduction, or from today until there is one."""
        introduced = self.mentorship.introduced_at
        begun = introduced.astimezone(_zone()).date() if introduced else clock.today(_zone())
        return max(self.mentorship.cycle.starts_on, begun) + FIRST_MEETING

    @property
    def meetings(self) -> int:
        """How many meetings the program's rhythm comes to; 0 where it leaves that to the pair, or for very many."""
        rhythm = self.settings.mentorship.meetings.at_least or self.settings.mentorship.meetings.ideal
        cycle = self.mentorship.cycle
        if rhythm is None:
            return 0
        count, day = 0, cycle.starts_on
        while (day := Length(rhythm.most, rhythm.unit).after(day)) <= cycle.ends_on and count <= MOST_DOTS:
            count += 1
        return count if count <= MOST_DOTS else 0

    @property
    def met(self) -> int:
        """How many of these meetings there have been, as far as anybody noted."""
        begun = self.mentorship.state == Mentorship.State.ACTIVE
        return min(self.mentorship.meetings.count(), self.meetings) if begun else 0

    @property
    def rhythm(self) -> str:
        """How often people meet, in the program's words."""
        return str(self.settings.mentorship.meetings.at_least or self.settings.mentorship.meetings.ideal or "")

    @property
    def time_commitment(self) -> str:
        return self.mentorship.cycle.version.policy.time_commitment

    @property
    def guidelines(self) -> list[tuple[str, str]]:
        """How to go about meetings, for this role."""
        return self._mine(self.settings.mentorship.guidelines)

    @property
    def prompts(self) -> list[tuple[str, str]]:
        """Things to talk about, for the mentee's stage."""
        return self._mine(self.settings.mentorship.prompts)

    @property
    def activities(self) -> list[tuple[str, str]]:
        """Things to do together, for the mentee's stage."""
        return self._mine(self.settings.mentorship.activities)

    @property
    def talk_this_month(self) -> list[tuple[str, str]]:
        """What to talk about in this month of the session."""
        return self._texts(this_month.prompts(self._suitable(self.settings.mentorship.prompts), *self._month))

    @property
    def do_this_month(self) -> list[tuple[str, str]]:
        """What to do together in this month of the session."""
        return self._texts(this_month.activities(self._suitable(self.settings.mentorship.activities), self._month[0]))

    @property
    def _month(self) -> tuple[int, int]:
        cycle = self.mentorship.cycle
        return this_month.month_of(clock.today(_zone()), cycle.starts_on, cycle.ends_on)

    def _mine(self, texts: Sequence[Text]) -> list[tuple[str, str]]:
        return self._texts(self._suitable(texts))

    def _suitable(self, texts: Sequence[Text]) -> list[Text]:
        return [each for each in texts if each.is_for(role=self.mine.role, stage=self.mentee_stage)]

    @staticmethod
    def _texts(texts: Sequence[Text]) -> list[tuple[str, str]]:
        return [(each.title or "", each.text) for each in texts]

    @property
    def mentee_stage(self) -> str:
        """Where the mentee is in their career."""
        mentee = self.mine if self.i_am_mentee else self.theirs
        return str(mentee.enrollment.answers.get("stage") or mentee.person.stage)


def _zone() -> tzinfo:
    society = context.current()
    assert society is not None, "A mentorship belongs to a society."
    return society.zone
