"""Questions about a session's surveys, with as many queries for many as for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from programs.outcomes.asking import day_of, introduced
from programs.policy.document.mentorship import Survey
from programs.policy.models import Cycle
from programs.surveys.models import Asked, Comment, Wave
from programs.surveys.privacy import Outcome, Told
from programs.surveys.sets import QuestionSet, counted, options, question_set

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Sending:
    """One survey of a session: planned, on its way, or closed."""

    cycle: Cycle
    position: int
    survey: Survey
    day: date
    wave: Wave | None
    asked: Counts
    answered: Counts

    @property
    def questions(self) -> QuestionSet:
        return question_set(self.survey.instrument)

    @property
    def state(self) -> str:
        if self.wave is None:
            return "planned"
        return "open" if self.wave.closed_at is None else "closed"

    @property
    def to(self) -> str:
        """Whom it goes to, as the program calls them."""
        return ", ".join(self.called(role) for role in self.survey.to)

    def called(self, role: str) -> str:
        return self.cycle.settings.roles[role].called

    @property
    def all_asked(self) -> int:
        return sum(self.asked.values())

    @property
    def all_answered(self) -> int:
        return sum(self.answered.values())

    @property
    def rates(self) -> list[tuple[str, int, int]]:
        """How many of each role answered, and were asked."""
        return [(self.called(role), self.answered.get(role, 0), count) for role, count in sorted(self.asked.items())]


@dataclass(frozen=True)
class Result:
    """What is told of one question: of everybody, and by role where that may be told."""

    ask: str
    text: str
    words: Mapping[str, str]
    whole: Told
    parts: Sequence[tuple[str, Told]]

    @property
    def most(self) -> str:
        return self.words.get(self.whole.most, "")


def sendings(cycle: Cycle) -> list[Sending]:
    """The surveys of a session in the order of their days."""
    waves = {wave.position: wave for wave in Wave.objects.filter(cycle=cycle).select_related("version")}
    live = _live(cycle)
    planned = _by_role(cycle)
    found = []
    for position, survey in enumerate(cycle.settings.surveys):
        wave = waves.get(position)
        if wave is None:
            asked, answered = {role: planned[role] for role in survey.to if planned.get(role)}, {}
        elif wave.closed_at:
            asked, answered = wave.asked, wave.answered
        else:
            asked, answered = live.get(wave.position, ({}, {}))
        found.append(Sending(cycle, position, survey, day_of(cycle, survey), wave, asked, answered))
    return sorted(found, key=lambda each: (each.day, each.position))


def sending_of(cycle: Cycle, position: int) -> Sending | None:
    """One survey of a session; None if it has none of this number."""
    return next((each for each in sendings(cycle) if each.position == position), None)


def results(sending: Sending) -> list[Result]:
    """What is told of a closed survey, question by question."""
    if sending.wave is None or not sending.wave.closed_at:
        return []
    told = Outcome.stored(sending.wave.outcome)
    return [
        Result(
            question.ask,
            question.text,
            options(blank),
            told.whole[question.ask],
            [(sending.called(role), each) for role, each in told.parts[question.ask].items()],
        )
        for question, blank in counted(sending.wave.version.questions)
    ]


def comments(sending: Sending) -> list[Comment]:
    """What was written in a closed survey, in no order."""
    if sending.wave is None:
        return []
    return list(sending.wave.comments.select_related("person"))


def _live(cycle: Cycle) -> dict[int, tuple[dict[str, int], dict[str, int]]]:
    """Who was asked and answered so far, by survey and role."""
    found: dict[int, tuple[dict[str, int], dict[str, int]]] = {}
    people = Asked.objects.filter(wave__cycle=cycle).order_by().values_list("wave__position", "role")
    counts = people.annotate(asked=Count("pk"), so_far=Count("pk", filter=Q(answered=True)))
    for position, role, asked, answered in counts:
        both = found.setdefault(position, ({}, {}))
        both[0][role] = asked
        if answered:
            both[1][role] = answered
    return found


def _by_role(cycle: Cycle) -> dict[str, int]:
    """How many people of each role would be asked today."""
    places = introduced(cycle).order_by().values_list("role")
    return dict(places.annotate(count=Count("person", distinct=True)))
