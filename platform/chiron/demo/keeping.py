"""How pairs of the demonstration keep in touch: some have met already, some have a date."""

from __future__ import annotations

from datetime import date, timedelta

from programs.mentorships.models import Mentorship, Participation, Word
from programs.mentorships.touch.saying import note_meeting, say
from programs.policy.models import Cycle

# Of so many pairs that were introduced, one has met and one has a date; the first of them have it all before them.
OF = 4


def some_have_met(cycle: Cycle, today: date) -> int:
    """Note the first meetings of a session; returns how many."""
    met = 0
    for count, mentorship in enumerate(cycle.mentorships.filter(state=Mentorship.State.ACTIVE).order_by("pk")):
        place = Participation.objects.select_related("person").filter(mentorship=mentorship).order_by("role").first()
        assert place is not None, "Whoever was introduced is in it."
        if count % OF == OF - 2:
            note_meeting(participation=place, met_on=today, mode="virtual", next_on=today + timedelta(days=28))
            met += 1
        elif count % OF == OF - 1:
            say(participation=place, said=Word.Said.DATE, on=today + timedelta(days=9))
    return met
