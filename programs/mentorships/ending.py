"""Ending a mentorship without blame. Whom to write to, and in which words, is for whoever calls this."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.mentorships.content.forgetting import plan
from programs.mentorships.models import Mentorship
from programs.mentorships.selectors import GOES_ON
from programs.mentorships.services import NEXT_IN_LINE, this_day, wait_again
from tenants import audit, due
from tenants.people.models import Person


@transaction.atomic
def end_mentorship(*, mentorship: Mentorship, by: Person | None, reason: str = "") -> Mentorship:
    """End an active mentorship and free its places; doing it twice changes nothing, and nobody is written to.

    As long as the session goes on, everybody in it waits again. DomainError if it never was active.
    """
    locked = Mentorship.objects.select_for_update(of=["self"]).select_related("cycle").get(pk=mentorship.pk)
    if locked.state == Mentorship.State.ENDED:
        return locked
    if locked.state != Mentorship.State.ACTIVE:
        raise DomainError(_("Only a mentorship that has begun can be ended."))
    locked.state, locked.ended_on, locked.ended_because = Mentorship.State.ENDED, this_day(), reason.strip()[:200]
    locked.save(update_fields=["state", "ended_on", "ended_because"])
    plan(locked)
    if locked.cycle.state in GOES_ON:
        sign_ups = Enrollment.objects.select_for_update(of=["self"]).filter(participations__mentorship=locked)
        for enrollment in sign_ups.order_by("pk"):
            wait_again(enrollment)
        due.schedule(NEXT_IN_LINE, str(locked.pk), at=clock.now())
    audit.record("mentorship.ended", subject=locked, actor=by)
    return locked
