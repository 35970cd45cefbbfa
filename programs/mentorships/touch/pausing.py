"""A pause of one mentorship: nobody is asked anything, and both are told kindly, whoever of them wished it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.mentorships.days import morning, this_day
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.touch import letters, mails
from programs.mentorships.touch.asking import plan
from programs.mentorships.touch.saying import lock
from tenants import audit, due

# The news of a pause, on the first day on which its people may be written to; the reference is the mentorship's id.
KIND = "mentorship.pause_told"


@transaction.atomic
def pause(*, participation: Participation, until: date) -> Mentorship:
    """Let a mentorship rest until a day; said again, the newer day counts.

    DomainError for a day that is not to come, or beyond the session.
    """
    mentorship = lock(participation)
    if until <= this_day():
        raise DomainError(_("Write a day that is still to come."), field="until")
    if until > mentorship.cycle.ends_on:
        raise DomainError(_("The session ends before that day. Choose an earlier one."), field="until")
    if mentorship.paused_until == until:
        return mentorship
    news = mentorship.paused_until is None or mentorship.paused_until <= this_day()
    mentorship.paused_until = until
    mentorship.save(update_fields=["paused_until"])
    audit.record("mentorship.paused", subject=mentorship, actor=participation.person, until=until.isoformat())
    plan(mentorship)
    if news:
        tell(mentorship=mentorship)
    return mentorship


@transaction.atomic
def come_back(*, participation: Participation) -> Mentorship:
    """End the pause before its day; twice changes nothing."""
    mentorship = lock(participation)
    if mentorship.paused_until is not None:
        mentorship.paused_until = None
        mentorship.save(update_fields=["paused_until"])
        due.cancel(KIND, str(mentorship.pk))
        audit.record("mentorship.came_back", subject=mentorship, actor=participation.person)
        plan(mentorship)
    return mentorship


@transaction.atomic
def tell(*, mentorship: Mentorship) -> None:
    """Tell everybody of a pause that goes on, if they may be written to now; else on the first day on which they may.

    Their page tells it at once.
    """
    there = Mentorship.objects.select_for_update(of=["self"]).select_related("cycle__program", "cycle__version")
    locked = there.get(pk=mentorship.pk)
    today = this_day()
    if locked.state != Mentorship.State.ACTIVE or locked.paused_until is None or locked.paused_until <= today:
        return
    if (day := letters.free_day(locked)) > today:
        due.schedule(KIND, str(locked.pk), at=max(morning(day), clock.now()))
        return
    everybody = mails.people_of(locked)
    for mine in everybody:
        mails.write("mentorship_pauses", mine, everybody)
    letters.note(locked, "pause")
