"""Sign-ups by phone: staff fill in what somebody says, and that person says yes with one tap on a page of their own.

Nothing counts before the yes, and what must be agreed to is agreed to by the person. Who somebody is by heritage or
gender, what others read of them, and files are never asked over the phone: that is theirs to add.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.drafts import FIRST, Draft, Line, draft_name, draft_of, is_biosketch, questions_of
from programs.enrollment.models import Enrollment
from programs.enrollment.services import check_takes_sign_ups
from programs.enrollment.signing_up import send_sign_up
from programs.invitations import mails
from programs.invitations.models import SpokenSignUp
from programs.policy.document import Agreement, Question
from programs.policy.models import Cycle
from programs.surveys.models import Instrument
from programs.surveys.services import answer, begin
from tenants import audit
from tenants.people.models import Person
from tenants.people.names import checked_name

State = SpokenSignUp.State
OPEN = (State.FILLING, State.ASKED)
ASK_AGAIN_AFTER = timedelta(minutes=10)


@transaction.atomic
def start(
    *,
    cycle: Cycle,
    role: str,
    person: Person | None,
    given_name: str,
    family_name: str,
    email: str,
    facts: Mapping[str, Any],
    by: Person,
) -> SpokenSignUp:
    """Begin to fill in a sign-up for somebody on the phone, or go on with it.

    DomainError if the session takes no sign-ups, no address is known, or they have begun or signed up themselves.
    """
    check_takes_sign_ups(cycle)
    person = _person(person, given_name, family_name, email, by)
    live = Enrollment.objects.filter(cycle=cycle, role=role, person=person).exclude(state=Enrollment.State.WITHDRAWN)
    if live.exists():
        raise DomainError(_("This person has signed up already."))
    spoken = SpokenSignUp.objects.select_for_update(of=["self"]).filter(cycle=cycle, role=role, person=person).first()
    if spoken is None or spoken.state not in OPEN:
        begun = draft_of(person, cycle, role)
        if begun is not None and begun.answers.get(FIRST):
            raise DomainError(
                _("This person has begun to sign up by themselves, and goes on where they left. Ask them to sign in.")
            )
        if spoken is not None:
            spoken.delete()
        called = f"{given_name} {family_name}".strip()
        spoken = SpokenSignUp.objects.create(
            cycle=cycle, role=role, person=person, called=called, by=by, created_at=clock.now()
        )
        audit.record("spoken_sign_up.begun", subject=spoken, actor=by, cycle=str(cycle.pk), role=role)
    _begin(spoken, facts)
    return spoken


def draft(spoken: SpokenSignUp) -> Draft:
    """What was filled in so far."""
    cycle, role = spoken.cycle, spoken.role
    response = draft_of(spoken.person, cycle, role)
    assert response is not None, "It is begun with its first page."
    return Draft(cycle, role, response)


@transaction.atomic
def fill_in(*, spoken: SpokenSignUp, question: Question, said: Mapping[str, Any], by: Person) -> None:
    """Keep the answer to one question; DomainError after the person's answer, or if the question is theirs alone."""
    locked = _open(spoken)
    if is_theirs(question):
        raise DomainError(_("This is theirs to answer."))
    answer(response=draft(locked).response, question=question, said=said)
    audit.record("spoken_sign_up.filled_in", subject=locked, actor=by)


@transaction.atomic
def ask_for_yes(*, spoken: SpokenSignUp, by: Person) -> SpokenSignUp:
    """Write to the person with the link to their page, again after some minutes.

    DomainError while a question is open, after their answer, and once nobody can sign up any more.
    """
    locked = _open(spoken)
    check_takes_sign_ups(locked.cycle)
    if (open_one := draft(locked).next) is not None:
        raise DomainError(_("There is still a question open: %(question)s") % {"question": open_one.text})
    if not may_ask(locked):
        return locked
    locked.state, locked.asked_at = State.ASKED, clock.now()
    locked.save(update_fields=["state", "asked_at"])
    mails.ask_for_yes(locked)
    audit.record("spoken_sign_up.asked", subject=locked, actor=by)
    return locked


def may_ask(spoken: SpokenSignUp) -> bool:
    """Whether the person was not written to a moment ago."""
    return spoken.asked_at is None or clock.now() >= spoken.asked_at + ASK_AGAIN_AFTER


@transaction.atomic
def confirm(*, spoken: SpokenSignUp, agreed: Sequence[Agreement]) -> Enrollment:
    """The person's own yes: only now are they signed up. Twice changes nothing.

    DomainError without every agreement, and once sign-up is over or the sign-up was taken away.
    """
    locked = _locked(spoken)
    mine = Enrollment.objects.filter(cycle=locked.cycle, role=locked.role, person=locked.person)
    if locked.state == State.CONFIRMED and (there := mine.first()) is not None:
        return there
    if locked.state != State.ASKED:
        raise DomainError(_("This is no longer open. Write to us if you would like to take part."))
    enrollment = mine.exclude(state=Enrollment.State.WITHDRAWN).first()
    if enrollment is None:
        enrollment = send_sign_up(draft=draft(locked), agreed=agreed, confirms=True)
    _answered(locked, State.CONFIRMED)
    return enrollment


@transaction.atomic
def decline(*, spoken: SpokenSignUp) -> SpokenSignUp:
    """The person's own no: what was filled in is forgotten. DomainError once they have said yes."""
    locked = _locked(spoken)
    if locked.state == State.CONFIRMED:
        raise DomainError(_("You have said yes already. Take your sign-up back on its own page."))
    if locked.state != State.DECLINED:
        _forget(locked)
        _answered(locked, State.DECLINED)
    return locked


@transaction.atomic
def take_away(*, spoken: SpokenSignUp, by: Person) -> None:
    """Staff let it be: what was filled in is forgotten. DomainError once the person has said yes."""
    locked = _open(spoken)
    _forget(locked)
    audit.record("spoken_sign_up.taken_away", subject=locked, actor=by)
    locked.delete()


def is_theirs(question: Question) -> bool:
    """Whether only the person themselves may answer."""
    private = any(blank.ask_who_sees or blank.kind == "file" for blank in question.blanks)
    return private or is_biosketch(question)


def told(draft: Draft) -> Iterator[Line]:
    """What was answered on the phone, and nothing that the person may have added since, signed in as themselves."""
    return (line for line in draft.lines() if line.answer and not is_theirs(line.question))


def _begin(spoken: SpokenSignUp, facts: Mapping[str, Any]) -> None:
    """The form with its first page; what is theirs to answer is left empty for now."""
    cycle, role = spoken.cycle, spoken.role
    questions = questions_of(cycle.settings, role, None)
    response = begin(
        person=spoken.person,
        purpose=Instrument.Purpose.INTAKE,
        program=cycle.program,
        name=draft_name(cycle, role),
        questions=questions,
        occasion=cycle.pk,
    )
    response.answers = {each.ask: {} for each in questions if is_theirs(each)} | response.answers
    response.answers[FIRST], response.changed_at = dict(facts), clock.now()
    response.save(update_fields=["answers", "changed_at"])


def _person(person: Person | None, given_name: str, family_name: str, email: str, by: Person) -> Person:
    email = email.strip().lower()
    given_name = checked_name(given_name, field="given_name")
    family_name = checked_name(family_name, field="family_name")
    found = person or (Person.objects.filter(email__iexact=email).first() if email else None)
    if found is None or not found.email:
        if not email:
            raise DomainError(_("They say yes on a page of their own, so we need a mail address."), field="email")
        if Person.objects.filter(email__iexact=email).exists():
            raise DomainError(_("Somebody else has this address."), field="email")
    if found is None:
        return Person.objects.create(
            given_name=given_name, family_name=family_name, email=email, created_at=clock.now()
        )
    if not found.email:
        found.email = email
        found.save(update_fields=["email"])
        audit.record("person.address_noted", subject=found, actor=by)
    return found


def _forget(spoken: SpokenSignUp) -> None:
    response = draft_of(spoken.person, spoken.cycle, spoken.role)
    if response is not None and response.finished_at is None:
        response.delete()


def _answered(spoken: SpokenSignUp, state: SpokenSignUp.State) -> None:
    spoken.state, spoken.answered_at = state, clock.now()
    spoken.save(update_fields=["state", "answered_at"])
    audit.record(f"spoken_sign_up.{state}", subject=spoken, actor=spoken.person)


def _open(spoken: SpokenSignUp) -> SpokenSignUp:
    locked = _locked(spoken)
    if locked.state not in OPEN:
        raise DomainError(_("%(name)s has answered already.") % {"name": locked.called})
    return locked


def _locked(spoken: SpokenSignUp) -> SpokenSignUp:
    rows = SpokenSignUp.objects.select_for_update(of=["self"])
    return rows.select_related("cycle__program", "cycle__version", "person", "by").get(pk=spoken.pk)
