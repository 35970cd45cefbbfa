"""What fits somebody, by the few facts that decide it: which parts of which programs, which not, why, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.policy.document import Length, Part
from programs.policy.models import Cycle
from programs.policy.offered import Offered
from programs.policy.participant import Participant
from programs.policy.rules import Answer, Decision, Rule, conditions, decide
from programs.policy.words import ROLES_OF

# What follows a stage, and how people say that it begins.
AFTER: Final[Mapping[str, tuple[str, ...]]] = {
    "pre-med": ("medical student",),
    "medical student": ("resident",),
    "resident": ("fellow", "early career"),
    "fellow": ("early career",),
}
BEGINS: Final[Mapping[str, Promise]] = {
    "medical student": gettext_lazy("when you start medical school"),
    "resident": gettext_lazy("when you start residency"),
    "fellow": gettext_lazy("when you start a fellowship"),
    "early career": gettext_lazy("when you finish your training"),
}
# What the first page asks, by the fact of a rule that it settles.
ASKED_FOR: Final[Mapping[str, str]] = {
    "membership.status": "member",
    "training.completed": "training_completed_on",
    "years_since_training": "training_completed_on",
    "training.state": "training_state",
    "practice.state": "practice_state",
}


@dataclass(frozen=True)
class Later:
    """From when something fits, and what changes then."""

    day: date
    because: str

    def __str__(self) -> str:
        return _("From %(month)s, %(because)s") % {"month": date_format(self.day, "F Y"), "because": self.because}


@dataclass(frozen=True)
class Fit:
    """Whether one role of a part fits somebody."""

    program: str
    slug: str
    part: str
    role: str
    called: str
    cycle: Cycle | None
    is_open: bool
    by_invitation: bool
    answer: Answer
    reasons: Sequence[str]
    later: Later | None = None

    @property
    def fits(self) -> bool:
        return self.answer is Answer.YES

    @property
    def does_not(self) -> bool:
        return self.answer is Answer.NO


def wanted_facts(rules: Iterable[Rule | None]) -> set[str]:
    """What a first page has to ask so that these rules can be answered."""
    facts = {condition.fact.name for rule in rules if rule for _path, condition in conditions(rule)}
    return {ASKED_FOR[name] for name in facts if name in ASKED_FOR}


def all_rules(offers: Iterable[Offered]) -> Iterator[Rule | None]:
    """Every rule on who may take part in what is offered."""
    for offer in offers:
        for each in offer.parts:
            yield from each.part.eligible.values()


def fits_of(somebody: Participant, offers: Iterable[Offered], today: date) -> list[Fit]:
    """Every role of every part: what fits first, then what we cannot tell, then what will fit, then what does not."""
    found = []
    for offer in offers:
        for each in offer.parts:
            on = each.cycle.starts_on if each.cycle else today
            for role in ROLES_OF[each.part.format]:
                decision = decision_of(each.part, role, somebody, on)
                fit = Fit(
                    program=offer.program.name,
                    slug=offer.program.slug,
                    part=each.part.name,
                    role=role,
                    called=each.part.roles[role].called,
                    cycle=each.cycle,
                    is_open=each.is_open and each.part.way_in(role) != "invitation",
                    by_invitation=each.part.way_in(role) == "invitation",
                    answer=decision.answer,
                    reasons=_sentences(decision),
                    later=later(each.part.eligible.get(role), somebody, on) if decision.answer is Answer.NO else None,
                )
                found.append(fit)
    return sorted(found, key=_order)


def decision_of(part: Part, role: str, somebody: Participant, on: date) -> Decision:
    """What the rules say on a day; what somebody promises at the end of the form is taken as promised."""
    return decide(part.eligible.get(role), replace(somebody, attests=True), on)


def later(rule: Rule | None, somebody: Participant, after: date) -> Later | None:
    """The first day on which a rule will be met as time goes by: at the next stage, or so long after training."""
    if rule is None:
        return None
    for day, because, then in sorted(_changes(rule, somebody), key=lambda change: change[0]):
        if day > after and decide(rule, replace(then, attests=True), day).answer is Answer.YES:
            return Later(day, because)
    return None


def _changes(rule: Rule, somebody: Participant) -> Iterator[tuple[date, str, Participant]]:
    """What time alone changes about somebody."""
    if somebody.stage_ends_on:
        for stage in AFTER.get(somebody.stage or "", ()):
            done = somebody.training_completed_on
            if stage == "early career":
                done = done or somebody.stage_ends_on
            then = replace(somebody, stage=stage, stage_ends_on=None, training_completed_on=done)
            yield somebody.stage_ends_on, str(BEGINS[stage]), then
    if somebody.training_completed_on:
        for _path, condition in conditions(rule):
            if condition.fact.name == "years_since_training" and condition.verb == "at least":
                length = Length(condition.number, "year")
                day = length.after(somebody.training_completed_on)
                yield day, _("%(length)s after your training") % {"length": length}, somebody


def _sentences(decision: Decision) -> list[str]:
    return list(dict.fromkeys(str(reason.sentence) for reason in decision.reasons))


def _order(fit: Fit) -> tuple[int, bool, bool]:
    rank = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 3}[fit.answer]
    return 2 if fit.later else rank, not fit.is_open, fit.by_invitation
