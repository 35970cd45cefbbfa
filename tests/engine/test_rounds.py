"""First mentors before second ones: two answers, each proven, the second on what the first leaves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import CertificateError, Changes, MatrixSource, Objective, Problem, ProblemError, Quota, solve
from matching.engine.rounds import Rounds, first_aim, first_round
from tests.engine.problems import OBJECTIVES, Case, Pairs, aspect_cases, best_answer, cases, examples

SCORES = MatrixSource([[90, 40, 10], [80, 50, 0], [70, 60, 0]])
# Somebody who would like two mentors, and two who would like one, among three mentors with a place each.
GREEDY = Problem(SCORES, np.array([1, 1, 1]), demand=np.array([2, 1, 1]))


def people_served(case: Case, pairs: Pairs) -> int:
    return len({int(case.problem.persons[mentee]) for mentee, _mentor in pairs})


@examples(40)
@given(st.one_of(cases(4), aspect_cases(4)), st.sampled_from(OBJECTIVES))
def test_nobody_gets_a_second_mentor_at_the_cost_of_anybodys_first(case: Case, objective: Objective) -> None:
    case = case.changed(min_load=None)
    most = best_answer(case, lambda pairs: (people_served(case, pairs),))
    assert most is not None
    try:
        answer = Rounds.of(case.problem, objective=objective, served=())
    except ProblemError:  # a quota that takes some of a person's rows and leaves others
        assert case.problem.aspects
        return
    answer.verify()
    pairs: Pairs = tuple((mentee, mentor) for mentee, mentor in answer.result.pairs.tolist())
    assert people_served(case, pairs) == people_served(case, most)
    if answer.first is None:
        return
    first = Case(answer.first.problem, case.scores)

    def value(pairs: Pairs) -> tuple[int, ...]:
        worst = min(first.free(pairs), default=0) if objective == "worst_off_first" else 0
        return len(pairs), worst, case.worth(pairs)

    best = best_answer(first, value)
    alone = tuple((mentee, mentor) for mentee, mentor in answer.first.result.pairs.tolist())
    assert best is not None
    assert value(alone) == value(best), "the best first mentors there are, as if nobody could have two"
    assert set(alone) <= set(pairs)
    rest = Case(answer.problem, case.scores)
    more = best_answer(rest, lambda found: (0 if objective == "total" else len(found), _worst(rest, found, objective),
                                            rest.worth(found)))  # fmt: skip
    assert more is not None
    assert rest.worth(pairs) == rest.worth(more)


def _worst(case: Case, pairs: Pairs, objective: Objective) -> int:
    return min(case.free(pairs), default=0) if objective == "worst_off_first" else 0


def test_who_has_a_mentor_already_waits_for_those_who_have_none() -> None:
    one_place = Problem(MatrixSource([[9], [1]]), np.array([1]), demand=np.array([1, 1]))
    several = Problem(MatrixSource([[9, 5], [1, 0]]), np.array([1, 0]), demand=np.array([2, 1]))
    assert Rounds.of(one_place, served=()).result.pairs.tolist() == [[0, 0]]
    assert Rounds.of(one_place, served=[0]).result.pairs.tolist() == [[1, 0]], "though nobody wants two"
    assert Rounds.of(several, served=()).result.pairs.tolist() == [[0, 0]]
    assert Rounds.of(several, served=[0]).result.pairs.tolist() == [[1, 0]]


def test_one_round_is_enough_where_nobody_wants_two() -> None:
    problem = replace(GREEDY, demand=np.array([1, 1, 1]))
    answer = Rounds.of(problem, objective="most_pairs", served=())
    assert answer.first is None
    assert answer.result.to_dict() == solve(problem, objective="most_pairs").to_dict()


def test_two_kept_pairs_of_one_person_are_both_first() -> None:
    answer = Rounds.of(replace(GREEDY, pins=[(0, 0), (0, 1)]), objective="most_pairs", served=())
    assert answer.result.pairs.tolist() == [[0, 0], [0, 1], [1, 2]]
    answer.verify()


def test_a_change_is_tried_in_both_rounds() -> None:
    answer = Rounds.of(GREEDY, objective="most_pairs", served=())
    assert answer.result.pairs.tolist() == [[0, 2], [1, 0], [2, 1]]
    changed, delta = answer.again(Changes(places={1: 1}))
    changed.verify()
    assert delta.pairs == 1
    assert changed.first
    assert Rounds.restored(changed.asked, changed.result, changed.first.result, ()).verify()


def test_another_first_round_than_the_best_is_found_out() -> None:
    answer = Rounds.of(GREEDY, objective="total", served=())
    assert answer.first is not None
    worse = solve(replace(first_round(GREEDY), pins=[(0, 0)]), objective="most_pairs")
    with pytest.raises(CertificateError):
        Rounds.restored(GREEDY, answer.result, worse, ()).verify()
    by_points = solve(first_round(GREEDY), objective="total")
    with pytest.raises(CertificateError, match="does not count people"):
        Rounds.restored(GREEDY, answer.result, by_points, ()).verify()
    assert [first_aim(each) for each in OBJECTIVES] == ["most_pairs", "most_pairs", "worst_off_first"]


def test_what_does_not_go_with_two_rounds_is_refused() -> None:
    with pytest.raises(ProblemError, match="Places that must be filled"):
        Rounds.of(replace(GREEDY, min_load=np.array([1, 0, 0])), served=())
    halves = Problem(SCORES, np.ones(3, np.int64), person_of=np.array([7, 7, 9]), quotas=[Quota("mentee", [1, 2], 1)])
    with pytest.raises(ProblemError, match="neither lies within"):
        Rounds.of(halves, served=())


def test_very_many_quotas_are_no_burden() -> None:
    people = 3000
    quotas = [Quota("mentee", [2 * each, 2 * each + 1], 1) for each in range(people)]
    problem = Problem(MatrixSource(np.ones((2 * people, 2), np.int32)), np.array([4, 4]), quotas=quotas)
    assert len(solve(problem, objective="most_pairs").pairs) == 8
