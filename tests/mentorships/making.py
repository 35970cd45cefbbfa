"""Pairs that were published."""

from __future__ import annotations

from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.services import mentor_and_mentee
from programs.policy.document import store_policy
from programs.policy.models import Cycle, PolicyVersion
from tests.desk.making import small_cycle

Both = tuple[Participation, Participation]


def asked_first(cycle: Cycle, who: str) -> Cycle:
    """The session under settings that ask these first."""
    document = store_policy(cycle.version.policy)
    for part in document["parts"]:
        part.setdefault("matching", {})["asked_first"] = who
    PolicyVersion.objects.filter(pk=cycle.version_id).update(document=document)
    return Cycle.objects.get(pk=cycle.pk)


def proposed(who: str = "mentor", *, society: str = "sierra") -> Both:
    """One published pair, mentor first."""
    cycle = asked_first(small_cycle(mentors=1, mentees=1, society=society), who)
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    return mentor_and_mentee(Mentorship.objects.get())
