"""The rule language: what can be written, what is refused, and what each fact answers."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.policy import templates
from programs.policy.faults import FaultsError
from programs.policy.participant import Participant
from programs.policy.rules import (
    MOST_NESTED,
    All,
    Answer,
    AnyOf,
    Asked,
    Condition,
    Not,
    Rule,
    conditions,
    decide,
    parse_rule,
    written,
)
from programs.policy.rules.logic import all_of, any_of
from programs.policy.rules.spoken import flattened, in_words
from tests.policy.people import person

ON = date(2027, 3, 1)

SENTENCES = [
    "membership.status is one of [active, retired]",
    "membership.status is not lapsed",
    "stage is early career",
    "stage is not one of [pre-med, medical student]",
    "years_since_training at least 8",
    "years_since_training at most 5",
    "training.completed within 18 months",
    "training.completed not within 2 years",
    "training.state is MA",
    "practice.state is one of [MA, NH]",
    'specialty is one of ["Surgery, Pediatric", Urology]',
    "languages include Spanish",
    "languages do not include one of [French, Hmong]",
    "values.attested is true",
    "answers.years_in_county at least 3",
    "answers.license is full",
    "identity.gender is woman",
]


def faults_of(rule: object) -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(FaultsError) as caught:
        parse_rule(rule)
    return [(found.path, found.message) for found in caught.value.found]


def answer(rule: object, **said: Any) -> str:
    return decide(parse_rule(rule), person(**said), ON).answer


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_reads_back(sentence: str) -> None:
    rule = parse_rule(sentence)
    assert isinstance(rule, Condition)
    assert written(rule) == sentence
    assert parse_rule(f"  {sentence.replace(' ', '   ')} ") == rule


def test_states_are_understood_by_name() -> None:
    assert written(parse_rule("training.state is massachusetts")) == "training.state is MA"
    assert parse_rule("gender is woman") == parse_rule("identity.gender is woman")


def test_nests_read_back_and_say_where_each_sentence_stands() -> None:
    nest = {"all": ["stage is resident", {"any": ["training.state is MA", {"not": "languages include Latin"}]}]}
    rule = parse_rule(nest)
    assert isinstance(rule, All)
    assert written(rule) == nest
    assert [path for path, _ in conditions(rule)] == [("all", 0), ("all", 1, "any", 0), ("all", 1, "any", 1, "not")]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("stage is early carrer", "“stage” is never “early carrer”. Did you mean “early career”?"),
        ("stge is resident", "There is no fact “stge”. Did you mean “stage”?"),
        ("stage", "“stage” is not a rule. Write it like “stage is one of [this, that]”."),
        ("stage = resident", "“stage = resident” is not a rule. Write it like “stage is one of [this, that]”."),
        ("", "“” is not a rule. Write it like “stage is one of [this, that]”."),
        ("stage is one of resident", "“resident” is not a list. Write it like [this, that]."),
        ("stage is one of []", "“[]” is not a list. Write it like [this, that]."),
        ("stage is one of [resident, ]]", "“[resident, ]]” is not a list. Write it like [this, that]."),
        ("stage is one of [resident, resident]", "“[resident, resident]” names something twice."),
        ("stage is [resident]", "“[resident]” is not a single word or name. For a list, write “one of [this, that]”."),
        ("stage at least 3", "“stage” cannot be compared with “at least”. Write it like “stage is one of"),
        ("training.state is Masachusetts", "“Masachusetts” is not a state. Did you mean “massachusetts”?"),
        ("training.completed is 2 years", "“training.completed” cannot be compared with “is”."),
        ("training.completed within 2", "“2” is not a length of time. Write it like “5 months” or “8 weeks”."),
        ("years_since_training at least eight", "“eight” is not a number that fits."),
        ("years_since_training at least 800", "“800” is not a number that fits."),
        ("values.attested is yes", "“yes” should be “true” or “false”."),
        ("membership.status is actve", "“actve” looks like a typing error. Did you mean “active”?"),
        ("answers.A-B is 3", "There is no fact “answers.A-B”."),
    ],
)
def test_what_is_no_rule_is_refused(rule: str, message: str) -> None:
    [(path, said)] = faults_of(rule)
    assert path == ()
    assert said.startswith(message)


def test_a_society_may_have_kinds_of_membership_of_its_own() -> None:
    assert answer("membership.status is inactive", membership_status="inactive") == "yes"
    assert answer("membership.status is patron of the arts", membership_status="Patron of the Arts") == "yes"


@pytest.mark.parametrize(
    "rule", [None, 3, True, [], ["stage is resident"], {}, {"all": ["stage is resident"], "any": []}]
)
def test_what_has_not_the_shape_of_a_rule_is_refused(rule: object) -> None:
    [(path, said)] = faults_of(rule)
    assert path == ()
    assert said.endswith("is not a rule. Write a sentence like “stage is resident”, or one of all, any, not.")


def test_every_fault_of_a_nest_has_its_place() -> None:
    nest = {"all": ["stage is", {"any": []}, {"none": ["stage is resident"]}, {"not": {"all": ["sage is resident"]}}]}
    assert [path for path, _ in faults_of(nest)] == [
        ("all", 0),
        ("all", 1, "any"),
        ("all", 2, "none"),
        ("all", 3, "not", "all", 0),
    ]


@pytest.mark.parametrize(
    ("rule", "said", "expected"),
    [
        ("membership.status is one of [active, retired]", {"membership_status": "Retired"}, "yes"),
        ("membership.status is one of [active, retired]", {"membership_status": "lapsed"}, "no"),
        ("membership.status is one of [active, retired]", {}, "unknown"),
        ("membership.status is not lapsed", {"membership_status": "active"}, "yes"),
        ("membership.status is not lapsed", {"membership_status": "lapsed"}, "no"),
        ("membership.status is not lapsed", {}, "unknown"),
        ("stage is pre-med", {"stage": "pre-med"}, "yes"),
        ("stage is pre-med", {"stage": ""}, "unknown"),
        ("specialty is family medicine", {"specialty": "Family Medicine"}, "yes"),
        ("languages include Spanish", {"languages": ("English", "Spanish")}, "yes"),
        ("languages include Spanish", {"languages": ("English",)}, "no"),
        ("languages include Spanish", {}, "unknown"),
        ("languages do not include one of [Hmong, Somali]", {"languages": ("English",)}, "yes"),
        ("values.attested is true", {"attests": True}, "yes"),
        ("values.attested is true", {"attests": False}, "no"),
        ("values.attested is true", {}, "unknown"),
        ("training.state is MA", {"training_state": "ma"}, "yes"),
        ("training.state is MA", {"training_state": "Massachusetts "}, "yes"),
        ("training.state is MA", {"training_state": "OH"}, "no"),
        ("training.state is MA", {"training_state": " "}, "unknown"),
        ("practice.state is MA", {"zip": "01970"}, "yes"),
        ("practice.state is MA", {"zip": "01970-1234"}, "yes"),
        ("practice.state is MA", {"zip": "55001"}, "no"),
        ("practice.state is MA", {"zip": "55001", "practice_state": "MA"}, "yes"),
        ("practice.state is MA", {"zip": "00000"}, "unknown"),
        ("practice.state is MA", {"zip": "1970"}, "unknown"),
        ("practice.state is MA", {"zip": "Salem"}, "unknown"),
        ("practice.state is MA", {}, "unknown"),
        ("answers.license is full", {"extra": {"license": "Full"}}, "yes"),
        ("answers.license is full", {"extra": {"license": ""}}, "unknown"),
        ("answers.license is full", {}, "unknown"),
        ("answers.on_call is true", {"extra": {"on_call": "yes"}}, "yes"),
        ("answers.on_call is true", {"extra": {"on_call": False}}, "no"),
        ("answers.years at least 3", {"extra": {"years": "3"}}, "yes"),
        ("answers.years at least 3", {"extra": {"years": 2.5}}, "no"),
        ("answers.years at most 3", {"extra": {"years": 3}}, "yes"),
        ("answers.years at least 3", {"extra": {"years": "a few"}}, "unknown"),
        ("answers.years at least 3", {"extra": {"years": True}}, "unknown"),
        ("answers.clinics include north", {"extra": {"clinics": ["North", "South"]}}, "yes"),
        ("identity.gender is woman", {"gender": "woman"}, "yes"),
        ("identity.gender is woman", {"gender": "prefer not to say"}, "unknown"),
        ("identity.heritage is Hmong", {"heritage": "Hmong"}, "yes"),
        ("identity.underrepresented is true", {"extra": {"underrepresented": True}}, "yes"),
        ("identity.underrepresented is true", {}, "unknown"),
    ],
)
def test_what_a_fact_answers(rule: str, said: dict[str, Any], expected: str) -> None:
    assert answer(rule, **said) == expected


def test_no_rule_lets_everybody_in() -> None:
    decision = decide(None, person(), ON)
    assert (decision.answer, decision.reasons) == ("yes", ())


# Kleene's strong logic: of three answers, unknown is neither, and stays so unless the rest decides.

ANSWERS = st.sampled_from(Answer)
MANY = st.lists(ANSWERS, min_size=1, max_size=6)


def test_the_tables() -> None:
    yes, no, unknown = Answer.YES, Answer.NO, Answer.UNKNOWN
    assert [[all_of([left, right]) for right in (yes, unknown, no)] for left in (yes, unknown, no)] == [
        [yes, unknown, no],
        [unknown, unknown, no],
        [no, no, no],
    ]
    assert [[any_of([left, right]) for right in (yes, unknown, no)] for left in (yes, unknown, no)] == [
        [yes, yes, yes],
        [yes, unknown, unknown],
        [yes, unknown, no],
    ]
    assert [answer.opposite() for answer in (yes, unknown, no)] == [no, unknown, yes]


LEAVES = {Answer.YES: "stage is resident", Answer.NO: "stage is fellow", Answer.UNKNOWN: "specialty is Urology"}
RULES = st.recursive(
    ANSWERS.map(LEAVES.__getitem__),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(lambda rules: {"all": rules}),
        st.lists(inner, min_size=1, max_size=4).map(lambda rules: {"any": rules}),
        inner.map(lambda rule: {"not": rule}),
    ),
    max_leaves=12,
)
RESIDENT = person(stage="resident")


def _by_the_tables(rule: Rule) -> Answer:
    """The plainest reading of a rule, to hold the real one against."""
    match rule:
        case All(rules):
            return all_of(map(_by_the_tables, rules))
        case AnyOf(rules):
            return any_of(map(_by_the_tables, rules))
        case Not(inner):
            return _by_the_tables(inner).opposite()
    return decide(rule, RESIDENT, ON).answer


@given(RULES)
def test_nests_follow_the_tables(nest: object) -> None:
    rule = parse_rule(nest)
    assert decide(rule, RESIDENT, ON).answer is _by_the_tables(rule)


@given(RULES, RULES)
def test_de_morgan(first: object, second: object) -> None:
    assert answer({"not": {"all": [first, second]}}, stage="resident") == answer(
        {"any": [{"not": first}, {"not": second}]}, stage="resident"
    )


@given(RULES, RULES, RULES)
def test_distribution_absorption_and_double_negation(a: object, b: object, c: object) -> None:
    def said(rule: object) -> str:
        return answer(rule, stage="resident")

    assert said({"all": [a, {"any": [b, c]}]}) == said({"any": [{"all": [a, b]}, {"all": [a, c]}]})
    assert said({"any": [a, {"all": [a, b]}]}) == said(a)
    assert said({"not": {"not": a}}) == said(a)
    assert said({"all": [a, b]}) == said({"all": [b, a]})


@given(RULES)
def test_knowing_more_never_takes_back_an_answer(nest: object) -> None:
    before = answer(nest, stage="resident")
    after = answer(nest, stage="resident", specialty="Urology")
    assert before in ("unknown", after)
    assert after != "unknown"


@given(RULES)
def test_a_decision_has_reasons_that_alone_would_decide_it(nest: object) -> None:
    decision = decide(parse_rule(nest), RESIDENT, ON)
    assert decision.reasons
    assert {reason.answer for reason in decision.reasons} == {decision.answer}
    assert len(decision.reasons) <= len(decision.considered)
    for reason in decision.reasons:
        assert decide(parse_rule(reason.rule), RESIDENT, ON).answer is decision.answer


@given(RULES)
def test_rules_read_back_and_can_be_said(nest: object) -> None:
    rule = parse_rule(nest)
    assert parse_rule(written(rule)) == rule
    assert "{" not in str(in_words(rule))
    assert flattened(rule)


def test_a_rule_in_words() -> None:
    nest = {
        "all": [
            "membership.status is one of [active, retired]",
            {"any": ["training.completed within 2 years", "practice.state is MA"]},
            {"not": {"any": ["stage is fellow", "answers.on_leave is true"]}},
        ]
    }
    assert str(in_words(parse_rule(nest))) == (
        "membership is active or retired, and either training completed within 2 years, or state of practice is "
        "Massachusetts, and career stage is not fellow, and on leave is not yes"
    )


def test_rules_that_stand_too_deep_in_each_other_are_refused() -> None:
    rule: object = "stage is resident"
    for _turn in range(MOST_NESTED):
        rule = {"not": rule}
    assert parse_rule(rule)
    with pytest.raises(FaultsError, match="more than 12 deep"):
        parse_rule({"not": rule})


@pytest.mark.parametrize("name", templates.names())
def test_what_a_rule_looks_at_is_all_that_it_needs_to_know(name: str) -> None:
    """Somebody of whom nothing else is told has the same answer."""
    whole = Participant(
        key="1",
        role="mentee",
        membership_status="active",
        stage="early career",
        specialty="Pediatrics",
        languages=("English",),
        training_completed_on=date(2026, 7, 1),
        training_completed_latest=date(2026, 7, 31),
        training_state="MA",
        zip="02139",
        attests=True,
        gender="woman",
        heritage="some",
        extra={"underrepresented": "yes"},
    )
    for part in templates.load(name).parts:
        for rule in (*part.eligible.values(), *part.focus.values()):
            asked = Asked(rule, date(2027, 3, 1))
            others = {each.name: each.default for each in fields(Participant) if each.name not in asked.looks_at}
            told = replace(whole, **{k: v for k, v in others.items() if v is not MISSING and k not in ("key", "role")})
            assert Asked(rule, date(2027, 3, 1))(told) is asked(whole)
            assert asked(whole) is not Answer.UNKNOWN
