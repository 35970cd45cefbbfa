"""Sign-ups as staff read them: answers in the words of the questions, decisions with what may be done about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.enrollment.answers import DAYS
from programs.enrollment.drafts import questions_of
from programs.enrollment.models import Enrollment
from programs.enrollment.selectors import places_of
from programs.policy.document import Blank, Question
from programs.policy.states import STATES
from programs.surveys.forms import WHO_SEES
from programs.surveys.kinds import kind_of

TONES: Final = {
    Enrollment.State.APPLIED: "info",
    Enrollment.State.ELIGIBLE: "success",
    Enrollment.State.TO_CHECK: "warning",
    Enrollment.State.NOT_ELIGIBLE: "danger",
    Enrollment.State.WAITLISTED: "info",
    Enrollment.State.MATCHED: "brand",
}
# What somebody said of themselves, in the order in which staff read it. Identity is nobody's business here.
FACTS: Final[dict[str, object]] = {
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
# What a person reads of themselves besides: nobody else does.
IDENTITY: Final[dict[str, object]] = {
    "gender": gettext_lazy("Gender"),
    "heritage": gettext_lazy("Heritage"),
    "prefers_shared": gettext_lazy("Would like to share with the other"),
}


def called(state: str) -> str:
    """What staff call a state. Matched is who was introduced; whom somebody was found for may not have answered yet."""
    return _("Asked or matched") if state == Enrollment.State.MATCHED else str(Enrollment.State(state).label)


def tone_of(state: str) -> str:
    """The color of a state's badge."""
    return TONES.get(Enrollment.State(state), "quiet")


@dataclass(frozen=True)
class Said:
    """An answer under its question; `file` is the row of a file that was brought."""

    label: str
    text: str
    file: str = ""


def answers_shown(enrollment: Enrollment) -> Iterator[Said]:
    """What somebody answered, as far as staff need it: who somebody is by gender or heritage is not among it.

    Places are as many as the program allows, however many somebody said.
    """
    for name, label in FACTS.items():
        value = enrollment.answers.get(name)
        if value not in (None, "", []):
            counted = places_of(enrollment) if name == "places" else value
            yield Said(str(label), spoken(name, counted))
    extra = enrollment.answers.get("extra", {})
    for question in questions_of(enrollment.cycle.settings, enrollment.role, None):
        if any(blank.ask_who_sees for blank in question.blanks):
            continue  # it asks who somebody is
        for blank in question.blanks:
            if blank.fills is None and extra.get(blank.name) is not None and not is_private(extra, blank):
                yield in_words(question, blank, extra[blank.name])


def own_answers(enrollment: Enrollment) -> Iterator[Said]:
    """What somebody answered, for themselves: everything, also what nobody else reads."""
    for name, label in (FACTS | IDENTITY).items():
        if (value := enrollment.answers.get(name)) not in (None, "", []):
            yield Said(str(label), spoken(name, value))
    extra = enrollment.answers.get("extra", {})
    for question in questions_of(enrollment.cycle.settings, enrollment.role, None):
        for blank in question.blanks:
            if blank.fills is None and extra.get(blank.name) not in (None, "", []):
                yield in_words(question, blank, extra[blank.name])


def is_private(extra: Mapping[str, Any], blank: Blank) -> bool:
    """Whether somebody was asked who may see this answer of theirs: then it was not staff, whatever is asked today."""
    return blank.name in extra.get(WHO_SEES, {})


def in_words(question: Question, blank: Blank, kept: Any) -> Said:
    """An answer to a question of the form; what a sheet brought may be plain text where a form would keep more."""
    as_kept = isinstance(kept, dict) or (isinstance(kept, str) and blank.kind in ("state", "date", "month"))
    text = kind_of(blank).said(blank, kept) if as_kept else spoken(blank.name, kept)
    file = kept.get("file", "") if isinstance(kept, dict) and blank.kind == "file" else ""
    return Said(blank.label or question.text, text, file)


def spoken(name: str, value: Any) -> str:
    """A kept answer as people say it: a day as a day, a state by its name."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if name in DAYS:
        return date_format(date.fromisoformat(value), "F j, Y")
    return STATES.get(value, value) if name in ("training_state", "practice_state") else str(value)
