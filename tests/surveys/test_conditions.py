"""Which questions are asked."""

from __future__ import annotations

from typing import Any

import pytest

from programs.policy.document import load_policy
from programs.surveys.conditions import asked
from tests.policy.documents import with_part

FORM = load_policy(
    with_part(
        "intake:",
        "  mentee:",
        "    - {ask: how, text: How?, kind: choice, choices: [in person, online]}",
        "    - {ask: far, text: How far?, kind: number, show_when: answers.how is in person}",
        "    - {ask: car, text: By car?, kind: yes or no, show_when: answers.far at least 10}",
        "    - {ask: last, text: Else?}",
    )
)
QUESTIONS = FORM.parts[0].intake["mentee"]


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({}, ["how", "last"]),
        ({"how": {}}, ["how", "last"]),
        ({"how": {"how": "online"}}, ["how", "last"]),
        ({"how": {"how": "in person"}}, ["how", "far", "last"]),
        ({"how": {"how": "in person"}, "far": {"far": 9}}, ["how", "far", "last"]),
        ({"how": {"how": "in person"}, "far": {"far": 10}}, ["how", "far", "car", "last"]),
        ({"how": {"how": "online"}, "far": {"far": 10}}, ["how", "last"]),
    ],
)
def test_a_question_waits_for_the_answer_that_makes_it_one(answers: dict[str, Any], shown: list[str]) -> None:
    assert [question.ask for question in asked(QUESTIONS, answers)] == shown
