"""The answer: pairs, prices, and what they claim. JSON in and out, so that a stored run can be verified years later."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

import numpy as np

from matching.engine.problem import Problem
from matching.engine.scores import Ints

Objective = Literal["total", "most_pairs", "worst_off_first"]
OBJECTIVES: tuple[str, ...] = get_args(Objective)
VERSION = 1


@dataclass(frozen=True, eq=False)
class Prices:
    """What each limit costs, the dual of the flow: int64 (mentees,), (mentors,), (quotas,), and one for the cap.

    A pair's price is the sum of those of its mentee, its mentor, all quotas that hold either, and the cap.
    """

    mentee: Ints
    mentor: Ints
    quota: Ints
    cap: int

    @classmethod
    def zero(cls, problem: Problem, cap: int = 0) -> Self:
        """Prices of nothing, to be filled in."""
        mentees, mentors = problem.shape
        return cls(
            np.zeros(mentees, np.int64), np.zeros(mentors, np.int64), np.zeros(len(problem.quotas), np.int64), cap
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        return {
            "mentee": self.mentee.tolist(),
            "mentor": self.mentor.tolist(),
            "quota": self.quota.tolist(),
            "cap": self.cap,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """The prices that to_dict() wrote."""
        mentee, mentor, quota = (np.array(stored[name], np.int64) for name in ("mentee", "mentor", "quota"))
        return cls(mentee, mentor, quota, cap=stored["cap"])


@dataclass(frozen=True)
class Certificate:
    """What was proved.

    pairs: how many, pins included; total: the sum of their scores; value: what the pairs beside the pins are worth to
    the objective; bound: what the prices prove that no answer can exceed. A proof has value = bound.
    """

    pairs: int
    total: int
    value: int
    bound: int


@dataclass(frozen=True, eq=False)
class Result:
    """A best set of pairs with its proof. Positions are those of the problem's input; all numbers are exact integers.

    pairs: (n, 2) mentee and mentor, sorted, pins included; total: the sum of their scores.
    mentee_duals: (mentees,) what each mentee's taking part adds; mentor_prices: (mentors,) what one more place is
    worth, below zero where a place must be filled at a loss; quota_prices: (quotas,) and cap_price: what one more
    pair under each is worth. All in points above the floor. A bonus per pair comes on top unless the objective is
    "total": it stands for "one more pair", whatever that does to the points.
    worst_off: for "worst_off_first", the floor below which no pair need fall, if anybody was to be paired;
    count_proofs: prices that prove that no answer has more pairs, and that none with as many keeps above worst_off.
    """

    pairs: Ints
    total: int
    mentee_duals: Ints
    mentor_prices: Ints
    quota_prices: Ints
    cap_price: int
    objective: Objective
    bonus: int
    seed: int
    certificate: Certificate
    worst_off: int | None = None
    count_proofs: tuple[Prices, ...] = ()
    version: int = VERSION

    @property
    def prices(self) -> Prices:
        """The four prices as one."""
        return Prices(self.mentee_duals, self.mentor_prices, self.quota_prices, self.cap_price)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and names, as JSON holds them."""
        return {
            "version": self.version,
            "objective": self.objective,
            "seed": self.seed,
            "bonus": self.bonus,
            "total": self.total,
            "pairs": self.pairs.tolist(),
            "prices": self.prices.to_dict(),
            "worst_off": self.worst_off,
            "count_proofs": [proof.to_dict() for proof in self.count_proofs],
            "certificate": asdict(self.certificate),
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """The result that to_dict() wrote. Raises KeyError, TypeError or ValueError if it is of another shape."""
        prices = Prices.from_dict(stored["prices"])
        return cls(
            pairs=np.array(stored["pairs"], np.int64).reshape(-1, 2),
            total=stored["total"],
            mentee_duals=prices.mentee,
            mentor_prices=prices.mentor,
            quota_prices=prices.quota,
            cap_price=prices.cap,
            objective=stored["objective"],
            bonus=stored["bonus"],
            seed=stored["seed"],
            certificate=Certificate(**stored["certificate"]),
            worst_off=stored["worst_off"],
            count_proofs=tuple(Prices.from_dict(proof) for proof in stored["count_proofs"]),
            version=stored["version"],
        )
