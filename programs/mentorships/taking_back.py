"""A question that is taken back before it came to anything: whoever was asked hears that it will be somebody else."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.mentorships import mails
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.selectors import OPEN
from programs.mentorships.services import NEXT_IN_LINE, wait_again, write_answer
from tenants import audit, due
from tenants.people.models import Person


@transaction.atomic
def take_back(
    *, mentorship: Mentorship, by: Person | None, leaves: Participation | None = None, reason: str = ""
) -> Mentorship:
    """End a proposal that is still open, for both; doing it twice changes nothing.

    leaves: who of the two takes their sign-up back, which is their answer. DomainError once they are a pair.
    """
    locked = Mentorship.objects.select_for_update(of=["self"]).select_related("cycle__program").get(pk=mentorship.pk)
    if locked.state == Mentorship.State.DECLINED:
        return locked
    if locked.state not in OPEN:
        raise DomainError(_("These two are a pair by now, or are one no more."))
    locked.state = Mentorship.State.DECLINED
    locked.save(update_fields=["state"])
    if leaves:
        _has_left(leaves, reason)
    both = Enrollment.objects.select_for_update(of=["self"]).filter(participations__mentorship=locked)
    for enrollment in both.order_by("pk"):
        wait_again(enrollment)
    mails.tell_declined(locked, declined_by=leaves)
    audit.record("mentorship.taken_back", subject=locked, actor=by)
    due.schedule(NEXT_IN_LINE, str(locked.pk), at=clock.now())
    return locked


def _has_left(place: Participation, reason: str) -> None:
    """A no of whoever was asked; whoever was not, has said nothing, and it is written down for staff alone."""
    if place.answer == Participation.Answer.NOT_ASKED:
        place.decline_reason = reason
        place.save(update_fields=["decline_reason"])
    else:
        write_answer(place, Participation.Answer.NO, reason=reason)
