"""How pairs of the demonstration keep in touch: some have met already, some have a date, and some have goals."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from programs.enrollment.models import Role
from programs.mentorships.content.examples import example_for
from programs.mentorships.content.writing import add_goal, mark_goal, write_note
from programs.mentorships.models import Goal, Mentorship, Participation, Word
from programs.mentorships.showing import Shown
from programs.mentorships.touch.saying import note_meeting, say
from programs.policy.models import Cycle

# Of so many pairs that were introduced one has goals, one has met and one has a date; the others have it before them.
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


def some_have_goals(cycle: Cycle) -> int:
    """Every fourth pair has written goals and notes; returns how many goals."""
    before = Goal.objects.count()
    for mentorship in cycle.mentorships.filter(state=Mentorship.State.ACTIVE).order_by("pk")[::OF]:
        places = mentorship.participations.select_related("person", "enrollment", "mentorship__cycle__version")
        mentee, mentor = (places.get(role=role) for role in (Role.MENTEE, Role.MENTOR))
        add_goal(participation=mentee, text=example_for(Shown.of(mentee)))
        add_goal(participation=mentor, text=_("Introduce each other to one colleague."))
        first = add_goal(participation=mentee, text=_("Find an hour that suits us both."))
        mark_goal(participation=mentor, goal=first, state=Goal.State.REACHED)
        write_note(participation=mentee, text=_("Ask next time how the first year on the job really was."))
        write_note(participation=mentor, text=_("The article that I spoke of is on its way to you."), shared=True)
    return Goal.objects.count() - before
