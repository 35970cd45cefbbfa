"""Signing up oneself, step by step: becoming known, answering, sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.agreements.models import Agreed
from programs.agreements.selectors import digests_of
from programs.agreements.services import digest_of, write_down
from programs.enrollment.ceiling import MOST, is_asked, set_most_at_once
from programs.enrollment.drafts import FIRST, Draft, draft_name, draft_of, questions_of
from programs.enrollment.known import hint, known_answers, sources_of
from programs.enrollment.models import Enrollment
from programs.enrollment.services import check_takes_sign_ups, sign_up
from programs.enrollment.stages import note_end_of_stage
from programs.enrollment.waiting import check_has_room
from programs.policy.document import Agreement, Policy
from programs.policy.models import Cycle
from programs.surveys.models import Instrument, Response
from programs.surveys.services import Known, begin, finish
from tenants.accounts.models import Account
from tenants.people.models import Person
from tenants.people.names import checked_name


@dataclass(frozen=True)
class StillToAgree:
    """What somebody has still to agree to before a sign-up is sent, and what they agreed to before."""

    agreements: Sequence[Agreement]
    before: Sequence[Agreement]
    policy: Policy


@transaction.atomic
def become_known(*, account_id: UUID, given_name: str, family_name: str) -> Person:
    """The person of an account whose address is proved; somebody new to the society becomes known to it here.

    DomainError without a first name, and about hidden characters in a name.
    """
    given_name = checked_name(given_name, field="given_name")
    family_name = checked_name(family_name, field="family_name")
    if not given_name:
        raise DomainError(_("Type your first name."), field="given_name")
    account = Account.objects.select_for_update().get(pk=account_id)
    person = Person.objects.filter(account=account).first()
    if person is None:
        person = Person(account=account, email=account.email, created_at=clock.now())
    person.given_name, person.family_name = given_name, family_name
    person.save()
    return person


@transaction.atomic
def start_sign_up(*, person: Person, cycle: Cycle, role: str, facts: Mapping[str, Any]) -> Draft:
    """Begin a sign-up, or go on with it, with what the first page asked; all that is known already is filled in.

    DomainError if the session takes no sign-ups, or is full and keeps no waiting list.
    """
    check_takes_sign_ups(cycle)
    mine = person.enrollments.filter(cycle=cycle, role=role).exclude(state=Enrollment.State.WITHDRAWN)
    if not mine.exists():
        check_has_room(cycle, role)
    response = _begun(person, cycle, role)
    response.answers[FIRST] = dict(facts)
    response.changed_at = clock.now()
    response.save(update_fields=["answers", "changed_at"])
    sources = sources_of(person, response)
    known = known_answers(Draft(cycle, role, response), sources)
    return Draft(cycle, role, _begun(person, cycle, role, known), partial(hint, role=role, sources=sources))


def draft_for(*, person: Person, cycle: Cycle, role: str) -> Draft | None:
    """A sign-up as it was left; None if it was not begun."""
    found = draft_of(person, cycle, role)
    if found is None or FIRST not in found.answers:
        return None
    response = _begun(person, cycle, role)
    return Draft(cycle, role, response, partial(hint, role=role, sources=sources_of(person, response)))


@transaction.atomic
def send_sign_up(*, draft: Draft, agreed: Sequence[Agreement], confirms: bool = False) -> Enrollment:
    """Sign up with the answers of a draft; the rules decide at once. What was agreed to before is written once.

    With `confirms` whoever is new is written to.
    DomainError where a question is still open, or something that must be agreed to is not.
    """
    if draft.next is not None:
        raise DomainError(_("There is still a question open: %(question)s") % {"question": draft.next.text})
    new = still_to_agree(draft).agreements
    if missing := [agreement for agreement in new if agreement not in agreed]:
        raise DomainError(
            _("You have not agreed to this yet: %(title)s") % {"title": missing[0].title or _("We agree")}
        )
    person = draft.response.person
    answers = draft.answers()
    person.stage = answers.get("stage") or person.stage
    person.specialty = answers.get("specialty") or person.specialty
    note_end_of_stage(person, answers)
    if draft.asks_biosketch:
        person.biosketch = answers.get("biosketch", "")
    if is_asked(draft.asked):
        set_most_at_once(person=person, most=answers["extra"].pop(MOST, None), by=person)
    person.save(update_fields=["stage", "stage_ends_on", "ending_stage", "specialty", "biosketch"])
    finish(response=draft.response)
    write_down(person=person, cycle=draft.cycle, role=draft.role, agreements=new, how=Agreed.How.SIGN_UP)
    return sign_up(cycle=draft.cycle, person=person, role=draft.role, answers=answers, by=person, confirms=confirms)


def still_to_agree(draft: Draft) -> StillToAgree:
    """The texts that somebody has not agreed to as they read now, in this session or an earlier one."""
    person = draft.response.person_id
    before = digests_of(draft.cycle.program, [person])[person]
    split: tuple[list[Agreement], list[Agreement]] = ([], [])
    for each in draft.agreements:
        split[digest_of(each, draft.policy) in before].append(each)
    return StillToAgree(*split, policy=draft.policy)


def _begun(person: Person, cycle: Cycle, role: str, known: Mapping[str, Known] | None = None) -> Response:
    """The answers in the questions' present wording, with what is known where nothing stands."""
    return begin(
        person=person,
        purpose=Instrument.Purpose.INTAKE,
        program=cycle.program,
        name=draft_name(cycle, role),
        questions=questions_of(cycle.settings, role, None),
        occasion=cycle.pk,
        known=known,
    )
