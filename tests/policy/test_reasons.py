"""Reasons: data for the page, a sentence for the person, a note for staff, and nothing that should not be told."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from programs.policy.rules import decide, parse_rule
from programs.policy.rules.facts import fact_named
from programs.policy.sentences import Sentence, plain
from tests.policy.people import person

ON = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("rule", "said", "sentence", "note"),
    [
        ("membership.status is active", {"membership_status": "active"}, "Membership is active", None),
        (
            "membership.status is one of [active, retired]",
            {"membership_status": "lapsed"},
            "Membership is lapsed; this asks for active or retired",
            None,
        ),
        (
            "membership.status is not lapsed",
            {"membership_status": "lapsed"},
            "Membership is lapsed; this asks for anything but lapsed",
            None,
        ),
        (
            "membership.status is active",
            {},
            "We don't know yet what kind of member you are",
            "The kind of membership is not known",
        ),
        (
            "training.state is MA",
            {"training_state": "OH"},
            "Completed training in Ohio; this asks for Massachusetts",
            None,
        ),
        ("practice.state is MA", {"zip": "01970"}, "Practices in Massachusetts", None),
        (
            "practice.state is MA",
            {"zip": "00000"},
            "We can't tell in which state the ZIP code 00000 lies",
            "We can't tell in which state the ZIP code 00000 lies",
        ),
        (
            "values.attested is true",
            {"attests": False},
            "Answer about the program's values: no; this asks for yes",
            None,
        ),
        (
            "languages include Hmong",
            {"languages": ("English", "Somali")},
            "Speaks English, Somali; this asks for Hmong",
            None,
        ),
        (
            "answers.years_here at least 3",
            {"extra": {"years_here": 1}},
            "Answered “years here” with 1; this asks for at least 3",
            None,
        ),
        ("answers.years_here at least 3", {}, "You have not answered “years here” yet", "“years here” is not answered"),
    ],
)
def test_what_is_said(rule: str, said: dict[str, Any], sentence: str, note: str | None) -> None:
    [reason] = decide(parse_rule(rule), person(**said), ON).reasons
    assert str(reason.sentence) == sentence
    assert str(reason.note) == (note or sentence)


def test_a_denied_rule_gives_the_reason_for_what_is_really_asked() -> None:
    rule = parse_rule({"not": {"any": ["stage is resident", "membership.status is lapsed"]}})
    decision = decide(rule, person(stage="resident", membership_status="active"), ON)
    assert [(reason.rule, reason.answer.value) for reason in decision.reasons] == [("stage is not resident", "no")]
    assert [reason.rule for reason in decision.considered] == [
        "stage is not resident",
        "membership.status is not lapsed",
    ]


def test_a_decision_is_data() -> None:
    rule = parse_rule({"all": ["stage is early career", "training.completed within 2 years"]})
    data = decide(rule, person(stage="early career"), ON).as_data()
    assert json.loads(json.dumps(data)) == {
        "answer": "unknown",
        "reasons": [
            {
                "fact": "training.completed",
                "rule": "training.completed within 2 years",
                "answer": "unknown",
                "value": None,
                "sentence": "We don't know yet when you completed training",
                "note": "The day training was completed is not known",
                "settled_by": "the day training was completed",
            }
        ],
    }
    known = decide(rule, person(stage="early career", training_completed_on=date(2026, 7, 8)), ON).as_data()
    assert [reason["value"] for reason in known["reasons"]] == ["early career", "2026-07-08"]


@pytest.mark.parametrize("gender", ["woman", "man"])
def test_an_identity_answer_stands_in_no_reason(gender: str) -> None:
    [reason] = decide(parse_rule("identity.gender is woman"), person(gender=gender), ON).reasons
    told = json.dumps({**reason.as_data(), "rule": None})
    assert gender not in told
    assert reason.value is None


@pytest.mark.parametrize(
    "name",
    [
        *("membership.status", "stage", "specialty", "languages", "training.completed", "training.state"),
        *("practice.state", "years_since_training", "values.attested", "answers.anything", "identity.anything"),
    ],
)
def test_every_fact_says_what_would_settle_it(name: str) -> None:
    fact = fact_named(name)
    comparison = {
        "word": "is one of [MA]" if fact.known else "is x",
        "list": "include x",
        "number": "at least 1",
        "date": "within 1 year",
        "flag": "is true",
        "any": "is x",
    }[fact.kind]
    rule = parse_rule(f"{name} {'is resident' if name == 'stage' else comparison}")
    [reason] = decide(rule, person(), ON).reasons
    assert reason.answer == "unknown"
    assert reason.settled_by is not None
    assert "{" not in f"{reason.settled_by} {reason.sentence} {reason.note}"


def test_a_sentence_can_be_said_in_another_language() -> None:
    sentence = Sentence("{known}; {day}", {"known": Sentence("Stage is {value}", {"value": "resident"}), "day": ON})
    spanish = {"Stage is {value}": "La etapa es {value}"}
    assert str(sentence) == "Stage is resident; March 1, 2027"
    assert sentence.said(lambda text: spanish.get(text, text), lambda value: plain(value).upper()) == (
        "La etapa es RESIDENT; MARCH 1, 2027"
    )
