"""The answer: pairs, prices, and what they claim. JSON in and out, so that a stored run can be verified years later."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self, get_args

import numpy as np

from matching.engine.problem import Pin, Problem
from matching.engine.scores import Ints
from matching.engine.seals import Sealed

Objective = Literal["total", "most_pairs", "worst_off_first"]
OBJECTIVES: tuple[str, ...] = get_args(Objective)
VERSION = 2


@dataclass(frozen=True, eq=False)
class Prices:
    """What each limit costs, the dual of the flow: int64 (mentees,), (mentors,), (quotas,), and one for the cap.

    once: (n, 3) sorted, a person, a mentor and the price of having that mentor once only; all others are 0.
    A pair's price is the sum of those of its mentee, its mentor, all quotas that hold either, the cap, and the two of
    them once.
    """

    mentee: Ints
    mentor: Ints
    quota: Ints
    cap: int
    once: Ints = field(default_factory=lambda: np.zeros((0, 3), np.int64))

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
            "once": self.once.tolist(),
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """The prices that to_dict() wrote."""
        mentee, mentor, quota = (np.array(stored[name], np.int64) for name in ("mentee", "mentor", "quota"))
        once = np.array(stored.get("once", []), np.int64).reshape(-1, 3)
        return cls(mentee, mentor, quota, cap=stored["cap"], once=once)


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
class Result(Sealed):
    """A best set of pairs with its proof. Positions are those of the problem's input; all numbers are exact integers.

    pairs: (n, 2) mentee and mentor, sorted, pins included; total: the sum of their scores.
    mentee_duals: (mentees,) what each mentee's taking part adds; mentor_prices: (mentors,) what one more place is
    worth, below zero where a place must be filled at a loss; quota_prices: (quotas,) what a pair more (of mentors), or
    the last one (of mentees), is worth under each; cap_price: what one more pair is worth; once_prices: (n, 3) sorted,
    a person, a mentor, and what it could add at most if that mentor helped them with another aspect too, where that
    is above 0. All in points above the floor. A bonus per pair comes on top unless the objective is "total": it stands
    for "one more pair", whatever that does to the points.
    worst_off: for "worst_off_first", the floor below which no pair need fall, if anybody was to be paired;
    count_proofs: prices that prove that no answer has more pairs, and that none with as many keeps above worst_off.
    overrides: the pins that break a hard rule, with the reason of each; they count 0 points.
    seal: a digest of all the rest. Prices prove the answer; the seal finds changes after which it would still be one,
    of the seed or of one pair for another as good.
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
    once_prices: Ints = field(default_factory=lambda: np.zeros((0, 3), np.int64))
    overrides: tuple[Pin, ...] = ()
    seal: str = ""
    version: int = VERSION

    @property
    def prices(self) -> Prices:
        """All prices as one."""
        return Prices(self.mentee_duals, self.mentor_prices, self.quota_prices, self.cap_price, self.once_prices)

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
            "overrides": [[*pin, pin.because] for pin in self.overrides],
            "worst_off": self.worst_off,
            "count_proofs": [proof.to_dict() for proof in self.count_proofs],
            "certificate": asdict(self.certificate),
            "seal": self.seal,
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
            once_prices=prices.once,
            objective=stored["objective"],
            bonus=stored["bonus"],
            seed=stored["seed"],
            certificate=Certificate(**stored["certificate"]),
            seal=stored.get("seal", ""),
            overrides=tuple(Pin(*pin) for pin in stored.get("overrides", ())),
            worst_off=stored["worst_off"],
            count_proofs=tuple(Prices.from_dict(proof) for proof in stored["count_proofs"]),
            version=stored["version"],
        )
