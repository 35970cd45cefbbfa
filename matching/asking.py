"""What a program's rules say of two people who found each other by themselves."""

from __future__ import annotations

import numpy as np

from matching.criteria import Known, Scores
from matching.models import PairDecision
from matching.solving.part import FORBIDDEN
from matching.solving.problems import rows_of
from programs.enrollment.answers import key_of, participant_of
from programs.enrollment.models import Enrollment
from programs.mentorships.requests import forbids


@forbids
def may_not_be(mentor: Enrollment, mentee: Enrollment) -> bool:
    """Whether a hard rule, or staff's word, forbids this pair."""
    said = PairDecision.objects.filter(cycle=mentor.cycle_id, mentee=mentee, mentor=mentor)
    never = said.filter(kind=PairDecision.Kind.NEVER).exists()
    known = Known(never=[(key_of(mentee.person), key_of(mentor.person))] if never else ())
    part = mentor.cycle.settings
    rows = rows_of(part, [participant_of(mentee)])
    scores = Scores(rows, [participant_of(mentor)], part.matching, known)
    return bool((scores.block(np.arange(len(rows))) == FORBIDDEN).all())
