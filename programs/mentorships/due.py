"""What becomes due about mentorships."""

from __future__ import annotations

from programs.enrollment.models import Enrollment
from programs.mentorships import known, requests, services
from programs.mentorships.concerns import reporting
from programs.mentorships.content import forgetting
from programs.mentorships.models import Concern, KnownPair, Mentorship, Participation
from programs.mentorships.touch import asking, pausing
from tenants import due


@due.handler(services.REMINDER)
def remind(ref: str) -> None:
    """Ask once more, two days before the answer is due."""
    if participation := Participation.objects.filter(pk=ref).first():
        services.remind(participation=participation)


@due.handler(requests.EXPIRY)
def expire(ref: str) -> None:
    """End a request that nobody answered."""
    if mentorship := Mentorship.objects.filter(pk=ref).first():
        requests.expire(mentorship=mentorship)


@due.handler(services.NEXT_IN_LINE)
def ask_next(ref: str) -> None:
    """Ask whoever is next, once somebody said no."""
    if mentorship := Mentorship.objects.filter(pk=ref).first():
        requests.go_on(mentorship)


@due.handler(requests.ON_AGAIN)
def ask_on(ref: str) -> None:
    """Ask whoever is next in the line of somebody who paused."""
    if enrollment := Enrollment.objects.filter(pk=ref).first():
        requests.ask_on(enrollment=enrollment)


@due.handler(requests.LOOK)
def look_for_known(ref: str) -> None:
    """Look for the people of a known pair."""
    if pair := _known(ref):
        known.look(pair=pair)


@due.handler(requests.LOOK_NO_MORE)
def end_known(ref: str) -> None:
    """End a known pair to which nobody said yes."""
    if pair := _known(ref):
        known.end(pair=pair)


@due.handler(asking.KIND)
def ask_whether_met(ref: str) -> None:
    """Ask a mentorship whether its people have met, or take the next step after silence."""
    if mentorship := Mentorship.objects.filter(pk=ref).first():
        asking.ask_if_due(mentorship=mentorship)


@due.handler(pausing.KIND)
def tell_of_pause(ref: str) -> None:
    """Tell the people of a mentorship that it pauses, once they may be written to."""
    if mentorship := Mentorship.objects.filter(pk=ref).first():
        pausing.tell(mentorship=mentorship)


@due.handler(forgetting.KIND)
def look_at_content(ref: str) -> None:
    """Tell the people of a mentorship until when they can take along what they wrote; then delete it."""
    if mentorship := Mentorship.objects.filter(pk=ref).first():
        forgetting.look(mentorship=mentorship)


@due.handler(reporting.KIND, while_leaving=True)
def bring_concern(ref: str) -> None:
    """Send a concern, and forget its words once it has left."""
    if concern := Concern.objects.filter(pk=ref).first():
        reporting.bring(concern=concern)


def _known(ref: str) -> KnownPair | None:
    pairs = KnownPair.objects.select_related("mine__person", "mine__cycle__program", "mine__cycle__version")
    return pairs.filter(pk=ref).first()
