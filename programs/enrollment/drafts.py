"""A sign-up on its way: which questions it asks, what is answered, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext as _

from programs.policy.document import Agreement, Blank, Part, Policy, Question
from programs.policy.document.policy import BOTH
from programs.policy.models import Cycle
from programs.policy.words import STAGES
from programs.surveys.conditions import asked
from programs.surveys.forms import WHO_SEES, QuestionForm, readable
from programs.surveys.models import Instrument, Response
from tenants.people.models import Person

# What the first page asked, kept beside the answers under a word that no question has.
FIRST: Final = "first page"
LIST_OF_TEXTS: Final = "goals"
PLACES: Final = "places"


@dataclass(frozen=True)
class Line:
    """A question with its answer in words, and where that came from if it was not asked here."""

    question: Question
    text: str
    answer: str
    source: str
    note: str = ""


@dataclass(frozen=True)
class Draft:
    """Somebody's answers for one session in one role."""

    cycle: Cycle
    role: str
    response: Response
    # What is known of a question that is not answered yet, to begin with.
    hints: Callable[[Question], Mapping[str, Any]] = field(default=lambda question: {})

    @property
    def part(self) -> Part:
        return self.cycle.settings

    @property
    def policy(self) -> Policy:
        return self.cycle.version.policy

    @property
    def first(self) -> Mapping[str, Any]:
        """What the first page was told."""
        facts: Mapping[str, Any] = self.response.answers.get(FIRST, {})
        return facts

    @property
    def stage(self) -> str:
        return str(self.first.get("stage", ""))

    @cached_property
    def questions(self) -> list[Question]:
        """All that this sign-up may ask."""
        return questions_of(self.part, self.role, self.stage)

    @cached_property
    def asked(self) -> list[Question]:
        """All that it asks as things stand."""
        return asked(self.questions, self.response.answers)

    @property
    def next(self) -> Question | None:
        """The first question that is still open; None where all are answered."""
        return next((question for question in self.asked if question.ask not in self.response.answers), None)

    @property
    def agreements(self) -> list[Agreement]:
        return agreements_of(self.part, self.role)

    @property
    def asks_biosketch(self) -> bool:
        """Whether it asks what others should read."""
        return any(is_biosketch(question) for question in self.asked)

    def find(self, ask: str) -> Question | None:
        """A question that is asked as things stand."""
        return next((question for question in self.asked if question.ask == ask), None)

    def place(self, question: Question) -> int:
        """Which one of the questions it is, counted from 1."""
        return self.asked.index(question) + 1

    def before(self, question: Question) -> Question | None:
        """The question before it."""
        place = self.asked.index(question)
        return self.asked[place - 1] if place else None

    def form(self, question: Question, data: Any = None, files: Any = None) -> QuestionForm:
        """The page of a question, filled with what is kept or known."""
        kept = self.response.answers.get(question.ask)
        if kept is None:
            kept = self.hints(question)
        asked = within_what_is_allowed(question, self.part, self.role)
        return QuestionForm(data, files, question=asked, policy=self.policy, words=self.words, kept=kept)

    def words(self, blank: Blank) -> Sequence[str]:
        """What can be chosen: mentors are offered what any stage may want, others what concerns their own."""
        return words_of(self.policy, blank, stage=None if self.role == "mentor" else self.stage)

    def lines(self) -> Iterator[Line]:
        """Everything that was asked, with its answer in words."""
        for question, said in readable(self.asked, self.response.answers):
            source = self.response.sources.get(question.ask, "")
            yield Line(question, self.policy.filled(question.text), said, source, self._note(question))

    def _note(self, question: Question) -> str:
        """What an answer from elsewhere counts as, where the program allows less."""
        kept = self.response.answers.get(question.ask, {})
        numbers = (kept.get(blank.name) for blank in question.blanks if blank.fills == PLACES)
        most = most_places(self.part, self.role)
        return at_most(most) if any(isinstance(number, int) and number > most for number in numbers) else ""

    def answers(self) -> dict[str, Any]:
        """What was said, as a sign-up keeps it: the fields of a participant, and all else by its own name."""
        first = {name: value for name, value in self.first.items() if name != "extra"}
        said: dict[str, Any] = {**first, "extra": dict(self.first.get("extra", {}))}
        for question in self.asked:
            kept = self.response.answers.get(question.ask, {})
            for blank in question.blanks:
                if kept.get(blank.name) is not None:
                    _put(said, blank, kept[blank.name])
            if who := kept.get(WHO_SEES):
                said["extra"].setdefault(WHO_SEES, {}).update(who)
        if any(agreement.attests_values for agreement in self.agreements):
            said["attests"] = True
        return said


def within_what_is_allowed(question: Question, part: Part, role: str) -> Question:
    """With the most that the program allows, where it asks how many somebody takes: more would count as that anyhow."""
    most = most_places(part, role)

    def within(blank: Blank) -> Blank:
        if blank.fills != PLACES or blank.kind != "number":
            return blank
        said = " ".join(filter(None, (blank.used_for, at_most(most))))
        highest = most if blank.highest is None else min(most, blank.highest)
        return blank.model_copy(update={"highest": highest, "used_for": said})

    return question.model_copy(update={"blanks": tuple(map(within, question.blanks))})


def most_places(part: Part, role: str) -> int:
    """How many others a part lets somebody in a role have."""
    return (part.roles[role].places if role == "mentor" else part.roles[role].mentors).most


def at_most(most: int) -> str:
    """The sentence beside how many somebody takes."""
    return _("The program allows %(most)d at most.") % {"most": most}


def agreements_of(part: Part, role: str) -> list[Agreement]:
    """What a role has to agree to."""
    return [agreement for agreement in part.agree if role in agreement.by]


def questions_of(part: Part, role: str, stage: str | None) -> list[Question]:
    """What is asked after the first page, which asks the stage; what others will read is written last of all.

    None stands for every stage: all that the form may ask.
    """
    stages = STAGES if stage is None else (stage,)
    asked_of = {question.ask for each in stages for question in part.questions(role, each)}
    everything = (*part.intake.get(BOTH, ()), *part.intake.get(role, ()))
    found = [each for each in everything if each.ask in asked_of and not _fills(each, "stage")]
    return sorted(found, key=is_biosketch)


def is_biosketch(question: Question) -> bool:
    """Whether it asks what others should read."""
    return _fills(question, "biosketch")


def draft_name(cycle: Cycle, role: str) -> str:
    """What the questions of a part and role are called among all sets of questions."""
    return f"{cycle.part}: {role}"


def role_of(response: Response) -> str:
    """The role of a sign-up, by what its questions are called."""
    return response.instrument.name.rpartition(": ")[2]


def draft_of(person: Person, cycle: Cycle, role: str) -> Response | None:
    """What somebody has answered for a session in a role, if they have begun."""
    return Response.objects.filter(
        person=person,
        occasion=cycle.pk,
        instrument__purpose=Instrument.Purpose.INTAKE,
        instrument__program=cycle.program_id,
        instrument__name=draft_name(cycle, role),
    ).first()


def words_of(policy: Policy, blank: Blank, *, stage: str | None) -> Sequence[str]:
    """What can be chosen in a blank at a stage; None stands for every stage."""
    if blank.choices_from is None:
        return blank.choices
    offered = getattr(policy.choices, blank.choices_from)
    return [word.name for word in offered if stage is None or word.is_for(stage=stage)]


def _fills(question: Question, name: str) -> bool:
    return any(blank.fills == name for blank in question.blanks)


def _put(said: dict[str, Any], blank: Blank, value: Any) -> None:
    if blank.fills is None:
        said["extra"][blank.name] = value
    elif blank.fills == LIST_OF_TEXTS:
        said[LIST_OF_TEXTS] = [*said.get(LIST_OF_TEXTS, []), *(value if isinstance(value, list) else [value])]
    else:
        if blank.fills == "training_completed_on" and said.get(blank.fills) != value:
            said.pop("training_completed_latest", None)  # it was the end of the month that the first page was told
        said[blank.fills] = value
