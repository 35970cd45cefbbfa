"""The answer: pairs, prices, and the claim that goes with them; JSON in and out, so that a stored run can be verified
later."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

import numpy as np

from matching.engine.scores import Ints

Objective = Literal["total", "most_pairs"]
OBJECTIVES: tuple[str, ...] = get_args(Objective)
VERSION = 1


@dataclass(frozen=True)
class Certificate:
    """What was proved: the value of the pairs and the bound from the prices, equal, over every pair there is.

    pairs: how many, pins included; total: their points; value: what the pairs beside the pins gain over none at all,
    in the objective's own units; bound: what the prices prove that nothing can exceed. A proof has value = bound.
    """

    pairs: int
    total: int
    value: int
    bound: int


@dataclass(frozen=True, eq=False)
class Result:
    """A proven best set of pairs. Positions are those of the problem's input.

    pairs: (n, 2) int64 of mentee and mentor, sorted, pins included; total: the sum of their scores.
    mentee_duals: (mentees,) what each mentee's taking part adds; mentor_prices: (mentors,) what one more place is
    worth;
    cap_price: what one more pair under the cap is worth. All in points above the floor, int64, exact; with
    "most_pairs" each pair counts `bonus` points besides, more than all scores can outweigh.
    """

    pairs: Ints
    total: int
    mentee_duals: Ints
    mentor_prices: Ints
    cap_price: int
    objective: Objective
    bonus: int
    seed: int
    certificate: Certificate
    version: int = VERSION

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and names, as JSON holds them."""
        return {
            "version": self.version,
            "objective": self.objective,
            "seed": self.seed,
            "bonus": self.bonus,
            "total": self.total,
            "cap_price": self.cap_price,
            "pairs": self.pairs.tolist(),
            "mentee_duals": self.mentee_duals.tolist(),
            "mentor_prices": self.mentor_prices.tolist(),
            "certificate": asdict(self.certificate),
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """The result that to_dict() wrote. Raises KeyError or ValueError if it is of another shape."""
        return cls(
            **{
                **stored,
                "pairs": np.array(stored["pairs"], np.int64).reshape(-1, 2),
                "mentee_duals": np.array(stored["mentee_duals"], np.int64),
                "mentor_prices": np.array(stored["mentor_prices"], np.int64),
                "certificate": Certificate(**stored["certificate"]),
            }
        )
