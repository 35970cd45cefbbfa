"""What matters in a match and what may never be: from sign-ups and a policy to scores and reasons. No Django."""

from matching.criteria.points import Flag, Points
from matching.criteria.scores import Known, Scores

__all__ = ["Flag", "Known", "Points", "Scores"]
