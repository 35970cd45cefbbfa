"""Somebody invented, and as much around them as a page shows.

Everything here is written as if it were true, inside a savepoint that the caller always rolls back: nothing of it is
ever committed. Ids are the same each time that the same member of staff looks, so that links between pages hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from chiron.kernel import clock
from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.fitting import decision_of
from programs.enrollment.models import Enrollment
from programs.enrollment.signing_up import start_sign_up
from programs.mentorships.models import Listing, Mentorship, Participation
from programs.policy.document import Part
from programs.policy.document.mentorship import Survey
from programs.policy.models import Cycle, PolicyVersion, Program
from programs.policy.participant import Participant
from programs.policy.rules import Answer
from programs.policy.words import ROLES_OF
from programs.surveys.models import Asked, Wave
from programs.surveys.waves import survey_version
from tenants.people.models import Person

VISITOR: Final = "visitor"
# Names that nobody takes for somebody's, and addresses that can never be written to.
NAMES: Final = (("Maya", "Example"), ("Sam", "Sample"), ("Kim", "Specimen"))
HOST: Final = "invented.example"
FIELD: Final = "Family Medicine"
# Where somebody of a role usually stands; the first that the program's rules do not turn away.
USUAL_STAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "mentor": ("mid career", "late career", "retired", "early career", "resident", "medical student"),
    "senior": ("late career", "retired", "mid career"),
    "middle": ("early career", "mid career", "resident"),
}
STAGES_OF_OTHERS: Final = ("resident", "medical student", "pre-med", "early career", "fellow", "mid career")


@dataclass(frozen=True)
class Scene:
    """Through whose eyes: a role of a part, under one version of a program's settings, seen by a member of staff."""

    program: Program
    version: PolicyVersion
    part: Part
    who: str
    viewer: Person

    @property
    def pairs(self) -> bool:
        """Whether two people are asked and introduced."""
        return self.who in ("mentor", "mentee") and self.part.format == "one_to_one"

    @property
    def has_directory(self) -> bool:
        return self.pairs and "directory" in self.part.matching.by

    @property
    def has_wishes(self) -> bool:
        wishes = self.part.matching.wishes
        return self.pairs and wishes is not None

    @property
    def sign_up_id(self) -> UUID:
        """The sign-up of whom one looks as."""
        return self.id_of(f"sign-up of {self.id_of(NAMES[0][0])}")

    @property
    def other(self) -> str:
        """The role of whom they are matched with."""
        return "mentee" if self.who == "mentor" else "mentor"

    @property
    def cycle_id(self) -> UUID:
        return self.id_of("session")

    @property
    def offer_id(self) -> UUID:
        return self.id_of("offer")

    @property
    def pair_id(self) -> UUID:
        return self.id_of("pair")

    @property
    def survey(self) -> Survey | None:
        """The survey that shows most of what is asked of them: the one at the end, or else the first."""
        mine = [each for each in self.part.surveys if self.who in each.to]
        return next((each for each in mine if each.wave == "end"), mine[0] if mine else None)

    @property
    def survey_id(self) -> UUID:
        return self.id_of("survey")

    def id_of(self, what: str) -> UUID:
        """The id of something invented."""
        return uuid5(NAMESPACE_URL, f"{self.viewer.pk}/{self.version.pk}/{self.part.name}/{self.who}/{what}")

    def session(self, today: date) -> Cycle:
        """A session of the part whose sign-up is open."""
        starts = today + timedelta(days=30)
        return Cycle.objects.create(
            pk=self.cycle_id,
            program=self.program,
            version=self.version,
            part=self.part.name,
            name=_("Example session"),
            state=Cycle.State.RECRUITING,
            sign_up_opens_on=today - timedelta(days=7),
            sign_up_closes_on=today + timedelta(days=14),
            publish_on=today + timedelta(days=21),
            starts_on=starts,
            ends_on=self.version.policy.calendar.dates_from(starts).ends,
            created_at=clock.now(),
        )

    def person(self, role: str, given: str, family: str, *, today: date) -> Person:
        return Person.objects.create(
            pk=self.id_of(given),
            given_name=given,
            family_name=family,
            email=f"{given}.{self.id_of(given).hex[:6]}@{HOST}".lower(),
            stage=self._stage(role, today),
            specialty=FIELD,
            created_at=clock.now(),
        )

    def _stage(self, role: str, today: date) -> str:
        stages = USUAL_STAGES.get(role, STAGES_OF_OTHERS)
        if role not in self.part.roles:
            return stages[0]
        for stage in stages:
            somebody = Participant(key="", role="mentee", stage=stage, membership_status="active")
            if decision_of(self.part, role, somebody, today).answer is not Answer.NO:
                return stage
        return stages[0]


@dataclass(frozen=True)
class Cast:
    """The invented person in their session, and what happens to them as far as a page needs it."""

    scene: Scene
    today: date

    @cached_property
    def me(self) -> Person:
        """The person."""
        return self.scene.person(self.scene.who, *NAMES[0], today=self.today)

    @cached_property
    def cycle(self) -> Cycle:
        """The session; it is there from the moment that somebody asks for it."""
        return self.scene.session(self.today)

    def open(self) -> None:
        """One can sign up."""
        assert self.cycle

    def begin_sign_up(self) -> None:
        """The first page is answered."""
        start_sign_up(person=self.me, cycle=self.cycle, role=self.scene.who, facts={"stage": self.me.stage})

    def sign_up(self) -> Enrollment:
        """They have signed up and can take part."""
        return self._enrollment(self.me, self.scene.who)

    def come_home(self) -> None:
        """What waits for them: a question, where staff suggest pairs."""
        if self.scene.pairs:
            self.ask()
        else:
            self.sign_up()

    def meet(self) -> None:
        """Somebody whom they find in the directory, and who finds them."""
        for enrollment in (self.sign_up(), self._other()):
            Listing.objects.create(enrollment=enrollment, listed_at=clock.now())

    def ask(self) -> None:
        """Staff suggested a pair, and it is their turn to answer."""
        asked_first = self.scene.part.matching.asked_first
        theirs = "waiting" if asked_first == "both" else "not_asked" if asked_first == self.scene.who else "yes"
        self.cycle.state = Cycle.State.MATCHING
        self.cycle.save(update_fields=["state"])
        mentorship = Mentorship(pk=self.scene.offer_id, state=Mentorship.State.PROPOSED)
        self._pair(mentorship, mine=Participation.Answer.WAITING, theirs=Participation.Answer(theirs))

    def introduce(self) -> None:
        """Both said yes, and the session runs."""
        self.cycle.state, self.cycle.starts_on = Cycle.State.RUNNING, self.today - timedelta(days=3)
        self.cycle.save(update_fields=["state", "starts_on"])
        mentorship = Mentorship(pk=self.scene.pair_id, state=Mentorship.State.ACTIVE, introduced_at=clock.now())
        self._pair(mentorship, mine=Participation.Answer.YES, theirs=Participation.Answer.YES)

    def take_part(self) -> None:
        """They are introduced, where two people are; else they have signed up."""
        if self.scene.pairs:
            self.introduce()
        else:
            self.sign_up()

    def be_surveyed(self) -> None:
        """The session runs, and a survey waits for them."""
        if self.scene.survey is None:
            return
        self.take_part()
        wave = Wave.objects.create(
            pk=self.scene.survey_id,
            cycle=self.cycle,
            position=self.scene.part.surveys.index(self.scene.survey),
            version=survey_version(self.scene.survey.instrument),
            name=self.scene.survey.instrument,
            moment=self.scene.survey.wave,
            anonymous=self.scene.survey.anonymous,
            sent_at=clock.now(),
            closes_on=self.scene.survey.closes_after.after(self.today),
        )
        Asked.objects.create(wave=wave, person=self.me, role=self.scene.who)

    def come_first(self) -> None:
        """Staff brought their sign-up, so they have not agreed to anything yet."""
        self._enrollment(self.me, self.scene.who, agrees=False)

    def gather(self) -> list[Enrollment]:
        """A group of three: they themselves and two more, of the other roles where there are any."""
        roles = [role for role in ROLES_OF[self.scene.part.format] if role != self.scene.who]
        others = [*roles, self.scene.who, self.scene.who][:2]
        people = [
            self.scene.person(role, *name, today=self.today) for role, name in zip(others, NAMES[1:], strict=True)
        ]
        return [
            self.sign_up(),
            *(self._enrollment(person, role) for person, role in zip(people, others, strict=True)),
        ]

    def _other(self) -> Enrollment:
        other = self.scene.person(self.scene.other, *NAMES[1], today=self.today)
        return self._enrollment(other, self.scene.other)

    def _pair(self, mentorship: Mentorship, *, mine: Participation.Answer, theirs: Participation.Answer) -> None:
        now = clock.now()
        both = (self.sign_up(), mine), (self._other(), theirs)
        mentorship.cycle, mentorship.proposed_at = self.cycle, now
        mentorship.aspects = both[0][0].answers["aspects"]
        mentorship.answer_by = self.scene.part.matching.offer_waits.after(self.today)
        mentorship.save(force_insert=True)
        for enrollment, answer in both:
            Participation.objects.create(
                mentorship=mentorship,
                enrollment=enrollment,
                person=enrollment.person,
                role=enrollment.role,
                answer=answer,
                asked_at=None if answer == Participation.Answer.NOT_ASKED else now,
                answered_at=now if answer == Participation.Answer.YES else None,
                why=list(self._why()),
            )
        Enrollment.objects.filter(cycle=self.cycle).update(state=Enrollment.State.MATCHED)

    def _enrollment(self, person: Person, role: str, *, agrees: bool = True) -> Enrollment:
        enrollment = Enrollment.objects.create(
            pk=self.scene.id_of(f"sign-up of {person.pk}"),  # the next page that is looked at is of the same
            cycle=self.cycle,
            person=person,
            role=role,
            state=Enrollment.State.ELIGIBLE,
            answers=self._answers(person),
            signed_up_at=clock.now(),
            changed_at=clock.now(),
        )
        if agrees:
            agree(enrollment=enrollment, agreed=owed_for(enrollment).agreements)
        return enrollment

    def _answers(self, person: Person) -> dict[str, Any]:
        policy = self.scene.version.policy
        return {
            "stage": person.stage,
            "specialty": person.specialty,
            "languages": ["English"],
            "meeting_mode": "either",
            "aspects": list(policy.words("aspects")[:2]),
            "interests": list(policy.words("interests")[:2]),
            "availability": list(policy.words("availability")[:1]),
        }

    def _why(self) -> list[str]:
        return [_("This stands for the reasons of a real pair."), _("You both have an interest in the same things.")]


def seen_as(part: Part) -> list[tuple[str, str]]:
    """Through whose eyes a part can be looked at, each with the society's word for them."""
    roles = [(role, part.roles[role].called) for role in ROLES_OF[part.format]]
    return [*roles, (VISITOR, _("Visitor"))]
