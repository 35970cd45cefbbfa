"""Moving a session to its program's newest settings, as long as nothing is published.

Nobody who was not refused before is turned away by new settings: the rules leave them to check, and a person decides.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Func, JSONField, Value
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from programs.enrollment.answers import participant_of
from programs.enrollment.drafts import questions_of, role_of
from programs.enrollment.models import Enrollment
from programs.enrollment.services import WAS_ELIGIBLE, apply_rules_again
from programs.enrollment.working import Notice
from programs.policy.document import Question, diff
from programs.policy.models import Cycle, PolicyVersion
from programs.policy.rules import Answer, Asked, Rule
from programs.policy.services import FROZEN, plan_anew
from programs.policy.words import ROLES_OF, STAGES
from programs.surveys.conditions import asked
from programs.surveys.models import Instrument, Response
from tenants import audit
from tenants.people.models import Person

State = Enrollment.State
# Of whom the rules said yes, and whom the rules have not let in.
COULD_TAKE_PART = (State.ELIGIBLE, State.WAITLISTED, State.APPLIED)
COULD_NOT = (State.TO_CHECK, State.NOT_ELIGIBLE)
NOT_REFUSED = (*COULD_TAKE_PART, State.TO_CHECK)
Fresh = dict[tuple[str, str], tuple[Sequence[Question], Set[str]]]
# What is read of people, of whom there may be very many.
NAMED = ("given_name", "family_name", "stage")
LISTED = ("email", "member_id", "roster", "on_roster_since")


@dataclass(frozen=True)
class Adoption:
    """What the newest settings would change for a session: in words, and for whom.

    Whoever would lose the way in by the new rules, and of whom they could not tell, would be left to check.
    """

    version: PolicyVersion
    changes: Sequence[str]
    gain: Sequence[Enrollment]
    lose: Sequence[Enrollment]
    unclear: Sequence[Enrollment]
    asked_anew: Sequence[AskedAnew]

    @property
    def to_check(self) -> int:
        """How many would be left to staff."""
        return len(self.lose) + len(self.unclear)


@dataclass(frozen=True)
class AskedAnew:
    """Somebody who signed up, and what their form would ask that it did not ask them yet."""

    enrollment: Enrollment
    questions: Sequence[str]


def newer_settings(cycle: Cycle) -> PolicyVersion | None:
    """Settings that a session could still move to; None if it has the newest, or if they are frozen."""
    if cycle.state in FROZEN:
        return None
    newest = PolicyVersion.objects.filter(program=cycle.program_id).order_by("-number").first()
    return newest if newest is not None and newest.pk != cycle.version_id else None


def adoption_of(cycle: Cycle, version: PolicyVersion) -> Adoption:
    """What would change, without changing it; DomainError if the settings no longer have the session's part."""
    answers = {role: Asked(rule, cycle.starts_on) for role, rule in _part_of(cycle, version).items()}
    gain, lose, unclear = [], [], []
    by_rules = cycle.enrollments.filter(decided_by=None, state__in=(*COULD_TAKE_PART, *COULD_NOT))
    facts = ("cycle", "role", "state", "answers", "signed_up_at", *(f"person__{name}" for name in (*NAMED, *LISTED)))
    for enrollment in by_rules.select_related("person").only(*facts):
        asked_of = answers.get(enrollment.role)
        answer = asked_of(participant_of(enrollment, asked_of.looks_at)) if asked_of else Answer.YES
        if enrollment.state in NOT_REFUSED and answer is Answer.NO:
            lose.append(enrollment)
        elif enrollment.state != State.TO_CHECK and answer is Answer.UNKNOWN:
            unclear.append(enrollment)
        elif enrollment.state in COULD_NOT and answer is Answer.YES:
            gain.append(enrollment)
    changes = [
        str(change) for change in diff(cycle.version.policy, version.policy) if change.part in (None, cycle.part)
    ]
    return Adoption(version, changes, gain, lose, unclear, list(_asked_anew(cycle, version)))


def _asked_anew(cycle: Cycle, version: PolicyVersion) -> Iterator[AskedAnew]:
    """Who takes part and would be asked something new, in the order of names; two queries, however many they are.

    What somebody answered already, in the form or by a sheet, is not asked again.
    """
    fresh = _fresh_questions(cycle, version)
    if not any(new for _all, new in fresh.values()):
        return
    responses = Response.objects.filter(occasion=cycle.pk, instrument__purpose=Instrument.Purpose.INTAKE)
    said = {
        (response.person_id, role_of(response)): response.answers for response in responses.select_related("instrument")
    }
    people = cycle.enrollments.exclude(state__in=[State.WITHDRAWN, State.FINISHED, State.NOT_ELIGIBLE])
    by_name = people.select_related("person").order_by("person__family_name", "person__given_name", "pk")
    for enrollment in by_name.only("cycle", "role", "answers", *(f"person__{name}" for name in NAMED)):
        stage = str(enrollment.answers.get("stage") or enrollment.person.stage)
        before = said.get((enrollment.person_id, enrollment.role), {})
        everything, new = fresh.get((enrollment.role, stage), ((), frozenset()))
        texts = [
            version.policy.filled(question.text)
            for question in (asked(everything, before) if new else ())
            if question.ask in new and question.ask not in before and not _is_told(question, enrollment.answers)
        ]
        if texts:
            yield AskedAnew(enrollment, texts)


def _fresh_questions(cycle: Cycle, version: PolicyVersion) -> Fresh:
    """What the newest settings ask in a role at a stage, and which of it the session's own do not."""
    part = version.policy.part(cycle.part)
    found: Fresh = {}
    for role, stage in itertools.product(ROLES_OF[part.format], ("", *STAGES)):
        known = {question.ask for question in questions_of(cycle.settings, role, stage)}
        everything = questions_of(part, role, stage)
        found[role, stage] = everything, {question.ask for question in everything} - known
    return found


def _is_told(question: Question, answers: Mapping[str, Any]) -> bool:
    extra = answers.get("extra", {})
    told = [answers.get(blank.fills) if blank.fills else extra.get(blank.name) for blank in question.blanks]
    return all(value not in (None, "", []) for value in told)


@transaction.atomic
def adopt_settings(*, cycle: Cycle, version: PolicyVersion, by: Person | None, notice: Notice | None = None) -> Cycle:
    """Move a session to newer settings and ask the rules again; DomainError once pairs are published.

    Doing it twice changes nothing. More places give those who wait theirs; fewer take none away.
    """
    locked = Cycle.objects.select_for_update(of=["self"]).select_related("version", "program").get(pk=cycle.pk)
    if locked.version_id == version.pk:
        return locked
    if locked.state in FROZEN:
        raise DomainError(_("Pairs are published, so this session keeps the settings that it has."))
    _part_of(locked, version)
    not_refused = locked.enrollments.filter(state__in=NOT_REFUSED, decided_by=None)
    not_refused.update(decision=_noted(WAS_ELIGIBLE))
    before, locked.version = locked.version.number, version
    locked.save(update_fields=["version"])
    audit.record("cycle.settings_adopted", subject=locked, actor=by, before=before, after=version.number)
    apply_rules_again(cycle=locked, notice=notice)
    plan_anew(locked)
    return locked


def _noted(name: str) -> Func:
    """The decision with one note more, written where it stands: there may be very many."""
    note = Value({name: True}, output_field=JSONField())
    return Func(F("decision"), note, template="%(expressions)s", arg_joiner=" || ", output_field=JSONField())


def _part_of(cycle: Cycle, version: PolicyVersion) -> dict[str, Rule]:
    try:
        return dict(version.policy.part(cycle.part).eligible)
    except KeyError:
        raise DomainError(_("The newest settings have no part “%(part)s” any more.") % {"part": cycle.part}) from None
