"""The rule language of eligibility: read once when a policy is loaded, answered yes, no or unknown for each person."""

from programs.policy.rules.alike import Asked
from programs.policy.rules.decide import Decision, decide
from programs.policy.rules.logic import Answer
from programs.policy.rules.reasons import Reason
from programs.policy.rules.syntax import MOST_NESTED, All, AnyOf, Condition, Not, Rule, conditions, parse_rule, written

__all__ = [
    "MOST_NESTED",
    "All",
    "Answer",
    "AnyOf",
    "Asked",
    "Condition",
    "Decision",
    "Not",
    "Reason",
    "Rule",
    "conditions",
    "decide",
    "parse_rule",
    "written",
]
