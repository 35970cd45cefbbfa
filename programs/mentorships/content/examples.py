"""A goal that somebody at the mentee's stage could have, for who has none yet."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from programs.mentorships.showing import Shown

ANYBODY: Final = _("Know halfway through what I want to do next, and what the first step is.")
BY_STAGE: Final[dict[str, Any]] = {
    "pre-med": _("Have a personal statement that somebody I trust has read."),
    "medical student": _("Spend a day in two specialties, and say what drew me to one of them."),
    "resident": _("Decide between a fellowship and a first job, and be able to say why."),
    "fellow": _("Talk to somebody at three places where I could see myself working."),
    "early career": _("Say no to one thing a month, and be home for dinner twice a week."),
    "mid career": _("Lead one thing that matters to me, and know what I give up for it."),
    "late career": _("Hand one thing that I do well to somebody younger."),
    "retired": _("Find out where I would like to be of use, a day a week."),
}


def example_for(shown: Shown) -> str:
    """One kind sentence."""
    return str(BY_STAGE.get(shown.mentee_stage, ANYBODY))
