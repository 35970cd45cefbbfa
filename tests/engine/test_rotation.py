"""Every round is a matching, no pair meets twice, no plan has a higher total, and breaks are spread."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.engine import CertificateError, MatrixSource, ProblemError
from matching.engine.rotation import Evening, Rotation, _into_rounds, _plan, rotate, verify_rotation
from matching.engine.rotation.coloring import color
from matching.engine.solver import solve
from tests.engine.problems import Case, by_highs, every_answer, examples


def evening_of(scores: Any, rounds: int, seats: Any = None, **more: Any) -> Evening:
    return Evening(MatrixSource(scores), rounds, None if seats is None else np.array(seats), **more)


@st.composite
def evenings(draw: st.DrawFn, most: int = 9, *, all_may: bool = False) -> tuple[Evening, np.ndarray[Any, Any]]:
    """Evenings before they begin, and their scores."""
    mentees, mentors = draw(st.integers(1, most)), draw(st.integers(1, most))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scores = random.integers(0 if all_may else -1, draw(st.sampled_from([1, 4, 1000])), (mentees, mentors))
    seats = random.integers(1 if all_may else 0, 3, mentors)
    return evening_of(scores, draw(st.integers(1, min(5, max(mentees, mentors)))), seats), scores


def check_rounds(rotation: Rotation, evening: Evening) -> None:
    """Each round a matching with its seats, no pair twice over the whole evening."""
    meetings = [tuple(meeting) for meeting in rotation.meetings.tolist()]
    assert meetings == sorted(meetings)
    assert all(evening.over <= at < evening.rounds for at, _, _ in meetings)
    assert max(Counter((at, mentee) for at, mentee, _ in meetings).values(), default=0) <= 1
    for (_, mentor), count in Counter((at, mentor) for at, _, mentor in meetings).items():
        assert count <= evening.places()[1][mentor]
    pairs = Counter((mentee, mentor) for _, mentee, mentor in [*meetings, *evening.past])
    assert max(pairs.values(), default=0) <= 1
    sizes = np.bincount(rotation.meetings[:, 0] - evening.over, minlength=evening.left)
    assert sizes.max() - sizes.min() <= 1


@examples(26)
@given(evenings())
def test_the_total_is_that_of_the_best_pairs_with_as_many_places_as_rounds(drawn: Any) -> None:
    evening, scores = drawn
    rotation = rotate(evening, spread=False)
    check_rounds(rotation, evening)
    verify_rotation(rotation, evening)
    case = Case.of(
        scores, evening.rounds * evening.places()[1], demand=np.full(len(scores), min(evening.rounds, scores.shape[1]))
    )
    made = rotation.meetings[:, 1], rotation.meetings[:, 2]
    assert rotation.total == by_highs(case) == scores[made].sum()


@examples(26)
@given(evenings())
def test_spread_rounds_are_rounds_and_proven(drawn: Any) -> None:
    evening, _ = drawn
    rotation = rotate(evening)
    check_rounds(rotation, evening)
    verify_rotation(rotation, evening)
    assert rotation.total <= rotate(evening, spread=False).total


@examples(28)
@given(evenings(all_may=True))
def test_breaks_are_spread_evenly_among_those_there_are_too_many_of(drawn: Any) -> None:
    evening, scores = drawn
    rotation = rotate(evening)
    mentees, mentors = scores.shape
    seats = evening.places()[1]
    if mentees > seats.sum():
        had = np.bincount(rotation.meetings[:, 1], minlength=mentees)
        assert had.max() - had.min() <= 1
        breaks = np.bincount(rotation.breaks(evening)[:, 1], minlength=mentees)
        assert (breaks + had == evening.rounds).all()
    else:
        had = np.bincount(rotation.meetings[:, 2], minlength=mentors)
        short = had < np.minimum(evening.rounds * seats, mentees)
        assert not short.any() or had.max() - had[short].min() <= 1


@examples(26)
@given(evenings(3, all_may=True))
def test_no_evenly_spread_plan_is_better(drawn: Any) -> None:
    evening, scores = drawn
    mentees, seats = len(scores), evening.places()[1]
    assume(mentees > seats.sum())
    case = Case.of(
        scores,
        np.minimum(evening.rounds * seats, mentees),
        demand=np.full(mentees, min(evening.rounds, scores.shape[1])),
    )
    best = 0
    for pairs in every_answer(case.problem, scores):
        had = np.bincount(np.array([mentee for mentee, _ in pairs], np.int64), minlength=mentees)
        if had.max() - had.min() <= 1:
            best = max(best, case.total(pairs))
    assert rotate(evening).total == best


@examples(26)
@given(evenings(), st.data())
def test_rounds_to_come_are_planned_anew_when_people_come_late_or_leave(drawn: Any, data: st.DataObject) -> None:
    evening, scores = drawn
    if evening.rounds == 1:
        return
    first = rotate(evening)
    over = data.draw(st.integers(1, evening.rounds - 1))
    past = [tuple(meeting) for meeting in first.meetings.tolist() if meeting[0] < over]
    later = np.vstack([scores, data.draw(st.sampled_from([scores[:1], scores[:0]]))])
    away = data.draw(st.lists(st.integers(0, len(scores) - 1), max_size=2, unique=True))
    gone = data.draw(st.lists(st.integers(0, scores.shape[1] - 1), max_size=1))
    now = evening_of(later, evening.rounds, evening.seats, over=over, past=past, away_mentees=away, away_mentors=gone)
    for spread in (True, False):
        rotation = rotate(now, spread=spread)
        check_rounds(rotation, now)
        verify_rotation(rotation, now)
        assert not set(away) & set(rotation.meetings[:, 1].tolist())
        assert not set(gone) & set(rotation.meetings[:, 2].tolist())
    allowed = later.copy()
    for _, mentee, mentor in past:
        allowed[mentee, mentor] = -1
    allowed[away], allowed[:, gone] = -1, -1
    case = Case.of(allowed, now.left * now.seats, demand=np.full(len(later), min(now.left, later.shape[1])))  # type: ignore[operator]
    assert rotation.total == by_highs(case)


@examples(26)
@given(evenings(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(drawn: Any, random: Any) -> None:
    evening, scores = drawn
    rows, cols = (list(range(people)) for people in scores.shape)
    random.shuffle(rows)
    random.shuffle(cols)
    moved = evening_of(
        scores[np.ix_(rows, cols)],
        evening.rounds,
        evening.seats[cols],
        mentee_keys=np.array(rows, np.uint64),
        mentor_keys=np.array(cols, np.uint64),
    )
    found = sorted([at, rows[mentee], cols[mentor]] for at, mentee, mentor in rotate(moved).meetings.tolist())
    assert found == rotate(evening).meetings.tolist()


@examples(36)
@given(st.integers(1, 8), st.integers(1, 8), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_any_graph_is_colored_with_as_many_colors_as_anybody_has_edges(
    first: int, second: int, colors: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    left, right = Counter[int](), Counter[int]()
    edges = []
    for edge in random.permutation(np.repeat(np.arange(first * second), 2)).tolist():
        a, b = divmod(edge, second)
        if left[a] < colors and right[b] < colors:
            left[a], right[b] = left[a] + 1, right[b] + 1
            edges.append((a, b))
    columns = np.array(edges, np.int64).reshape(-1, 2)
    colored = color(columns[:, 0], columns[:, 1], colors)
    for side in (0, 1):
        at = list(zip(columns[:, side].tolist(), colored.tolist(), strict=True))
        assert len(set(at)) == len(at)
    used = np.bincount(colored, minlength=colors)
    assert len(used) == colors
    assert used.max() - used.min() <= 1


def test_two_at_a_table_and_one_too_many_take_turns() -> None:
    evening = evening_of(np.ones((5, 2)), 2, [2, 2])
    rotation = rotate(evening)
    assert (rotation.level, rotation.total) == (1, 8)
    assert Counter(rotation.breaks(evening)[:, 0].tolist()) == {0: 1, 1: 1}
    assert len(set(rotation.breaks(evening)[:, 1].tolist())) == 2


def test_whoever_only_one_mentor_may_meet_holds_nobody_else_back() -> None:
    evening = evening_of([[5, -1, -1], [-1, 5, 5], [5, 5, 5], [5, 5, 5]], 3)
    rotation = rotate(evening)
    assert np.bincount(rotation.meetings[:, 1], minlength=4).tolist() == [1, 2, 3, 3]


@pytest.mark.parametrize("shape", [(0, 0), (0, 2), (1, 1), (3, 1)])
def test_the_edges_are_answered_too(shape: tuple[int, int]) -> None:
    for spread in (True, False):
        evening = evening_of(np.zeros(shape), 1)
        rotation = rotate(evening, spread=spread)
        verify_rotation(rotation, evening)
        assert len(rotation.meetings) == min(shape)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rounds": 0}, "An evening has at least one round, not 0"),
        ({"rounds": 4}, "There are 4 rounds, 2 mentees and 3 mentors, and no pair meets twice"),
        ({"over": 2}, "Of 2 rounds 2 are over"),
        ({"over": -1}, "Of 2 rounds -1 are over"),
        ({"seats": np.array([1, -1, 1])}, "The seats -1 of mentor 1 is below zero"),
        ({"mentor_keys": np.array([1, 1, 2])}, "The mentors 0 and 1 have the same key 1"),
        ({"past": [(0, 1, 2)]}, "Mentee 1 cannot have met mentor 2 in round 0: 0 are over"),
        ({"over": 1, "past": [(0, 1, 3)]}, "The past names mentee 1 and mentor 3, who are not both there"),
        ({"rounds": 3, "over": 2, "past": [(0, 1, 2), (1, 1, 2)]}, "Mentee 1 met mentor 2 twice"),
        ({"over": 1, "past": [(0, 0, 0), (0, 0, 1)]}, "Mentee 0 cannot have met mentors 0 and 1 both in round 0"),
        ({"over": 1, "past": [(0, 0.9, 0)]}, "Each number of a past meeting must be a whole number, not 0.9"),
        ({"over": 1, "past": [3]}, "A past meeting must be a list, not 3"),
        ({"over": 1, "past": [(0, 1)]}, "A past meeting has 3 numbers, not 2"),
        ({"floor": float("nan")}, "The floor must be a whole number from 0 to 1048575, not nan"),
        ({"floor": "a"}, "The floor must be a whole number"),
        ({"rounds": 1.5}, "The number of rounds must be a whole number, not 1.5"),
        ({"rounds": True}, "The number of rounds must be a whole number, not True"),
        ({"rounds": "2"}, "The number of rounds must be a whole number, not '2'"),
        ({"over": 0.5}, "The number of rounds that are over must be a whole number, not 0.5"),
        ({"away_mentees": [False, True]}, "The position of a mentee who is away must be a whole number, not False"),
        ({"away_mentors": np.array([False, True, False])}, "The position of a mentor who is away"),
        ({"away_mentors": 2}, "The mentors away must be a list, not 2"),
        ({"source": object()}, "Scores come from a source with a shape"),
        ({"away_mentees": [2]}, "There is no mentee 2 who could be away"),
        ({"away_mentors": [-1]}, "There is no mentor -1 who could be away"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        replace(evening_of(np.ones((2, 3)), 2), **changes)


def test_a_rotation_that_was_tampered_with_is_not_proven() -> None:
    evening = evening_of([[9, 1, 1], [1, 9, 1]], 2, over=1, past=[(0, 0, 0)])
    rotation = rotate(evening)
    verify_rotation(rotation, evening)
    for meetings, why in (
        ([[0, 0, 1], [1, 1, 1]], "not the pairs that were proven best"),
        ([[0, 0, 2], [1, 1, 1]], "is in a round that is not to come"),
    ):
        with pytest.raises(CertificateError, match=why):
            verify_rotation(replace(rotation, meetings=np.array(meetings)), evening)
    two = evening_of([[9, 9], [9, 9]], 2)
    both = replace(rotate(two), meetings=np.array([[0, 0, 0], [0, 0, 1], [1, 1, 0], [1, 1, 1]]))
    with pytest.raises(CertificateError, match="In round 0 mentee 0 has 2 meetings"):
        verify_rotation(both, two)


def test_a_plan_that_leaves_out_whom_it_need_not_is_not_proven() -> None:
    evening = evening_of([[100, 100], [100, 100], [1, 1]], 2)
    honest, plain = rotate(evening), rotate(evening, spread=False)
    assert (honest.level, honest.total, plain.total) == (1, 301, 400)
    low = solve(_plan(evening, 0).problem)
    pairs = low.pairs[:, ::-1] if _plan(evening, 0).turned else low.pairs
    forged = Rotation(_into_rounds(evening, pairs), low.total, 0, low).sealed()
    with pytest.raises(CertificateError, match="Everybody can have 1 conversations as far as possible"):
        verify_rotation(forged, evening)
    for level, why in ((2, "counting allows 1 at most"), (-1, "counting allows 1"), (1.0, "must be a whole number")):
        with pytest.raises(CertificateError, match=why):
            verify_rotation(replace(honest, level=level), evening)  # type: ignore[arg-type]


def test_a_level_that_only_the_pairs_forbid_is_proven() -> None:
    evening = evening_of([[5, -1], [5, -1], [5, -1], [5, 5]], 2)
    rotation = rotate(evening)
    verify_rotation(rotation, evening)
    assert rotation.level == 0


def test_a_changed_rotation_is_found_by_its_seal_and_a_stored_one_is_whole() -> None:
    evening = evening_of(np.ones((3, 3)), 3)
    rotation = rotate(evening)
    verify_rotation(Rotation.from_dict(json.loads(json.dumps(rotation.to_dict()))), evening)
    turned = rotation.meetings.copy()
    turned[:, 0] = 2 - turned[:, 0]
    with pytest.raises(CertificateError, match="It was changed after it was made"):
        verify_rotation(replace(rotation, meetings=turned), evening)
    with pytest.raises(CertificateError, match="not proven: the price of mentor 0"):
        verify_rotation(replace(rotation, level=None), evening)
    with pytest.raises(CertificateError, match="must be whole numbers"):
        verify_rotation(replace(rotation, meetings=turned[:, :2]), evening)


def test_mentees_take_turns_where_there_are_fewer_mentors_than_rounds() -> None:
    evening = evening_of([[5], [6]], 2)
    rotation = rotate(evening)
    verify_rotation(rotation, evening)
    assert rotation.total == 11
    assert len(rotation.breaks(evening)) == 2
    many = evening_of(np.ones((20, 5)), 6)
    rotation = rotate(many)
    verify_rotation(rotation, many)
    check_rounds(rotation, many)
    met = np.bincount(rotation.meetings[:, 1], minlength=20)
    assert (rotation.level, met.min(), met.max(), len(rotation.meetings)) == (1, 1, 2, 30)
    assert (np.bincount(rotation.breaks(many)[:, 1], minlength=20) + met == 6).all()
