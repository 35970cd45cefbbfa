"""Sign-ups as staff read them: answers in the words of the questions, decisions with what may be done about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.enrollment.answers import DAYS
from programs.enrollment.models import Enrollment
from programs.enrollment.selectors import places_of
from programs.policy.describing import Line
from programs.policy.states import STATES

TONES: Final = {
    Enrollment.State.APPLIED: "info",
    Enrollment.State.ELIGIBLE: "success",
    Enrollment.State.TO_CHECK: "warning",
    Enrollment.State.NOT_ELIGIBLE: "danger",
    Enrollment.State.WAITLISTED: "info",
    Enrollment.State.MATCHED: "brand",
}
# What somebody said of themselves, in the order in which staff read it. Identity is nobody's business here.
FACTS: Final[Mapping[str, object]] = {
    "stage": gettext_lazy("Career stage"),
    "specialty": gettext_lazy("Specialty"),
    "membership_status": gettext_lazy("Membership"),
    "training_completed_on": gettext_lazy("Training completed"),
    "training_state": gettext_lazy("State of training"),
    "practice_state": gettext_lazy("State of practice"),
    "zip": gettext_lazy("ZIP code"),
    "employer": gettext_lazy("Where they work or study"),
    "languages": gettext_lazy("Languages"),
    "meeting_mode": gettext_lazy("Likes to meet"),
    "travel_miles": gettext_lazy("Would travel, miles"),
    "availability": gettext_lazy("Has time"),
    "places": gettext_lazy("Places"),
    "aspects": gettext_lazy("Help wanted or offered"),
    "challenges": gettext_lazy("Challenges"),
    "goals": gettext_lazy("Goals"),
    "interests": gettext_lazy("Interests"),
    "attests": gettext_lazy("Attested to the program’s values"),
}


def tone_of(state: str) -> str:
    """The color of a state's badge."""
    return TONES.get(Enrollment.State(state), "quiet")


def answers_shown(enrollment: Enrollment) -> Iterator[Line]:
    """What somebody answered, as far as staff need it: who somebody is by gender or heritage is not among it.

    Places are as many as the program allows, however many somebody said.
    """
    for name, label in FACTS.items():
        value = enrollment.answers.get(name)
        if value not in (None, "", []):
            counted = places_of(enrollment) if name == "places" else value
            yield Line(str(label), spoken(name, counted))
    for name, value in enrollment.answers.get("extra", {}).items():
        if label := _question(enrollment, name):
            yield Line(label, spoken(name, value))


def _question(enrollment: Enrollment, name: str) -> str:
    """The question under whose name an answer is kept; empty for what is no answer to a question of the form."""
    for question in enrollment.cycle.settings.questions(enrollment.role):
        for blank in question.blanks:
            if blank.name == name:
                return blank.label or question.text
    return ""


def spoken(name: str, value: Any) -> str:
    """A kept answer as people say it: a day as a day, a state by its name."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if name in DAYS:
        return date_format(date.fromisoformat(value), "F j, Y")
    return STATES.get(value, value) if name in ("training_state", "practice_state") else str(value)
