"""What a criterion says of one pair, and what a hard rule says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from matching.engine.bounds import WHOLE
from matching.engine.factors import equal_shares
from matching.engine.weighted import NEUTRAL

__all__ = ["NEUTRAL", "WHOLE", "Flag", "Points", "equal_shares"]


@dataclass(frozen=True, slots=True)
class Points:
    """0 … 1000 points of one criterion for one pair; not `known` is neutral, 500.

    `facts` is what sentences are made of: shared words, a step of distance. It is plain data, as JSON holds it.
    """

    points: int
    known: bool
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that staff should look at before they publish a pair: a rule that holds, or could not be checked."""

    rule: str
    says: Literal["holds", "cannot tell"]
