"""The closed vocabularies of a policy, and how to say what somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final, Literal, get_args

Stage = Literal[
    "pre-med", "medical student", "resident", "fellow", "early career", "mid career", "late career", "retired"
]
Format = Literal["one_to_one", "group", "triad", "peer_circle", "speed", "flash"]
Entry = Literal["open", "apply", "invitation"]
Method = Literal["hand", "solver", "wishes", "directory"]
Aim = Literal["total", "most_pairs", "worst_off_first"]
WordKind = Literal["aspects", "challenges", "interests", "availability", "languages"]
CriterionId = Literal[
    "lived_my_challenge",
    "aspects_covered",
    "near_each_other",
    "specialty",
    "shared_interests",
    "my_own_preference",
    "free_at_the_same_time",
    "wished_for",
]
HardRuleId = Literal[
    "mentor_not_further_along",
    "same_employer",
    "reporting_line",
    "no_common_language",
    "meeting_modes_clash",
    "blocked_by_either",
    "ended_early_before",
]

STAGES: Final[tuple[Stage, ...]] = get_args(Stage)  # in the order of a career
IN_TRAINING: Final[frozenset[str]] = frozenset({"pre-med", "medical student", "resident", "fellow"})

ROLES_OF: Final[dict[Format, tuple[str, ...]]] = {
    "one_to_one": ("mentor", "mentee"),
    "group": ("mentor", "mentee"),
    "triad": ("early", "middle", "senior"),
    "peer_circle": ("peer",),
    "speed": ("mentor", "mentee"),
    "flash": ("mentor", "mentee"),
}

# Formats that bring more than two people together.
IN_GROUPS: Final[frozenset[Format]] = frozenset({"group", "triad", "peer_circle"})

MOST_LISTED: Final = 15


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence naming the nearest known word, else what is known; begins with a space."""
    known = list(known)
    near = get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    if near:
        return f" Did you mean “{near[0]}”?"
    return f" Known here: {', '.join(sorted(known))}." if 0 < len(known) <= MOST_LISTED else ""
