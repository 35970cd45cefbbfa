"""What people are written to keep in touch. Each mail carries the four answers, so that one word is never far."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from programs.enrollment.models import Role
from programs.mentorships.links import link_for
from programs.mentorships.models import Mentorship, Participation, Question, Word
from programs.mentorships.touch.links import word_link
from tenants import context, outbox

Step = Question.Step
TEMPLATES = {
    Step.QUESTION: "mentorship_question",
    Step.WORDS: "mentorship_words",
    Step.GOALS: "mentorship_goals",
    Step.CHANGE: "mentorship_change",
}


def ask(question: Question) -> None:
    """Write what a question or a step says to everybody whom it is for."""
    mentorship = question.mentorship
    everybody = people_of(mentorship)
    if question.step == Step.COORDINATOR:
        _tell_coordinator(mentorship, everybody)
        return
    for mine in everybody:
        if question.step == Step.WORDS and mine.role != Role.MENTEE:
            continue
        write(TEMPLATES[Step(question.step)], mine, everybody, since=question.since)


def people_of(mentorship: Mentorship) -> list[Participation]:
    """Who is in a mentorship now, each with what mails tell of them."""
    there = mentorship.participations.filter(answer=Participation.Answer.YES)
    return list(there.select_related("person", "mentorship__cycle__program", "mentorship__cycle__version"))


def write(template: str, mine: Participation, everybody: list[Participation], **more: Any) -> None:
    """One mail to one of the people of a mentorship."""
    cycle, others = mine.mentorship.cycle, [each.person for each in everybody if each.pk != mine.pk]
    link, in_groups = link_for(mine), cycle.settings.in_groups
    values = {
        "me": mine.person,
        "others": others,
        "other": None if in_groups or not others else others[0],
        "i_am_mentee": mine.role == Role.MENTEE,
        "part": cycle.part,
        "program": cycle.program,
        "mentorship": mine.mentorship,
        "link": link,
        "not_working": f"{link}not-working/",
        "answers": [(said.label, word_link(mine, said)) for said in Word.Said],
        "ready": words_to_write(),
        "letter": _letter(mine, others[0].email) if _may_write(mine, others) else "",
        **more,
    }
    outbox.mail(template, to=mine.person, context=values, reply_to=cycle.program.contact)


def words_to_write() -> str:
    """What somebody can send to the other after a while of silence."""
    return _("It has been a while, and I would still be glad to talk. Would Thursday or Friday of next week suit you?")


def _may_write(mine: Participation, others: list[Any]) -> bool:
    shares = mine.mentorship.cycle.settings.mentorship.introduction.shares
    return len(others) == 1 and bool(others[0].email) and "mail" in shares


def _letter(mine: Participation, address: str) -> str:
    subject = quote(mine.mentorship.cycle.program.name)
    return f"mailto:{quote(address, safe='@')}?subject={subject}&body={quote(words_to_write())}"


def _tell_coordinator(mentorship: Mentorship, everybody: list[Participation]) -> None:
    program, society = mentorship.cycle.program, context.current()
    assert society is not None, "A mentorship belongs to a society."
    values = {
        "people": [each.person for each in everybody],
        "mentorship": mentorship,
        "program": program,
        "link": society.url(f"/staff/sessions/{mentorship.cycle_id}/keeping-in-touch/{mentorship.pk}/"),
    }
    outbox.mail("mentorship_quiet", to=program.contact or society.contact_mail, context=values)
