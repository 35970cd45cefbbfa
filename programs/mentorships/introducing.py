"""What two people read when they are introduced: how to begin, by when, and what may be expected of each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.mentorships.days import day_of
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.showing import Shown

# Whoever writes first does it within a week.
TO_WRITE = timedelta(weeks=1)
MODES = {"in person": gettext_lazy("in person"), "virtual": gettext_lazy("online"), "phone": gettext_lazy("by phone")}


def facts_for(mine: Participation, theirs: Participation) -> dict[str, Any]:
    """What the mail of an introduction tells beside who the two are."""
    shown = Shown(mine, theirs)
    return {
        "biosketch": shown.biosketch,
        "other_is": shown.other_is,
        "three_sentences": three_sentences(shown),
        "letter": ready_letter(shown) if shown.their_address else "",
        "expectations": expectations(shown),
        "write_by": write_by(shown.mentorship),
        "meet_before": shown.meet_before,
    }


def three_sentences(shown: Shown) -> str:
    """With what a mentee may begin; sent as it is, or changed."""
    return _(
        "I am glad that we were matched in %(program)s. I would love to hear how you found your way, and to tell you "
        "what is on my mind. When in the next two weeks would a first conversation suit you?"
    ) % {"program": shown.mentorship.cycle.program.name}


def ready_letter(shown: Shown) -> str:
    """An address that opens a mail to the other, with the three sentences in it."""
    subject = _("%(program)s: a first conversation") % {"program": shown.mentorship.cycle.program.name}
    body = "\r\n\r\n".join(
        [
            _("Dear %(name)s,") % {"name": shown.other.address_name},
            three_sentences(shown),
            shown.mine.person.name,
        ]
    )
    return f"mailto:{quote(shown.their_address, safe='@')}?subject={quote(subject)}&body={quote(body)}"


def write_by(mentorship: Mentorship) -> date:
    """By when the first lines should have been written."""
    assert mentorship.introduced_at is not None, "Nobody writes before they were introduced."
    return day_of(mentorship.introduced_at) + TO_WRITE


def expectations(shown: Shown) -> list[str]:
    """What may be expected of each other, in four lines."""
    frame, cycle = shown.settings.mentorship, shown.mentorship.cycle
    how = _one_of([str(MODES[mode]) for mode in frame.meetings.modes])
    if frame.meetings.at_least and frame.meetings.binding:
        often = _("You meet at least %(rhythm)s, %(how)s.") % {"rhythm": frame.meetings.at_least, "how": how}
    elif shown.rhythm:
        often = _("You meet %(rhythm)s if you can, %(how)s.") % {"rhythm": shown.rhythm, "how": how}
    else:
        often = _("How often you meet is yours to decide: %(how)s.") % {"how": how}
    whose = {
        "mentee": _("The mentee says what it is about; the mentor listens first."),
        "mentor": _("The mentor proposes what it is about; the mentee says what helps."),
        "both": _("You say together what it is about, and look at it again halfway."),
    }[frame.goals.owner]
    last = date_format(cycle.ends_on, "F j, Y")
    end = _("It goes on until %(day)s.") % {"day": last}
    if frame.ends.without_blame:
        end = _("It goes on until %(day)s, and either of you can end it early, without blame.") % {"day": last}
    return [often, whose, _("What you tell each other stays with you, and you never write about patients."), end]


def _one_of(words: list[str]) -> str:
    """“in person, online or by phone”."""
    if len(words) == 1:
        return words[0]
    return _("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
