"""A question that staff take back before it came to anything: whoever was asked hears that it will be somebody else."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.mentorships import mails
from programs.mentorships.models import Mentorship
from programs.mentorships.selectors import OPEN
from programs.mentorships.services import NEXT_IN_LINE, wait_again
from tenants import audit, due
from tenants.people.models import Person


@transaction.atomic
def take_back(*, mentorship: Mentorship, by: Person | None) -> Mentorship:
    """End a proposal that is still open, for both; doing it twice changes nothing. DomainError once they are a pair."""
    locked = Mentorship.objects.select_for_update(of=["self"]).select_related("cycle__program").get(pk=mentorship.pk)
    if locked.state == Mentorship.State.DECLINED:
        return locked
    if locked.state not in OPEN:
        raise DomainError(_("These two are a pair by now, or are one no more."))
    locked.state = Mentorship.State.DECLINED
    locked.save(update_fields=["state"])
    both = Enrollment.objects.select_for_update(of=["self"]).filter(participations__mentorship=locked)
    for enrollment in both.order_by("pk"):
        wait_again(enrollment)
    mails.tell_declined(locked, declined_by=None)
    audit.record("mentorship.taken_back", subject=locked, actor=by)
    due.schedule(NEXT_IN_LINE, str(locked.pk), at=clock.now())
    return locked
