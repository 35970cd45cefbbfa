"""Carrying a sign-up over into the next session: what was answered last time is answered, and nothing is asked twice.

Asked anew is what the last form did not ask, what it must know and does not, texts that read otherwise than what was
agreed to, and where somebody is in their career if that was to end meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import transaction

from chiron.kernel import clock
from programs.agreements.models import Agreed
from programs.agreements.selectors import digests_of
from programs.agreements.services import digest_of, write_down
from programs.enrollment.answers import participant_of
from programs.enrollment.drafts import FIRST, Draft, agreements_of, draft_of, questions_of
from programs.enrollment.models import Enrollment
from programs.enrollment.services import apply_rules
from programs.enrollment.signing_up import draft_for, send_sign_up, start_sign_up
from programs.policy.document import Agreement, Policy, Question
from programs.policy.models import Cycle
from programs.policy.rules import Answer, decide
from programs.surveys.kinds import kind_of
from programs.surveys.services import answer
from tenants.people.models import Person

# What the first page is told, beside the stage: as it was said last time.
SAID: Final = ("training_completed_on", "training_completed_latest", "training_state", "practice_state")
SAYS_MEMBER: Final = "says_member"
# Said anew each time, or only together with something else.
NOT_CARRIED: Final = ("extra", "attests", "stage", "stage_ends_on", "training_completed_latest")


@dataclass(frozen=True)
class ToAgree:
    """What somebody has to read and agree to before they take part again, once for all their roles."""

    agreements: Sequence[Agreement]
    policy: Policy

    def __bool__(self) -> bool:
        return bool(self.agreements)


def to_agree(person: Person, coming: Cycle, roles: Sequence[str]) -> ToAgree:
    """The texts that somebody has not agreed to as they read now."""
    policy, said = coming.version.policy, digests_of(coming.program, [person.pk])[person.pk]
    wanted = [each for role in roles for each in agreements_of(coming.settings, role)]
    by_digest = {digest_of(each, policy): each for each in wanted}
    return ToAgree([each for digest, each in by_digest.items() if digest not in said], policy)


def agree_to(person: Person, coming: Cycle, roles: Sequence[str], agreed: Sequence[Agreement]) -> None:
    """Write down what somebody agreed to on the way."""
    for role in roles:
        mine = [each for each in agreements_of(coming.settings, role) if each in agreed]
        new = [each for each in to_agree(person, coming, [role]).agreements if each in mine]
        write_down(person=person, cycle=coming, role=role, agreements=new, how=Agreed.How.SIGN_UP)


def begin(enrollment: Enrollment, coming: Cycle, *, role: str = "", all_anew: bool = False) -> Draft:
    """The form of the next session with all that is known, begun where it was not; the same twice.

    With `all_anew` what is not known as the form asks it is left open, to look through it oneself.
    """
    person, role = enrollment.person, role or enrollment.role
    draft = draft_for(person=person, cycle=coming, role=role)
    if draft is None:
        draft = start_sign_up(person=person, cycle=coming, role=role, facts=_facts(enrollment))
    if all_anew:
        return draft
    before = _asked_before(enrollment, role)
    while (question := draft.next) is not None and question.ask in before:
        said = _what_still_fits(draft, question)
        if said is None:
            break
        answer(response=draft.response, question=question, said=said)
        draft = _again(draft)
    return draft


def refusal(enrollment: Enrollment, coming: Cycle) -> Sequence[str]:
    """Why somebody could not take part in the same role again, by what is known of them; empty where they may be."""
    somebody = replace(participant_of(enrollment), stage=enrollment.person.stage or enrollment.answers.get("stage"))
    decision = decide(coming.settings.eligible.get(enrollment.role), somebody, coming.starts_on)
    refused = decision.reasons if decision.answer is Answer.NO else ()
    return list(dict.fromkeys(str(reason.sentence) for reason in refused))


@transaction.atomic
def send(draft: Draft, before: Enrollment) -> Enrollment:
    """Sign up with a form that is complete; what had to be agreed to is agreed to. The rules decide anew.

    What a sheet said of somebody the last time, and no form asks, they need not say themselves: it is carried over.
    """
    made = send_sign_up(draft=draft, agreed=draft.agreements)
    asked = {blank.fills for question in draft.asked for blank in question.blanks}
    known = {name: value for name, value in before.answers.items() if name not in (*made.answers, *asked, *NOT_CARRIED)}
    if known:
        made.answers = {**known, **made.answers}
        made.save(update_fields=["answers"])
        apply_rules(enrollment=made)
    return made


def _again(draft: Draft) -> Draft:
    found = draft_for(person=draft.response.person, cycle=draft.cycle, role=draft.role)
    assert found is not None, "It was begun."
    return found


def _asked_before(enrollment: Enrollment, role: str) -> set[str]:
    """The questions of the last form, by name: left empty there, they are not asked once more."""
    return {each.ask for each in questions_of(enrollment.cycle.settings, role, None)}


def _what_still_fits(draft: Draft, question: Question) -> dict[str, Any] | None:
    """What was said last time without the words that are no longer offered; None if something must be said anew."""
    known, data = draft.hints(question), dict[str, Any]()
    for blank in question.blanks:
        value, offered = known.get(blank.name), draft.words(blank)
        if blank.ask_who_sees or blank.kind == "file":
            continue  # who may see it, and the file itself, are theirs to say again
        if isinstance(value, list) and offered:
            value = [word for word in value if word in offered]
        if value:
            shown = kind_of(blank).initial(blank, value)
            data |= {f"{blank.name}-{suffix}" if suffix else blank.name: each for suffix, each in shown.items()}
    for fields in (data, {}):
        form = draft.form(question, fields)
        if form.is_valid():
            return form.answers()
    return None


def _facts(enrollment: Enrollment) -> dict[str, Any]:
    """What the first page would be told: what was said last time, and the stage as it is now."""
    person = enrollment.person
    form = draft_of(person, enrollment.cycle, enrollment.role)
    first = dict(form.answers.get(FIRST, {})) if form else {}
    said = {**enrollment.answers, **first}
    facts = {name: said[name] for name in SAID if said.get(name)}
    if stage := person.stage or said.get("stage"):
        facts["stage"] = stage
    ends_on = person.stage_ends_on
    if ends_on is not None and person.stage == person.ending_stage and ends_on > clock.today():
        facts["stage_ends_on"] = ends_on.isoformat()
    member = said.get("extra", {}).get(SAYS_MEMBER)
    return facts | ({"extra": {SAYS_MEMBER: member}} if member else {})
