"""People for tests of matching: nothing is known of them but what a test says."""

from __future__ import annotations

from typing import Any

from matching.criteria import Known, Scores
from programs.policy.document import Matching
from programs.policy.participant import Participant


def mentor(key: str = "M1", **said: Any) -> Participant:
    return Participant(key=key, role="mentor", **said)


def mentee(key: str = "E1", **said: Any) -> Participant:
    return Participant(key=key, role="mentee", **said)


def matters(**settings: Any) -> Matching:
    """Matching with some settings; what matters is shared interests alone if nothing is said."""
    by = ["solver", "wishes"] if "wished_for" in settings.get("weights", ()) else "solver"
    return Matching.model_validate({"by": by, "weights": {"shared_interests": 1000}, **settings})


def scores_of(one: Participant, other: Participant, known: Known | None = None, **settings: Any) -> Scores:
    """The scores of one mentee and one mentor."""
    return Scores([one], [other], matters(**settings), known)


def points_of(criterion: str, one: Participant, other: Participant, known: Known | None = None, **options: Any) -> Any:
    """What one criterion alone says of a pair."""
    scores = scores_of(one, other, known, weights={criterion: {"points": 1000, **options}})
    return scores.points(0, 0)[criterion]  # type: ignore[index]
