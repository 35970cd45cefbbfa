"""What the people of a mentorship wrote goes ninety days after its end; a month before, they are told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from chiron.kernel import clock
from programs.mentorships.content.reading import KEPT, kept_until
from programs.mentorships.days import morning, this_day
from programs.mentorships.models import Goal, Mentorship, Note, Participation
from programs.mentorships.touch import letters, mails
from programs.policy.models import Cycle
from programs.policy.services import plans
from tenants import audit, context, due

# Looking whether they are to be told, or it is to be deleted; the reference is the mentorship's id.
KIND: Final = "mentorship.content"
TOLD_BEFORE: Final = timedelta(days=30)
WRITTEN: Final = (Goal, Note)


def plan(mentorship: Mentorship) -> None:
    """Have it looked at a month before its last day, as that is known now, if anything was written."""
    if _wrote(mentorship):
        due.schedule(KIND, str(mentorship.pk), at=_first_look(kept_until(mentorship)))


@plans
def plan_all(cycle: Cycle) -> None:
    """The same for all of a session, whose last day may have moved; those that ended before keep their own."""
    theirs = [model.objects.filter(mentorship=OuterRef("pk")) for model in WRITTEN]
    wrote = cycle.mentorships.filter(Exists(theirs[0]) | Exists(theirs[1]), ended_on=None)
    if refs := [str(pk) for pk in wrote.values_list("pk", flat=True)]:
        due.schedule_all(KIND, refs, at=_first_look(cycle.ends_on + KEPT))


@transaction.atomic
def look(*, mentorship: Mentorship) -> None:
    """Delete what was written once its time is over; before, tell its people once, and look again."""
    there = Mentorship.objects.select_for_update(of=["self"]).select_related("cycle__program", "cycle__version")
    locked = there.get(pk=mentorship.pk)
    if not _wrote(locked):
        return
    last, today = kept_until(locked), this_day()
    if today > last:
        for model in WRITTEN:
            model.objects.filter(mentorship=locked).delete()
        audit.record("mentorship.content_deleted", subject=locked)
        return
    if today < last - TOLD_BEFORE:
        plan(locked)
        return
    if not locked.letters.filter(about=KIND, written_at__gte=morning(last - TOLD_BEFORE)).exists():
        _tell(locked)
    due.schedule(KIND, str(locked.pk), at=morning(last + timedelta(days=1)))


def carry_over(*, old: Mentorship, new: Mentorship) -> None:
    """What was written by those who go on goes on with them; of others it stays where it is until its time is over."""
    go_on = new.participations.values("person")
    if sum(model.objects.filter(mentorship=old, person__in=go_on).update(mentorship=new) for model in WRITTEN):
        plan(new)


def until_when(mentorship: Mentorship) -> dict[str, Any]:
    """What a mail that it is over says of what was written: the last day, and where to take it along."""
    society = context.current()
    assert society is not None, "A mentorship belongs to a society."
    if not _wrote(mentorship):
        return {}
    return {"kept_until": kept_until(mentorship), "copy": society.url(reverse("own_copy:copy"))}


def _tell(mentorship: Mentorship) -> None:
    """Each who can still read something of it: what is everybody's, or what whoever has left wrote themselves."""
    wrote = set(mentorship.notes.values_list("person", flat=True))
    everybodys = mentorship.goals.exists() or mentorship.notes.filter(shared=True).exists()
    there = mentorship.participations.select_related("person")
    everybody = list(there.select_related("mentorship__cycle__program", "mentorship__cycle__version"))
    for mine in everybody:
        if mine.person_id in wrote or (everybodys and mine.answer == Participation.Answer.YES):
            mails.write("mentorship_content", mine, everybody, **until_when(mentorship))
    letters.note(mentorship, KIND)


def _wrote(mentorship: Mentorship) -> bool:
    return any(model.objects.filter(mentorship=mentorship).exists() for model in WRITTEN)


def _first_look(last: date) -> datetime:
    return max(morning(last - TOLD_BEFORE), clock.now())
