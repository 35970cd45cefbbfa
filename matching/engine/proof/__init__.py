"""verify(): an audit of a result that shares nothing with the solver but the source of scores.

`form` what it must look like, `limits` what the pins leave, `audit` pairs and prices, `counts` how many pairs there can
be. The conditions are those of linear programming duality (Schrijver 1986, chapter 7) for the assignment polytope with
places and a cap: if a set of pairs keeps to every limit, and prices exist under which no other pair would gain and
everything priced is used up, then both have the same value and the pairs are a best set. All of it is checked in
integers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matching.engine.asked import listener
from matching.engine.problem import Problem
from matching.engine.progress import Progress, Watch
from matching.engine.proof.audit import Audit
from matching.engine.proof.counts import check_worst_off
from matching.engine.proof.form import check_form, hold
from matching.engine.proof.limits import in_quota
from matching.engine.result import Certificate, Result

__all__ = ["in_quota", "verify"]


def verify(result: Result, problem: Problem, *, progress: Callable[[Progress], object] | None = None) -> Certificate:
    """Prove, by pricing every pair again, that the result is a best answer to the problem.

    Raises CertificateError naming the first condition that fails, ProblemError for what is no problem. The pairs keep
    to demand, places, cap, quotas, floor, hard rules and pins, and nobody has a mentor twice; no price is below zero
    but where a place must be filled, and nothing priced above zero is left over; no pair left out would gain, none
    chosen would lose; people without a place left are priced at exactly what one more would gain; both sides have one
    value; and where the worst-off come first, other prices prove their floor. Last, its seal is whole.
    Holds a block of pairs at a time. progress: called before each; what it raises stops the work.
    Source: linear programming duality (Schrijver 1986, chapter 7); "How to read a certificate" in docs/matching.md.
    """
    listener(progress)
    watch = Watch(progress)
    check_form(result, problem)
    audit = Audit(result, problem)
    audit.check_limits()
    for rows in watch.blocks("proof", np.arange(problem.shape[0]), problem.shape[1]):
        audit.price(rows)
    audit.check_prices()
    audit.check_worth()
    certificate = audit.conclude()
    hold(result.certificate == certificate, f"it claims {result.certificate}, but {certificate} is true")
    if result.objective == "worst_off_first":
        check_worst_off(result, audit.left, watch)
    result.check_seal()
    return certificate
