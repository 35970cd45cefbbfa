"""The rule language of eligibility: read once when a policy is loaded, answered yes, no or unknown for each person."""

from programs.policy.rules.syntax import All, AnyOf, Condition, Not, Rule, conditions, parse_rule, written

__all__ = ["All", "AnyOf", "Condition", "Not", "Rule", "conditions", "parse_rule", "written"]
