"""Any text at all is either read, as YAML 1.2, or refused with lines and sentences."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.policy import templates
from programs.policy.document import PolicyError, load_policy
from programs.policy.document.reading import read_yaml
from tests.policy.documents import MINIMAL, faults, varied


def test_words_stay_words() -> None:
    data, _ = read_yaml("a: no\nb: off\nc: yes\nd: 2027-03-01\ne: 'true'\nf: 1_000\ng: 0o17\nh: 12:30\n", "x")
    assert data == {
        "a": "no",
        "b": "off",
        "c": "yes",
        "d": "2027-03-01",
        "e": "true",
        "f": "1_000",
        "g": "0o17",
        "h": "12:30",
    }


def test_plain_values() -> None:
    data, _ = read_yaml("a: true\nb: ~\nc:\nd: 012\ne: -1.5\nf: [1, {g: 2}]\n9: nine\n", "x")
    assert data == {"a": True, "b": None, "c": None, "d": 12, "e": -1.5, "f": [1, {"g": 2}], "9": "nine"}


def test_every_path_has_its_line() -> None:
    _, lines = read_yaml("# comment\na:\n  b: 1\n  c:\n    - x\n    - {d: 2,\n       e: 3}\n", "x")
    assert lines.of == {
        (): 2,
        ("a",): 2,
        ("a", "b"): 3,
        ("a", "c"): 4,
        ("a", "c", 0): 5,
        ("a", "c", 1): 6,
        ("a", "c", 1, "d"): 6,
        ("a", "c", 1, "e"): 7,
    }
    assert lines.nearest(("a", "c", 1, "f", 3)) == ("a", "c", 1)


NO_ANCHORS = "Anchors (&name) and tags (!name) are not read here. Write the plain value."


@pytest.mark.parametrize(
    ("text", "path", "line", "message"),
    [
        ("", "", 1, "This is empty. A policy begins with “chiron_policy: 1”."),
        ("# nothing but this\n", "", 1, "This is empty. A policy begins with “chiron_policy: 1”."),
        ("- a\n- b\n", "", 1, "A list should be a set of settings, each with a name."),
        ("just words", "", 1, "“just words” should be a set of settings, each with a name."),
        (b"a: 1\nb: \xff\n", "", 2, "This is not a text in UTF-8."),
        ("a: 1\nb: \x00\n", "", 2, "There is a character here that no text has. Is this a text file?"),
        ('a: 1\nb: "\\u0007"\n', "b", 2, "There is a character here that no text has."),
        ('a: "\\UFFFFFFFF"', "", 1, "This is not YAML."),
        ("a: 1\nb: [1, 2\nc: 3\n", "", 3, "This is not YAML: expected ',' or ']', but got ':'."),
        ("a: 1\nb\nc: 3\n", "", 3, "This is not YAML: the name of a setting needs a colon after it."),
        ("a: 1\nb: 2\na: 3\n", "a", 3, "“a” stands here twice."),
        ("a: &x [1]\n", "a", 1, NO_ANCHORS),
        ("a: 1\nb: *x\n", "b", 2, "References (*name) are not read here. Write the value out."),
        ("a: !!str 1\n", "a", 1, NO_ANCHORS),
        ("? [a, b]\n: c\n", "", 1, "A setting's name has to be a plain word."),
        ("a: 1\n---\nb: 2\n", "", 2, "A second document starts here; a policy is one."),
        ("x" * 200_001, "", 1, "A policy has at most 200,000 characters."),
    ],
)
def test_what_is_no_policy_is_refused_with_its_line(text: str | bytes, path: str, line: int, message: str) -> None:
    assert faults(text) == [(path, line, message)]


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("a: 1\n\tb: 2\n", 2, "a word that begins with such a sign needs quotes"),
        ("a: b: c\n", 1, "one colon too many"),
        ("a:\n    b: 1\n  c: 2\n", 3, "indented differently"),
        ("a: 'b\nc: 2\n", 3, "something in quotes does not end"),
        ("a: [1,\n", 2, "a bracket or brace is not closed"),
    ],
)
def test_a_slip_of_the_hand_is_named(text: str, line: int, cause: str) -> None:
    [(_, at, message)] = faults(text)
    assert at == line
    assert cause in message


def test_a_syntax_error_does_not_hide_what_came_before_it() -> None:
    assert [(path, line) for path, line, _ in faults("a: 1\na: 2\nb: [\n")] == [("a", 2), ("", 4)]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{a: " * 50_000, "- " * 50_000, "\n".join(f"k{i}: 1" for i in range(6000))]
)
def test_a_nest_or_a_flood_stops_the_reading(text: str) -> None:
    [(_, line, message)] = faults(text)
    assert message == "This is nested too deeply, or too long, to be a policy."
    assert line in (1, 5000)


def test_a_bomb_of_references_does_not_go_off() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
    )
    assert {message for _, _, message in faults(bomb)} == {
        "Anchors (&name) and tags (!name) are not read here. Write the plain value.",
        "References (*name) are not read here. Write the value out.",
    }


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    windows = ("\ufeff" + MINIMAL.replace("\n", "\r\n")).encode()
    assert load_policy(windows) == load_policy(MINIMAL)
    assert faults(varied(("specialty: 600", "specialty: 500")).replace("\n", "\r\n"))[0][1] == 12


def test_the_error_names_file_line_and_path() -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(varied(("one_to_one", "one-to-one"), ("runs_for: 5 months", "runs_for: 5")), "mine.yaml")
    assert caught.value.message.splitlines() == [
        "mine.yaml, line 7, calendar.runs_for: “5” is not a length of time. Write it like “5 months” or “8 weeks”.",
        "mine.yaml, line 10, parts[0].format: “one-to-one” is not known here. Did you mean “one_to_one”?",
    ]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.binary(), st.text(alphabet="-:?[]{}&*!|>'\"%@`#,~ \n\tab01\\")))
def test_no_text_ends_in_a_traceback(text: str | bytes) -> None:
    assert faults(text)


VALUES = ["no", "[]", "{}", "3", "~", "-1", "[[1]]", "{a: {b: [c]}}", "'", "1e9", "true", "x" * 5000, "[a, a]"]


def _mutated(text: str, seed: int) -> str:
    """A template as a clumsy hand leaves it: lines lost, doubled, moved in or out, words changed."""
    chance = random.Random(seed)
    lines = text.split("\n")
    for _ in range(chance.randint(1, 6)):
        position = chance.randrange(len(lines))
        line = lines[position]
        lines[position : position + 1] = chance.choice(
            [
                [],
                [line, line],
                [f"  {line}"],
                [line.removeprefix("  ")],
                [line.replace(":", "")],
                [line.replace("[", "").replace("}", "")],
                [
                    line.split(":")[0]
                    + ": "
                    + chance.choice(["no", "[]", "{}", "3", "~", "-1", "[[1]]", "{a: {b: [c]}}", "'", "1e9"])
                ],
                [line[: chance.randrange(len(line) + 1)]],
                [line[::-1]],
            ]
        )
    return "\n".join(lines)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(templates.names()), st.integers(0, 2**32))
def test_a_mutated_template_loads_or_says_what_is_wrong(name: str, seed: int) -> None:
    text = _mutated(templates.text(name), seed)
    lines = text.count("\n") + 1
    for _, line, message in faults(text):
        assert line is not None
        assert 1 <= line <= lines
        assert message.endswith((".", "?", "…"))
        assert "pydantic" not in message
        assert "Input should" not in message
        assert "Value error" not in message
