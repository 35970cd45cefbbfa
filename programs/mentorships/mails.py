"""What people are written about a mentorship. No mail gives points, and none tells why somebody else said no."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q

from programs.enrollment.models import Enrollment, Role
from programs.mentorships import introducing
from programs.mentorships.links import link_for
from programs.mentorships.models import Mentorship, Participation
from programs.policy.wording import words_in_mail
from tenants import outbox

# In which mails a program may have a paragraph of its own, and what its settings call it.
OWN_WORDS = {
    "mentorship_asked": "asked",
    "mentorship_reminder": "reminder",
    "mentorship_introduced": "introduced",
    "mentorship_not_this_one": "not_this_one",
}


def ask(participation: Participation, other: Participation) -> None:
    """Ask somebody whether they would like to meet the other."""
    _write("mentorship_asked", participation, other)


def remind(participation: Participation) -> None:
    """Ask once more, two days before the answer is due."""
    _write("mentorship_reminder", participation, other_of(participation))


def introduce(mentorship: Mentorship) -> None:
    """Give each the other's address; the mentee writes first, with three sentences to begin with."""
    for participation in mentorship.participations.select_related("person", "enrollment", "mentorship__cycle__program"):
        other = other_of(participation)
        _write("mentorship_introduced", participation, other, **introducing.facts_for(participation, other))


def shares_mail(mentorship: Mentorship) -> bool:
    """Whether those who are introduced read each other's addresses."""
    return "mail" in mentorship.cycle.settings.mentorship.introduction.shares


def introduce_group(
    mentorship: Mentorship, *, joins: Participation | None = None, moves: bool = False, words: str = ""
) -> None:
    """Tell everybody of a group, or only one who joins it, who the others are, and how to reach them where the program
    shares it.

    moves: whoever joins comes from another group; words: staff's own to them.
    """
    there = mentorship.participations.filter(answer=Participation.Answer.YES)
    people = list(there.select_related("person", "mentorship__cycle__program"))
    cycle = mentorship.cycle
    for mine in people if joins is None else [joins]:
        context = {
            "me": mine.person,
            "others": [each.person for each in people if each.pk != mine.pk],
            "part": cycle.part,
            "program": cycle.program,
            "shares_mail": shares_mail(mentorship),
            "link": link_for(mine),
            "own_words": words_in_mail(cycle.program, "introduced"),
            "joins": joins is not None,
            "moves": moves,
            "words": words,
        }
        outbox.mail("mentorship_group", to=mine.person, context=context, reply_to=cycle.program.contact)


def let_talk(mentorship: Mentorship) -> None:
    """Give each the other's address, for a first conversation that commits nobody."""
    for participation in mentorship.participations.select_related("person", "mentorship__cycle__program"):
        _write("mentorship_talk", participation, other_of(participation))


def tell_expired(mine: Participation) -> None:
    """Tell somebody who asked that no answer came."""
    _write("mentorship_expired", mine, other_of(mine))


def tell_no_known_pair(mine: Enrollment, address: str) -> None:
    """Tell somebody that no yes came from an address: whether anybody has it, and what they said, stays unsaid."""
    program = mine.cycle.program
    context = {"me": mine.person, "address": address, "program": program, "mine": mine.pk}
    outbox.mail("mentorship_no_known_pair", to=mine.person, context=context, reply_to=program.contact)


def tell_declined(mentorship: Mentorship, *, declined_by: Participation | None) -> None:
    """Tell the other, if they were asked, that it will be somebody else, without saying why; both if nobody said no.

    Who said that the two know each other hears it on the last day to answer, as if nobody had.
    """
    others = mentorship.participations.select_related("person", "mentorship__cycle__program").exclude(
        answer="not_asked"
    )
    said_so = Q(mentorship__known=True, mentorship__requested_by=F("role"))
    if declined_by is not None:
        others = others.exclude(pk=declined_by.pk)
    for participation in others.exclude(said_so):
        _write("mentorship_not_this_one", participation, other_of(participation))


def other_of(participation: Participation) -> Participation:
    """The other person's place in a mentorship of two."""
    others = participation.mentorship.participations.exclude(pk=participation.pk)
    return others.select_related("person", "enrollment").get()


def _write(template: str, participation: Participation, other: Participation, **more: Any) -> None:
    mentorship = participation.mentorship
    context: dict[str, Any] = {
        "me": participation.person,
        "other": other.person,
        "participation": participation,
        "mentorship": mentorship,
        "program": mentorship.cycle.program,
        "other_role": other.role,
        "i_am_mentee": participation.role == Role.MENTEE,
        "other_said_yes": other.answer == Participation.Answer.YES,
        # Whom nobody asked were introduced in the moment in which they became a pair.
        "asked": mentorship.introduced_at != mentorship.proposed_at,
        "shares_mail": "mail" in mentorship.cycle.settings.mentorship.introduction.shares,
        "link": link_for(participation),
        "own_words": words_in_mail(mentorship.cycle.program, OWN_WORDS[template]) if template in OWN_WORDS else "",
        **more,
    }
    outbox.mail(template, to=participation.person, context=context, reply_to=mentorship.cycle.program.contact)
