"""The policy document: everything configurable about a program except its dates, validated and versioned."""

from programs.policy.document.calendar import Calendar, Dates
from programs.policy.document.changes import Change, diff
from programs.policy.document.loading import dump_policy, load_policy, policy_hash, restore_policy, store_policy
from programs.policy.document.matching import Matching, Weight
from programs.policy.document.merging import merge
from programs.policy.document.policy import Part, Policy
from programs.policy.document.questions import Blank, Question
from programs.policy.document.roles import Cap, Mentors, Range, Role
from programs.policy.document.texts import Agreement, Text
from programs.policy.faults import Fault, PolicyError
from programs.policy.lengths import Distance, Length

__all__ = [
    "Agreement",
    "Blank",
    "Calendar",
    "Cap",
    "Change",
    "Dates",
    "Distance",
    "Fault",
    "Length",
    "Matching",
    "Mentors",
    "Part",
    "Policy",
    "PolicyError",
    "Question",
    "Range",
    "Role",
    "Text",
    "Weight",
    "diff",
    "dump_policy",
    "load_policy",
    "merge",
    "policy_hash",
    "restore_policy",
    "store_policy",
]
