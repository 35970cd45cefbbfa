"""Rules in words, for pages that say who may take part and what a new version changes."""

from __future__ import annotations

from typing import Final

from programs.policy.lengths import Length
from programs.policy.rules.facts import Fact
from programs.policy.rules.syntax import All, AnyOf, Condition, Not, Rule
from programs.policy.sentences import Sentence, gettext_noop
from programs.policy.states import STATES

NAMES: Final = {
    "membership.status": gettext_noop("membership"),
    "stage": gettext_noop("career stage"),
    "specialty": gettext_noop("specialty"),
    "languages": gettext_noop("languages"),
    "training.completed": gettext_noop("training completed"),
    "training.state": gettext_noop("state of training"),
    "practice.state": gettext_noop("state of practice"),
    "years_since_training": gettext_noop("years since training"),
    "values.attested": gettext_noop("the program's values attested"),
}
COMPARED: Final = {
    ("is", False): gettext_noop("{fact} is {wanted}"),
    ("is", True): gettext_noop("{fact} is not {wanted}"),
    ("include", False): gettext_noop("{fact} include {wanted}"),
    ("include", True): gettext_noop("{fact} do not include {wanted}"),
    ("at least", False): gettext_noop("{fact} at least {wanted}"),
    ("at least", True): gettext_noop("{fact} less than {wanted}"),
    ("at most", False): gettext_noop("{fact} at most {wanted}"),
    ("at most", True): gettext_noop("{fact} more than {wanted}"),
    ("within", False): gettext_noop("{fact} within {wanted}"),
    ("within", True): gettext_noop("{fact} not within {wanted}"),
}
AND: Final = gettext_noop("{first}, and {rest}")
OR: Final = gettext_noop("{first}, or {rest}")
EITHER: Final = gettext_noop("either {rule}")


def fact_in_words(fact: Fact) -> Sentence:
    """What the fact is called."""
    if fact.name in NAMES:
        return Sentence(NAMES[fact.name])
    return Sentence("{name}", {"name": fact.name.rpartition(".")[2].replace("_", " ")})


def wanted_in_words(condition: Condition) -> Length | int | tuple[str, ...]:
    """What the fact is compared with, states by their names."""
    if condition.length or not condition.values:
        return condition.length or condition.number
    if condition.fact.known is STATES:
        return tuple(STATES[value] for value in condition.values)
    return tuple({"true": "yes", "false": "no"}.get(value, value) for value in condition.values)


def in_words(rule: Rule) -> Sentence:
    """The whole rule as one sentence."""
    return _in_words(rule, negated=False, inside=False)


def _in_words(rule: Rule, *, negated: bool, inside: bool) -> Sentence:
    if isinstance(rule, Not):
        return _in_words(rule.rule, negated=not negated, inside=inside)
    if isinstance(rule, Condition):
        template = COMPARED[rule.verb, rule.negated is not negated]
        return Sentence(template, {"fact": fact_in_words(rule.fact), "wanted": wanted_in_words(rule)})
    joined_by_and = isinstance(rule, All) is not negated
    *before, sentence = [_in_words(inner, negated=negated, inside=True) for inner in rule.rules]
    for earlier in reversed(before):
        sentence = Sentence(AND if joined_by_and else OR, {"first": earlier, "rest": sentence})
    return Sentence(EITHER, {"rule": sentence}) if inside and before and not joined_by_and else sentence


def flattened(rule: Rule | None, *, negated: bool = False) -> tuple[Rule, ...]:
    """The rules that must all hold, a denied sentence as its opposite; what is no “all” stands alone."""
    match rule:
        case None:
            return ()
        case Condition():
            return (rule.opposite() if negated else rule,)
        case Not(inner):
            return flattened(inner, negated=not negated)
        case All(rules) | AnyOf(rules) if isinstance(rule, All) is not negated:
            return tuple(each for inner in rules for each in flattened(inner, negated=negated))
    return (Not(rule) if negated else rule,)
