"""What is told of answers, attacked: by taking parts from the whole, and by what is alike."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from programs.policy.document.library import shipped
from programs.surveys.privacy import Outcome, Sheet, Told, may_be_told, outcome, roles_told, tell, tell_parts
from programs.surveys.sets import AGAIN, MAY_QUOTE, YES, counted, options, question_set, said

ANSWERS = ("yes", "perhaps", "no")
ROLES = ("early", "mentor", "senior")
SHEETS = st.lists(
    st.builds(
        Sheet,
        st.sampled_from(ROLES),
        st.fixed_dictionaries({}, optional={"again": st.sampled_from(ANSWERS), "going": st.sampled_from(ANSWERS)}),
    ),
    max_size=36,
)
ASKED = {"again": ANSWERS, "going": ANSWERS}


def sheets(**answers: str) -> list[Sheet]:
    """Sheets by role: `mentor="yyn"` are three, with a yes, a yes and a no."""
    word = {"y": "yes", "p": "perhaps", "n": "no"}
    return [Sheet(role, {"again": word[each]}) for role, each_of in answers.items() for each in each_of]


def of(*given: Sheet) -> Outcome:
    return outcome(given, {"again": ANSWERS})


def derived(found: Outcome, ask: str) -> Iterator[Counter[str]]:
    """Every group whose counts somebody can work out: the whole, sums of parts, and the whole without such a sum."""
    whole, parts = found.whole[ask], found.parts[ask]
    everybody = Counter(whole.counts)
    if whole.counts:
        yield everybody
    for size in range(1, len(parts) + 1):
        for some in combinations(parts.values(), size):
            together = sum((Counter(part.counts) for part in some), Counter[str]())
            yield together
            if whole.counts:
                yield everybody - together


def test_fewer_than_five_are_not_told_of() -> None:
    assert of(*sheets(mentor="yynn")).whole["again"] == Told()
    assert of(*sheets(mentor="yynnp")).whole["again"] == Told(5, {"yes": 2, "perhaps": 1, "no": 2})


def test_fewer_than_ten_who_say_the_same_are_told_as_most() -> None:
    assert tell({"yes": 9, "no": 0}) == Told(9, {}, "yes")
    assert tell({"yes": 10, "no": 0}) == Told(10, {"yes": 10, "no": 0})
    assert tell({"yes": 8, "no": 1}) == Told(9, {"yes": 8, "no": 1})


def test_a_part_of_four_cannot_be_had_from_the_whole() -> None:
    found = of(*sheets(mentor="ynyny", early="nnny"))
    assert found.whole["again"].answered == 9
    assert found.parts["again"] == {}


def test_three_roles_are_told_of_all_or_none() -> None:
    assert of(*sheets(mentor="ynyny", early="nnnyy", senior="y")).parts["again"] == {}
    assert set(of(*sheets(mentor="ynyny", early="nnnyy", senior="yynnn")).parts["again"]) == set(ROLES)


def test_a_part_that_says_the_same_hides_every_part_for_the_whole_would_give_it_away() -> None:
    assert of(*sheets(mentor="yyyyy", early="yynnn")).parts["again"] == {}


def test_who_alone_left_a_question_empty_is_in_no_part() -> None:
    left = [*sheets(mentor="ynyn", early="nnnyy"), Sheet("mentor", {})]
    assert of(*left).parts["again"] == {}


def test_an_answer_that_nobody_was_offered_counts_for_nothing() -> None:
    assert of(*sheets(mentor="ynyn"), Sheet("mentor", {"again": "maybe"})).whole["again"] == Told()


@given(SHEETS)
@settings(max_examples=150)
def test_no_group_that_can_be_worked_out_is_small_or_alike(given: list[Sheet]) -> None:
    found = outcome(given, ASKED)
    for ask in ASKED:
        for group in derived(found, ask):
            answered = group.total()
            assert answered == 0 or may_be_told(answered)
            assert answered == 0 or answered >= 10 or max(group.values()) < answered


@given(SHEETS)
@settings(max_examples=40)
def test_what_is_told_does_not_depend_on_the_order_and_keeps_as_data(given: list[Sheet]) -> None:
    found = outcome(given, ASKED)
    assert outcome(given[::-1], ASKED) == found
    assert Outcome.stored(json.loads(json.dumps(found.kept()))) == found


def test_comments_carry_roles_only_where_every_role_has_five() -> None:
    assert roles_told({"mentor": 5, "mentee": 7})
    assert not roles_told({"mentor": 4, "mentee": 20})
    assert not roles_told({"mentor": 20})


def test_parts_need_each_other() -> None:
    assert tell_parts({"mentor": {"yes": 6, "no": 1}}) == {}


def test_no_two_sets_ask_the_same() -> None:
    asked = [each.ask for name in shipped("surveys") for each in question_set(name).questions]
    assert len(asked) == len(set(asked))


def test_every_set_that_ships_can_be_counted_and_has_a_comment_that_is_quoted_only_if_its_writer_says_so() -> None:
    for name in shipped("surveys"):
        questions = question_set(name).questions
        assert all(len(options(blank)) > 1 for _question, blank in counted(questions))
        [(comment, _blank)] = said(questions)
        assert [blank.name for blank in comment.blanks] == ["comment", MAY_QUOTE]
        assert {blank.kind for each in questions for blank in each.blanks} <= {
            "scale", "choice", "long text", "yes or no",
        }  # fmt: skip


def test_the_set_at_the_end_asks_five_things_and_whether_somebody_would_take_part_again() -> None:
    asked = {each.ask: blank for each, blank in counted(question_set("society experience").questions)}
    assert list(asked) == ["reciprocity", "respect", "expectations", "connection", "shared_values", AGAIN]
    assert YES in options(asked[AGAIN])
