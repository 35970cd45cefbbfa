"""What staff change about a group that goes on: somebody joins or leaves it, or it ends. Everybody in it is told."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from programs.enrollment.models import Enrollment
from programs.mentorships import mails
from programs.mentorships.circles import Place
from programs.mentorships.content.forgetting import until_when
from programs.mentorships.ending import end_mentorship
from programs.mentorships.leaving import Case, kind_words, leave_group
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.touch import letters
from programs.mentorships.touch.mails import people_of, write
from tenants import audit
from tenants.people.models import Person


@transaction.atomic
def join(
    *, mentorship: Mentorship, place: Place, by: Person | None, moves: bool = False, words: str = ""
) -> Participation:
    """Take somebody into a group: they read who the others are, and the others who comes.

    moves: they come from another group, which they read with staff's words.
    """
    now = clock.now()
    there: dict[str, Any] = {
        "enrollment": place.enrollment,
        "role": place.enrollment.role,
        "answer": Participation.Answer.YES,
        "asked_at": now,
        "answered_at": now,
        "why": list(place.why),
    }
    # Whoever was in it before has a place that says no.
    mine, _new = Participation.objects.update_or_create(
        mentorship=mentorship, person=place.enrollment.person, defaults=there
    )
    matched = Enrollment.objects.filter(pk=place.enrollment.pk)
    matched.update(state=Enrollment.State.MATCHED, changed_at=now)
    audit.record("mentorship.joined", subject=mentorship, actor=by)
    everybody = people_of(mentorship)
    mails.introduce_group(mentorship, joins=mine, moves=moves, words=words.strip())
    for each in everybody:
        if each.pk != mine.pk:
            write("group_joined", each, everybody, joins=mine.person, shares_mail=mails.shares_mail(mentorship))
    letters.note(mentorship, "joined")
    return mine


@transaction.atomic
def take_out(*, participation: Participation, by: Person | None, moves: bool, words: str = "") -> None:
    """Take somebody out of a group that goes on without them; whoever moves to another one reads of that one alone."""
    mentorship = participation.mentorship
    before = people_of(mentorship)
    leave_group(mentorship, participation, by=by)
    everybody = people_of(mentorship)
    if not moves:
        mine = next(each for each in before if each.pk == participation.pk)
        write("group_left", mine, before, over=False, words=words.strip())
    if moves:
        said = _("%(name)s is in another group from now on.") % {"name": participation.person.address_name}
    else:
        said = kind_words(Case.UNSAID, participation.person, group=True)
    for each in everybody:
        write("mentorship_ended", each, everybody, words=said, again=True, left=participation.person)
    letters.note(mentorship, "left")


@transaction.atomic
def end(*, mentorship: Mentorship, by: Person | None, reason: str, words: str = "") -> Mentorship:
    """End a group; everybody in it waits for another one and is told so, never why."""
    everybody = people_of(mentorship)
    ended = end_mentorship(mentorship=mentorship, by=by, reason=reason)
    for each in everybody:
        write("group_left", each, everybody, over=True, words=words.strip(), **until_when(ended))
    return ended
