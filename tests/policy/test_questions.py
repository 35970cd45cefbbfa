"""What a policy may say of a question: kinds with their settings, conditions, and what cannot be."""

from __future__ import annotations

from typing import get_args

import pytest

from programs.policy.document import load_policy
from programs.policy.document.questions import SHAPES, Kind
from tests.policy.documents import faults, with_part

NEEDS = {"choice": "choices: [a, b]", "choices": "choices: [a, b]", "ranking": "choices: [a, b]"}


def asking(*lines: str) -> str:
    """A policy whose sign-up asks questions, each a line."""
    return with_part("intake:", "  mentee:", *(f"    - {{{line}}}" for line in lines))


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_can_be_asked(kind: str) -> None:
    more = "rows: [r, s], choices: [a, b]" if kind == "matrix" else NEEDS.get(kind, "")
    policy = load_policy(asking(f"ask: q, text: What?, kind: {kind}{', ' if more else ''}{more}"))
    assert policy.parts[0].intake["mentee"][0].blanks[0].kind == kind


@pytest.mark.parametrize("kind", get_args(Kind))
def test_settings_of_another_kind_are_refused_where_they_stand(kind: str) -> None:
    shape = SHAPES.get(kind)
    allowed = (*shape.needs, *shape.may) if shape else ()
    said = {"rows": "[r]", "lowest": "3", "ends": "[a, b]", "most": "2", "types": "[PDF]", "most_mb": "2"}
    for name, value in said.items():
        told = faults(asking(f"ask: q, text: What?, kind: {kind}, {name}: {value}"))
        about = [fault for fault in told if fault[2].startswith(f"“{name}” belongs to")]
        assert bool(about) == (name not in allowed), (name, told)
        assert all(line is not None for _path, line, _said in told)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("kind: matrix, choices: [a]", "A “matrix” needs its rows."),
        ("kind: ranking", "A “ranking” needs its choices."),
        ("kind: scale, lowest: 0, highest: 20", "A scale has 2 to 11 steps; this one has 21."),
        ("kind: scale, ends: [bad]", "A scale has two ends: what the lowest means, and what the highest means."),
        ("kind: number, lowest: 5, highest: 2", "The highest, 2, is less than the lowest, 5."),
        ("kind: date, fills: places", "“date” cannot fill places. What can: “number”, “scale”."),
        (
            "kind: short text, fills: employer, ask_who_sees: true",
            "Who may see it cannot be asked of employer, which others read. What can: gender, heritage, or none.",
        ),
        ("kind: file, types: [DOC]", "“DOC” is not known here. Known here: PDF, picture."),
    ],
)
def test_what_cannot_be_is_said_at_its_place(line: str, said: str) -> None:
    (told,) = faults(asking(f"ask: q, text: What?, {line}"))
    assert (told[0].startswith("parts[0].intake.mentee[0]"), told[1], told[2]) == (True, 17, said)


def test_a_condition_asks_about_an_earlier_question_of_the_same_form() -> None:
    how = "ask: how, text: How?, kind: choice, choices: [in person, online]"
    fine = "ask: far, text: How far?, kind: number, show_when: answers.how is in person"
    policy = load_policy(asking(how, fine))
    assert str(policy.parts[0].intake["mentee"][1].show_when) == "answers.how is in person"
    for wrong, said in (
        ("answers.hwo is online", "No earlier question of this form asks “hwo”. Did you mean “how”?"),
        ("stage is resident", "No earlier question of this form asks “stage”."),
        ("answers.how is onlin", "“onlin” is no answer to “how”. Did you mean “online”?"),
    ):
        (told,) = faults(asking(how, f"ask: far, text: How far?, kind: number, show_when: {wrong}"))
        assert told[2].startswith(said)
        assert "intake.mentee[1]" in told[0]
        assert told[1] is not None
    (late,) = faults(asking(fine, how))
    assert late[2].startswith("No earlier question of this form asks “how”.")


def test_one_question_stands_in_a_form_once() -> None:
    text = with_part("intake:", "  both: [languages]", "  mentee: [languages]")
    assert [said for _path, _line, said in faults(text)] == ["“languages” is asked twice in this form."]
