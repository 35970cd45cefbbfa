"""What a suggested pair's two people are told."""

from __future__ import annotations

from matching.models import SuggestedPair
from programs.mentorships.services import Proposal


def proposal_of(pair: SuggestedPair) -> Proposal:
    """What is proposed to a pair's two people: what it is about, and the sentences that each of them reads."""
    covered = pair.facts["points"].get("aspects_covered", {}).get("facts", {}).get("common", [])
    return Proposal(
        mentor=pair.mentor,
        mentee=pair.mentee,
        aspects=[pair.aspect] if pair.aspect else covered,
        why_for_mentor=pair.facts["to_mentor"],
        why_for_mentee=pair.facts["to_mentee"],
    )
