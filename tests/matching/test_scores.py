"""Whole pools: the same integers whatever is asked for at once, equal to a plain loop over pairs."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.criteria import Known, Scores
from matching.criteria.points import equal_shares
from matching.criteria.related import RELATED, are_related
from matching.engine import Changes, Explainer, Problem, ScoreSource, solve, what_if
from programs.policy.participant import Participant
from programs.policy.words import STAGES, CriterionId, HardRuleId
from tests.matching.people import matters, mentee, mentor

WEIGHTS = {
    "lived_my_challenge": 263,
    "aspects_covered": 217,
    "near_each_other": {"points": 199, "half_at": "12 mi"},
    "specialty": 121,
    "shared_interests": 83,
    "my_own_preference": 67,
    "free_at_the_same_time": 50,
}
EVERYTHING = matters(
    weights=WEIGHTS,
    never=[
        "mentor_not_further_along",
        "same_employer",
        "reporting_line",
        "no_common_language",
        "meeting_modes_clash",
        "blocked_by_either",
        "ended_early_before",
    ],
)
WORDS = st.lists(st.sampled_from("abcde"), max_size=4, unique=True).map(tuple)


def people(role: str, prefix: str) -> st.SearchStrategy[list[Participant]]:
    """Some people, of whom much may not be known."""
    said = st.fixed_dictionaries(
        {
            "stage": st.sampled_from([None, *STAGES]),
            "specialty": st.sampled_from([None, "Neurology", "Psychiatry", "Urology"]),
            "zip": st.sampled_from([None, "00000", "02111", "01970", "90001"]),
            "employer": st.sampled_from([None, "Retired", "A", "B"]),
            "languages": st.lists(st.sampled_from(["English", "Hmong"]), max_size=2, unique=True).map(tuple),
            "meeting_mode": st.sampled_from([None, "in person", "virtual", "either"]),
            "interests": WORDS,
            "aspects": WORDS,
            "challenges": WORDS,
            "availability": WORDS,
            "gender": st.sampled_from([None, "woman", "man", "prefer not to say"]),
            "heritage": st.sampled_from([None, "Somali", "Black"]),
            "prefers_shared": st.lists(st.sampled_from(["gender", "heritage"]), max_size=2, unique=True).map(tuple),
        }
    )
    make = mentor if role == "mentor" else mentee
    return st.lists(said, max_size=6).map(
        lambda rows: [make(f"{prefix}{number}", **row) for number, row in enumerate(rows)]
    )


def by_hand(scores: Scores, row: int, col: int) -> int:
    """A score as one would add it up on paper; closeness and rules are taken as told."""
    one, other = scores.mentees[row], scores.mentors[col]
    if scores.forbidden_by(row, col):
        return -1
    points: dict[str, Any] = {
        "lived_my_challenge": covered(one.challenges, other.challenges),
        "aspects_covered": covered(one.aspects, other.aspects),
        "shared_interests": covered(one.interests, other.interests),
        "near_each_other": scores.points(row, col)["near_each_other"].points,
        "specialty": 500,
        "my_own_preference": 500,
        "free_at_the_same_time": 500,
    }
    if one.specialty and other.specialty:
        same = one.specialty == other.specialty
        points["specialty"] = 1000 if same else RELATED if are_related(one.specialty, other.specialty) else 0
    if one.prefers_shared:
        halves = equal_shares(500, len(one.prefers_shared))
        points["my_own_preference"] = sum(
            half * liked(getattr(one, name), getattr(other, name))
            for name, half in zip(one.prefers_shared, halves, strict=True)
        )
    if one.availability and other.availability:
        points["free_at_the_same_time"] = [0, 700, 900, 1000, 1000][len({*one.availability} & {*other.availability})]
    return sum(points[name] * weight for name, weight in scores.weights.items())


def covered(wishes: tuple[str, ...], offers: tuple[str, ...]) -> int:
    if not wishes or not offers:
        return 500
    return sum(share for word, share in zip(wishes, equal_shares(1000, len(wishes)), strict=True) if word in offers)


def liked(mine: str | None, theirs: str | None) -> int:
    if None in (mine, theirs) or "prefer not to say" in (mine, theirs):
        return 1
    return 2 if mine == theirs else 0


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people("mentee", "E"), people("mentor", "M"), st.data())
def test_any_block_holds_the_same_integers_as_a_plain_loop(
    mentees: list[Participant], mentors: list[Participant], data: st.DataObject
) -> None:
    known = Known(blocked=[("E0", "M1"), ("M0", "E2")])
    scores = Scores(mentees, mentors, EVERYTHING, known)
    assert scores.shape == (len(mentees), len(mentors))
    expected = np.array(
        [[by_hand(scores, row, col) for col in range(len(mentors))] for row in range(len(mentees))], np.int32
    ).reshape(scores.shape)
    whole = scores.block(np.arange(len(mentees)))
    assert whole.dtype == np.int32
    assert whole.tolist() == expected.tolist()
    rows = np.array(
        data.draw(st.lists(st.integers(0, len(mentees) - 1), max_size=8) if mentees else st.just([])), np.int64
    )
    cols = np.array(
        data.draw(st.lists(st.integers(0, len(mentors) - 1), max_size=8) if mentors else st.just([])), np.int64
    )
    assert scores.block(rows).tolist() == expected[rows].tolist()
    assert scores.block(rows, cols).tolist() == expected[np.ix_(rows, cols)].tolist()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people("mentee", "E"), people("mentor", "M"))
def test_points_add_up_to_the_score(mentees: list[Participant], mentors: list[Participant]) -> None:
    scores = Scores(mentees, mentors, matters(weights=WEIGHTS))
    whole = scores.block(np.arange(len(mentees)))
    for row in range(len(mentees)):
        for col in range(len(mentors)):
            points = scores.points(row, col)
            assert sum(each.points * scores.weights[name] for name, each in points.items()) == whole[row, col]
            assert all(0 <= each.points <= 1000 for each in points.values())
            assert all(each.points == 500 for each in points.values() if not each.known and not each.facts)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people("mentee", "E"), people("mentor", "M"), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(mentees: list[Participant], mentors: list[Participant], lot: Any) -> None:
    rows, cols = [*range(len(mentees))], [*range(len(mentors))]
    lot.shuffle(rows)
    lot.shuffle(cols)
    straight = Scores(mentees, mentors, EVERYTHING).block(np.arange(len(mentees)))
    shuffled = Scores([mentees[row] for row in rows], [mentors[col] for col in cols], EVERYTHING)
    assert shuffled.block(np.arange(len(mentees))).tolist() == straight[np.ix_(rows, cols)].tolist()


def test_a_perfect_pair_has_a_million_points() -> None:
    said: dict[str, Any] = {
        "specialty": "Neurology",
        "zip": "02111",
        "interests": ("a", "b", "c"),
        "aspects": ("a",),
        "challenges": ("a", "b", "c", "d", "e", "f", "g"),
        "availability": ("a", "b", "c"),
        "gender": "woman",
        "prefers_shared": ("gender",),
    }
    scores = Scores([mentee(**said)], [mentor(**said)], matters(weights=WEIGHTS))
    assert scores.block(np.array([0])).tolist() == [[1_000_000]]


def test_many_wishes_stay_exact() -> None:
    wishes = tuple(f"wish {number}" for number in range(997))
    scores = Scores([mentee(interests=wishes)], [mentor(interests=wishes[:500])], matters())
    assert scores.block(np.array([0]))[0, 0] == sum(equal_shares(1000, 997)[:500]) * 1000


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_an_empty_side_is_no_crash(shape: tuple[int, int]) -> None:
    scores = Scores(
        [mentee(f"E{number}") for number in range(shape[0])],
        [mentor(f"M{number}") for number in range(shape[1])],
        EVERYTHING,
    )
    assert scores.block(np.arange(shape[0])).shape == shape


def test_scores_are_a_source_of_the_engine() -> None:
    source: ScoreSource = Scores([mentee()], [mentor()], matters())
    assert source.shape == (1, 1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people("mentee", "E"), people("mentor", "M"))
def test_the_engine_is_told_what_scores_are_made_of_and_why_a_pair_may_not_be(
    mentees: list[Participant], mentors: list[Participant]
) -> None:
    scores = Scores(mentees, mentors, EVERYTHING, Known(blocked=[("E0", "M1")]))
    problem = Problem(scores, np.ones(len(mentors), np.int64))
    result = solve(problem)
    explainer = Explainer(result, problem)
    for fact in explainer.explain():
        assert fact.parts is not None
        assert sum(share.score for share in fact.parts.values()) == fact.score
        points = scores.points(fact.mentee, fact.mentor)
        assert {name: share.points for name, share in fact.parts.items()} == {
            name: each.points for name, each in points.items()
        }
    for pair in np.ndindex(*scores.shape):
        assert list(explainer.why_not(*pair).rules) == scores.forbidden_by(*pair)


def test_a_run_blind_to_peoples_own_preference_is_one_change() -> None:
    said: dict[str, Any] = {"gender": "woman", "prefers_shared": ("gender",)}
    there = [mentor("M0", gender="man", interests=("a",)), mentor("M1", gender="woman")]
    policy = matters(weights={"my_own_preference": 600, "shared_interests": 400})
    problem = Problem(Scores([mentee("E0", interests=("a",), **said)], there, policy), np.ones(2, np.int64))
    result = solve(problem)
    delta = what_if(result, problem, Changes(blind_to=["my_own_preference"]))
    assert (delta.gone, delta.come) == (((0, 1),), ((0, 0),))


def test_every_criterion_and_rule_that_a_policy_can_name_is_there() -> None:
    equal = dict(zip(get_args(CriterionId), equal_shares(1000, len(get_args(CriterionId))), strict=True))
    one = mentee(stage="retired", employer="A", languages=("Hmong",), meeting_mode="virtual")
    other = mentor(stage="fellow", employer="A", languages=("English",), meeting_mode="in person")
    listed = [("E1", "M1")]
    known = Known(reporting_lines=listed, blocked=listed, ended_early=listed)
    scores = Scores([one], [other], matters(weights=equal, never=get_args(HardRuleId)), known)
    assert set(scores.points(0, 0)) == set(get_args(CriterionId))
    assert set(scores.forbidden_by(0, 0)) == set(get_args(HardRuleId))
