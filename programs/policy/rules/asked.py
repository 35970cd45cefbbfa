"""Rules as they are read by whom they concern: one sentence for each thing that is asked."""

from __future__ import annotations

from typing import Final

from programs.policy.rules.spoken import flattened, in_words, wanted_in_words
from programs.policy.rules.syntax import Condition, Rule
from programs.policy.sentences import Sentence, gettext_noop

ASKED: Final = {
    ("membership.status", "is", False): gettext_noop("Your membership is {wanted}"),
    ("membership.status", "is", True): gettext_noop("Your membership is not {wanted}"),
    ("stage", "is", False): gettext_noop("In your career you are: {wanted}"),
    ("stage", "is", True): gettext_noop("In your career you are not: {wanted}"),
    ("specialty", "is", False): gettext_noop("Your specialty is {wanted}"),
    ("specialty", "is", True): gettext_noop("Your specialty is not {wanted}"),
    ("languages", "include", False): gettext_noop("You speak {wanted}"),
    ("languages", "include", True): gettext_noop("You do not speak {wanted}"),
    ("training.completed", "within", False): gettext_noop(
        "You completed training within {wanted} before the session starts"
    ),
    ("training.completed", "within", True): gettext_noop(
        "You did not complete training within {wanted} before the session starts"
    ),
    ("training.state", "is", False): gettext_noop("You completed training in {wanted}"),
    ("training.state", "is", True): gettext_noop("You completed training elsewhere than in {wanted}"),
    ("practice.state", "is", False): gettext_noop("You practice in {wanted}"),
    ("practice.state", "is", True): gettext_noop("You practice elsewhere than in {wanted}"),
    ("years_since_training", "at least", False): gettext_noop(
        "You completed training at least {wanted} years before the session starts"
    ),
    ("years_since_training", "at least", True): gettext_noop(
        "You completed training less than {wanted} years before the session starts"
    ),
    ("years_since_training", "at most", False): gettext_noop(
        "You completed training at most {wanted} years before the session starts"
    ),
    ("years_since_training", "at most", True): gettext_noop(
        "You completed training more than {wanted} years before the session starts"
    ),
    ("values.attested", "is", False): gettext_noop("You attest that you share the program's values"),
    ("identity.underrepresented", "is", False): gettext_noop("you belong to a group that medicine has too few of"),
}


def asked_of_you(rule: Rule | None) -> list[Sentence]:
    """What has to be true, one sentence each; a choice between several is one sentence."""
    return [_asked(each) for each in flattened(rule)]


def _asked(rule: Rule) -> Sentence:
    if isinstance(rule, Condition):
        wanted = wanted_in_words(rule)
        template = ASKED.get((rule.fact.name, rule.verb, rule.negated))
        if template and (rule.fact.kind != "flag" or rule.values == ("true",)):
            return Sentence(template, {"wanted": wanted})
    return in_words(rule)
