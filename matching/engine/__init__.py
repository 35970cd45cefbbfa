"""The matching engine: exact, proven assignment of mentees to mentors, in integers. Pure; columns in, columns out.

Where to look: `problem` and `given` what is asked, `scores` where points come from; `pool`, `nests`, `aspects`,
`network`, `flow` the problem as one integer flow; `columns`, `search`, `spread` and `optimum` which pairs the flow sees
and why no other matters; `prices` its duals; `ties` the lot among equals; `worst_off` the bottleneck objective;
`result` and `proof` the answer and its audit; `rounds` first mentors before second ones;
`paths` and `explanation` what another answer would cost;
`counterfactuals`, `what_if`, `places`, `weights` and `fairness` what may be asked of an answer besides.
`prepare` makes a problem of plain columns (`people`), with criteria and rules as data (`kinds`, of `factors` and
`tables`); `weighted` adds them up, `bounds` holds them to 1000 points,
and `parts` is what any source may tell beside its scores.
Other ways to meet: `stability` what both sides ranked; `rotation` rounds of an evening; `grouping` circles and groups.
"""

from matching.engine.bounds import WHOLE
from matching.engine.columns import Effort
from matching.engine.counterfactuals import Counterfactual, Room, counterfactual, smallest_rise
from matching.engine.errors import Cancelled, CertificateError, ProblemError
from matching.engine.explanation import Explainer, Explanation, Loss, WhyNot, explain, why_not
from matching.engine.fairness import Fairness, GroupRate, fairness
from matching.engine.grouping import Circles, Groups, Led, Spread, groups, verify_groups
from matching.engine.kinds import (
    AtLeast,
    Covers,
    Criterion,
    HardRule,
    Lookup,
    Near,
    NearOnEarth,
    Never,
    NotSame,
    OneInCommon,
    Same,
)
from matching.engine.parts import Ruled, Share, Weighed
from matching.engine.paths import Move
from matching.engine.places import PlaceWorth, worth_of_places
from matching.engine.prepare import prepare
from matching.engine.problem import Pin, Problem, Quota
from matching.engine.progress import Progress
from matching.engine.proof import verify
from matching.engine.result import Certificate, Objective, Prices, Result
from matching.engine.rotation import Evening, Rotation, rotate, verify_rotation
from matching.engine.rounds import Round, Rounds
from matching.engine.scores import MatrixSource, ScoreSource
from matching.engine.solver import solve
from matching.engine.stability import (
    Market,
    Stable,
    StableCertificate,
    Wishes,
    blocking_pairs,
    stable,
    verify_stable,
)
from matching.engine.weighted import NEUTRAL, Factors, Table, WeightedSource
from matching.engine.weights import WeightRange, weight_ranges
from matching.engine.what_if import Changes, Delta, compare, what_if

__all__ = [
    "NEUTRAL",
    "WHOLE",
    "AtLeast",
    "Cancelled",
    "Certificate",
    "CertificateError",
    "Changes",
    "Circles",
    "Counterfactual",
    "Covers",
    "Criterion",
    "Delta",
    "Effort",
    "Evening",
    "Explainer",
    "Explanation",
    "Factors",
    "Fairness",
    "GroupRate",
    "Groups",
    "HardRule",
    "Led",
    "Lookup",
    "Loss",
    "Market",
    "MatrixSource",
    "Move",
    "Near",
    "NearOnEarth",
    "Never",
    "NotSame",
    "Objective",
    "OneInCommon",
    "Pin",
    "PlaceWorth",
    "Prices",
    "Problem",
    "ProblemError",
    "Progress",
    "Quota",
    "Result",
    "Room",
    "Rotation",
    "Round",
    "Rounds",
    "Ruled",
    "Same",
    "ScoreSource",
    "Share",
    "Spread",
    "Stable",
    "StableCertificate",
    "Table",
    "Weighed",
    "WeightRange",
    "WeightedSource",
    "WhyNot",
    "Wishes",
    "blocking_pairs",
    "compare",
    "counterfactual",
    "explain",
    "fairness",
    "groups",
    "prepare",
    "rotate",
    "smallest_rise",
    "solve",
    "stable",
    "verify",
    "verify_groups",
    "verify_rotation",
    "verify_stable",
    "weight_ranges",
    "what_if",
    "why_not",
    "worth_of_places",
]
