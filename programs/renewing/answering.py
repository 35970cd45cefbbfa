"""What somebody of the last session answers: again, with a change, not this time, or next time; and taking it back.

A later answer takes the place of an earlier one, and what that had brought about is taken back with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import interests
from programs.enrollment.drafts import Draft
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.services import withdraw
from programs.enrollment.stages import move_stage
from programs.mentorships.models import Mentorship
from programs.policy.document import Agreement, Question
from programs.policy.models import Interest
from programs.policy.offered import takes_sign_ups
from programs.renewing import carrying
from programs.renewing.audience import stayed_in
from programs.renewing.links import here
from programs.renewing.models import Asked, Made
from programs.renewing.moving_on import is_asked_for_one_day, is_asked_to_mentor
from programs.renewing.selectors import live_sign_ups
from programs.renewing.together import COMES, forget_wishes, wish
from programs.surveys.services import answer as keep_answer
from tenants import audit

Answer = Asked.Answer


def is_open(asked: Asked) -> bool:
    """Whether one can still sign up to the next session."""
    return takes_sign_ups(asked.renewal.coming, clock.today(here().zone))


def places_of(asked: Asked) -> list[Enrollment]:
    """With which sign-ups somebody was of the last session, each with the last session itself."""
    places = stayed_in(asked.renewal.last, asked.person, asked.renewal.coming.settings)
    for each in places:
        each.cycle, each.person = asked.renewal.last, asked.person
    return places


def to_renew(asked: Asked) -> list[Enrollment]:
    """Those of them that have no sign-up to the next session yet."""
    there = live_sign_ups(asked.renewal.coming, asked.person)
    return [each for each in places_of(asked) if each.role not in there]


def to_agree(asked: Asked) -> carrying.ToAgree:
    """What has to be read and agreed to before they take part again."""
    roles = [each.role for each in to_renew(asked)]
    return carrying.to_agree(asked.person, asked.renewal.coming, roles)


def refusals(asked: Asked) -> list[str]:
    """Why somebody cannot take part in the next session as they did in the last, if they cannot."""
    return [why for each in to_renew(asked) for why in carrying.refusal(each, asked.renewal.coming)]


@transaction.atomic
def come_again(*, asked: Asked, agreed: Sequence[Agreement] = (), stage: Mapping[str, Any] | None = None) -> Asked:
    """Again, same details: sign up with the last answers, as far as nothing has to be asked. Twice changes nothing.

    `stage` is where they are now, where that was asked. DomainError once sign-up is over, or with a text left open.
    """
    locked = _locked(asked)
    _must_be_open(locked)
    _instead(locked, Answer.AGAIN)
    if stage:
        locked.person = move_stage(person=locked.person, stage=stage["stage"], ends_on=stage.get("ends_on"))
    open_texts = to_agree(locked).agreements
    if missing := [each for each in open_texts if each not in agreed]:
        raise DomainError(
            _("You have not agreed to this yet: %(title)s") % {"title": missing[0].title or _("We agree")}
        )
    roles = [each.role for each in to_renew(locked)]
    carrying.agree_to(locked.person, locked.renewal.coming, roles, open_texts)
    _send_what_is_complete(locked)
    return locked


@transaction.atomic
def keep(*, asked: Asked, role: str, question: Question, said: Mapping[str, Any]) -> Asked:
    """The answer to what is asked anew; with the last of them they are signed up."""
    locked = _locked(asked)
    _must_be_open(locked)
    draft = draft_in(locked, role)
    if locked.answer == Answer.AGAIN and draft is not None and draft.find(question.ask) is not None:
        keep_answer(response=draft.response, question=question, said=said)
        _send_what_is_complete(locked)
    return locked


@transaction.atomic
def change_something(*, asked: Asked) -> Asked:
    """Again, but with a change: the form stands ready with the last answers, to be looked through and sent."""
    locked = _locked(asked)
    _must_be_open(locked)
    _instead(locked, Answer.CHANGE)
    for enrollment in to_renew(locked):
        carrying.begin(enrollment, locked.renewal.coming, all_anew=True)
    return locked


@transaction.atomic
def go_on_with(
    *,
    asked: Asked,
    mentorship: Mentorship,
    agreed: Sequence[Agreement] = (),
    stage: Mapping[str, Any] | None = None,
) -> Asked:
    """Say that one would like to go on with somebody, which is to come again: with the same details, unless they said
    that they change something. DomainError as for either.
    """
    locked = _locked(asked)
    if locked.answer != Answer.CHANGE:
        locked = come_again(asked=locked, agreed=agreed, stage=stage)
    wish(asked=locked, mentorship=mentorship, yes=True)
    return locked


@transaction.atomic
def mentor(*, asked: Asked) -> Asked:
    """Whoever has moved on would like to mentor: the mentors' form stands ready, with all that is known of them.

    DomainError for whom that was not asked, and once sign-up is over.
    """
    locked = _locked(asked)
    _must_be_open(locked)
    places = places_of(locked)
    if not is_asked_to_mentor(places, locked.renewal.coming):
        raise DomainError(_("Write to us if you would like to mentor. We are glad of it."))
    _instead(locked, Answer.MENTOR)
    if Role.MENTOR not in live_sign_ups(locked.renewal.coming, locked.person):
        carrying.begin(places[0], locked.renewal.coming, role=Role.MENTOR, all_anew=True)
    return locked


@transaction.atomic
def one_day(*, asked: Asked, yes: bool) -> None:
    """A mentee would like to be a mentor one day, or no longer: they hear when a session opens."""
    locked = _locked(asked)
    mine = locked.made.filter(interest__role=Role.MENTOR).first()
    if yes and mine is None and is_asked_for_one_day(places_of(locked), locked.renewal.coming):
        _keep_interest(locked, Role.MENTOR)
    elif not yes and mine is not None and mine.interest is not None:
        interests.forget_interest(interest=mine.interest)


@transaction.atomic
def not_this_time(*, asked: Asked) -> Asked:
    """Not this time; nobody asks them again about this session."""
    locked = _locked(asked)
    _instead(locked, Answer.NOT_NOW)
    return locked


@transaction.atomic
def ask_me_next_time(*, asked: Asked) -> Asked:
    """Keep them on the standing list, in each role that they had: they hear when the session after that one opens."""
    locked = _locked(asked)
    if locked.answer == Answer.LATER:
        return locked
    _instead(locked, Answer.LATER)
    for enrollment in places_of(locked):
        _keep_interest(locked, enrollment.role)
    return locked


@transaction.atomic
def take_back(*, asked: Asked) -> Asked:
    """Undo: as if there had been no answer. DomainError if what it brought about cannot be taken back any more."""
    locked = _locked(asked)
    _instead(locked, None)
    return locked


def draft_in(asked: Asked, role: str) -> Draft | None:
    """The form of a role with what is still to be asked; None where nothing is, or for no role of theirs."""
    for enrollment in to_renew(asked):
        if enrollment.role == role:
            draft = carrying.begin(enrollment, asked.renewal.coming)
            return draft if draft.next is not None else None
    return None


def asked_anew(asked: Asked) -> tuple[str, Question] | None:
    """The next question that has to be asked of somebody who comes again, and in which role; None without one."""
    for enrollment in to_renew(asked):
        draft = carrying.begin(enrollment, asked.renewal.coming)
        if draft.next is not None:
            return enrollment.role, draft.next
    return None


def _send_what_is_complete(asked: Asked) -> None:
    if to_agree(asked):  # a text has changed since its page was open: it is asked there
        return
    for enrollment in to_renew(asked):
        draft = carrying.begin(enrollment, asked.renewal.coming)
        if draft.next is None:
            Made.objects.create(asked=asked, sign_up=carrying.send(draft, enrollment))


def _instead(asked: Asked, said: Asked.Answer | None) -> None:
    """Put one answer in the place of another, and take back what that one had brought about."""
    if asked.answer == (said or ""):
        return
    if asked.answer:
        _take_back(asked)
    if said not in COMES:
        forget_wishes(asked)
    before, asked.answer = asked.answer, said or ""
    asked.answered_at = clock.now() if said else None
    asked.save(update_fields=["answer", "answered_at"])
    audit.record("next_session.answered", subject=asked, actor=asked.person, answer=said or "", before=before)


def _take_back(asked: Asked) -> None:
    for made in asked.made.select_related("sign_up__cycle__version", "interest__program"):
        if made.sign_up is not None:
            withdraw(enrollment=made.sign_up, by=asked.person)
        if made.interest is not None:
            interests.forget_interest(interest=made.interest)
    asked.made.all().delete()


def _keep_interest(asked: Asked, role: str) -> None:
    person, program = asked.person, asked.renewal.coming.program
    there = Interest.objects.filter(program=program, email__iexact=person.email, role=role)
    new = not there.exists()
    kept = interests.say_interest(
        program=program,
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
        role=role,
        stage=person.stage,
        text="",
        told=True,
    )
    # They hear of the session after this one, not of this one again.
    Interest.objects.filter(pk=kept.pk).update(invited_to=asked.renewal.coming, invited_at=clock.now())
    if new:
        Made.objects.create(asked=asked, interest=kept)


def _must_be_open(asked: Asked) -> None:
    if not is_open(asked):
        raise DomainError(
            _("Sign-up for %(session)s is over. Say “Ask me next session”, and we write when the next one opens.")
            % {"session": asked.renewal.coming}
        )


def _locked(asked: Asked) -> Asked:
    rows = Asked.objects.select_for_update(of=["self"]).select_related(
        "person", "renewal__last__version", "renewal__last__program", "renewal__coming__version",
        "renewal__coming__program",
    )  # fmt: skip
    return rows.get(pk=asked.pk)
