"""“This isn't working”: a word to the coordinator alone, or the end without blame, told to the other in kind words."""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.enrollment.models import Enrollment
from programs.enrollment.pausing import CAN_PAUSE, pause
from programs.mentorships.content.forgetting import until_when
from programs.mentorships.ending import end_mentorship
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.selectors import GOES_ON
from programs.mentorships.services import wait_again
from programs.mentorships.touch import mails
from programs.mentorships.touch.saying import lock
from tenants import audit, context, outbox
from tenants.people.models import Person

# Fewer than these are no group any more.
LEAST_OF_A_GROUP = 2


class Case(StrEnum):
    """Why something isn't working, as far as somebody likes to say."""

    TIME = "time"
    FIT = "fit"
    SILENCE = "silence"
    DONE = "done"
    UNSAID = "unsaid"


CASES = {
    Case.TIME: gettext_lazy("There is too little time"),
    Case.FIT: gettext_lazy("We look for different things"),
    Case.SILENCE: gettext_lazy("We have lost touch"),
    Case.DONE: gettext_lazy("We have done what we set out to do"),
    Case.UNSAID: gettext_lazy("I would rather not say"),
}


@transaction.atomic
def ask_for_advice(*, participation: Participation, case: Case, words: str = "") -> None:
    """Tell the program's coordinator, and nobody else; the mentorship goes on. DomainError if it is over."""
    mentorship = lock(participation)
    _tell_coordinator(participation, str(CASES[case]) if case != Case.UNSAID else "", words, ends=False)
    audit.record("mentorship.advice_asked", subject=mentorship, actor=participation.person)


@transaction.atomic
def end(*, participation: Participation, case: Case, words: str = "", again: bool = True) -> Mentorship:
    """End somebody's mentorship, or their place in a group; whoever stays is told in words that suit the case.

    again: whether they would like to be matched again; else their sign-up pauses. Twice changes nothing.
    """
    there = Mentorship.objects.select_for_update(of=["self"]).select_related("cycle__program", "cycle__version")
    mentorship = there.get(pk=participation.mentorship_id)
    mine = Participation.objects.select_related("person", "enrollment__cycle").get(pk=participation.pk)
    if mentorship.state == Mentorship.State.ENDED or mine.answer == Participation.Answer.NO:
        return mentorship
    mentorship = lock(participation)
    everybody = mails.people_of(mentorship)
    others = [each for each in everybody if each.pk != mine.pk]
    goes_on = mentorship.cycle.settings.in_groups and len(others) >= LEAST_OF_A_GROUP
    if goes_on:
        leave_group(mentorship, mine, by=mine.person)
    else:
        mentorship = end_mentorship(mentorship=mentorship, by=mine.person, reason=str(CASES[case]))
    may_again = mentorship.cycle.state in GOES_ON
    for other in others:
        kind = kind_words(case, mine.person, group=mentorship.cycle.settings.in_groups)
        mails.write(
            "mentorship_ended",
            other,
            everybody,
            words=kind,
            again=may_again,
            left=mine.person if goes_on else None,
            **({} if goes_on else until_when(mentorship)),
        )
    if words.strip():
        _tell_coordinator(mine, str(CASES[case]) if case != Case.UNSAID else "", words, ends=True)
    if not again:
        _stay_out(mine)
    return mentorship


def kind_words(case: Case, who: Person, *, group: bool = False) -> str:
    """What the other side reads: true in each case, and nobody's fault in any."""
    name = {"name": who.address_name}
    if group:
        return (
            _("%(name)s does not go on in your group. People’s time and plans change; it says nothing about you.")
            % name
        )
    said = {
        Case.TIME: _(
            "%(name)s has less time than this deserves, and ends it now so that you can find somebody who has more. "
            "It says nothing about you."
        ),
        Case.FIT: _(
            "You and %(name)s do not go on as a pair. Two good people can look for different things; "
            "it says nothing about either of you."
        ),
        Case.SILENCE: _(
            "You and %(name)s had lost touch, as happens to busy people, so this ends here and makes room for "
            "something that fits better now."
        ),
        Case.DONE: _(
            "%(name)s feels that you have done together what you set out to do. That is a fine end, and thank you."
        ),
        Case.UNSAID: _("You and %(name)s do not go on as a pair. It is nobody’s fault, and it says nothing about you."),
    }
    return said[case] % name


def leave_group(mentorship: Mentorship, mine: Participation, *, by: Person | None) -> None:
    """Free somebody's place in a group, which goes on; nobody is written to."""
    mine.answer = Participation.Answer.NO
    mine.save(update_fields=["answer"])
    enrollment = Enrollment.objects.select_for_update(of=["self"]).get(pk=mine.enrollment_id)
    if mentorship.cycle.state in GOES_ON:
        wait_again(enrollment)
    audit.record("mentorship.left", subject=mentorship, actor=by)


def _stay_out(mine: Participation) -> None:
    """No more suggestions for this sign-up, until they come back by themselves."""
    enrollment = Enrollment.objects.select_related("cycle").get(pk=mine.enrollment_id)
    if enrollment.state in CAN_PAUSE and enrollment.cycle.state in GOES_ON:
        pause(person=mine.person, enrollments=[enrollment], until=None)


def _tell_coordinator(mine: Participation, why: str, words: str, *, ends: bool) -> None:
    society, cycle = context.current(), mine.mentorship.cycle
    assert society is not None, "A mentorship belongs to a society."
    values = {
        "from_whom": mine.person,
        "program": cycle.program,
        "why": why,
        "words": words.strip(),
        "ends": ends,
        "link": society.url(f"/staff/sessions/{cycle.pk}/keeping-in-touch/{mine.mentorship_id}/"),
    }
    to = cycle.program.contact or society.contact_mail
    outbox.mail("mentorship_talk_to_us", to=to, context=values, reply_to=mine.person.email)
