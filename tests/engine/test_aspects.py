"""A person may have a mentor for each of several aspects, and no mentor twice."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.engine import (
    CertificateError,
    Explainer,
    MatrixSource,
    Objective,
    Problem,
    ProblemError,
    Quota,
    Result,
    explain,
    solve,
    verify,
    why_not,
)
from matching.engine.ties import lots
from tests.engine.problems import OBJECTIVES, Case, Pairs, aspect_cases, best_answer, by_highs, examples, solved


def pairs_of(result: Result) -> Pairs:
    return tuple((mentee, mentor) for mentee, mentor in result.pairs.tolist())


@examples(30)
@given(aspect_cases(4), st.sampled_from(OBJECTIVES), st.integers(0, 99))
def test_the_answer_is_the_best_of_all_and_settled_by_the_same_lots(
    case: Case, objective: Objective, seed: int
) -> None:
    mentee_keys, mentor_keys = case.problem.keys()

    def value(pairs: Pairs) -> tuple[int, ...]:
        free = [pair for pair in pairs if pair not in case.problem.pins]
        drawn = sum(int(lots(seed, mentee_keys[[i]], mentor_keys[[j]])[0]) for i, j in free)
        count = 0 if objective == "total" else len(pairs)
        worst = min(case.free(pairs), default=0) if objective == "worst_off_first" else 0
        return count, worst, case.worth(pairs), len(pairs), drawn

    best = best_answer(case, value)
    if best is None:
        with pytest.raises(ProblemError, match=r"Mentor \d must have"):
            solve(case.problem, objective=objective)
        return
    result = solve(case.problem, objective=objective, seed=seed)
    assert pairs_of(result) == best
    assert verify(result, case.problem) == result.certificate


@examples(30)
@given(aspect_cases(12), st.sampled_from([0, 10**6]))
def test_larger_problems_agree_with_highs(case: Case, bonus: int) -> None:
    best = by_highs(case, bonus)
    assume(best is not None)
    result = solve(case.problem, objective="most_pairs" if bonus else "total")
    assert case.worth(pairs_of(result)) + bonus * len(result.pairs) == best
    assert verify(Result.from_dict(json.loads(json.dumps(result.to_dict()))), case.problem) == result.certificate


@examples(28)
@given(aspect_cases(5), st.sampled_from(OBJECTIVES[:2]))
def test_explanations_are_what_solving_again_finds(case: Case, objective: Objective) -> None:
    result = solved(case, objective)
    per_pair = result.bonus - case.problem.floor

    def lost(other: Case) -> int | None:
        try:
            again = solve(other.problem, objective=objective)
        except ProblemError:
            return None
        return result.total - again.total + per_pair * (len(result.pairs) - len(again.pairs))

    explainer, pins = Explainer(result, case.problem), case.problem.pins
    for mentee, mentor in np.ndindex(*case.problem.shape):
        answer = explainer.why_not(mentee, mentor)
        if answer.reason == "paired" and (mentee, mentor) not in pins:
            fact, scores = explainer.explain([(mentee, mentor)])[0], case.scores.copy()
            scores[mentee, mentor] = -1
            assert (fact.margin and fact.margin.value) == lost(case.changed(scores))
            assert fact.margin is None or 0 <= fact.at_least <= fact.margin.value
        elif answer.loss is not None:
            assert answer.loss.value == lost(case.changed(pins=(*pins, (mentee, mentor))))
            assert answer.bound is not None
            assert 0 <= answer.bound <= answer.loss.value
            after = set(pairs_of(result)) ^ {(move.mentee, move.mentor) for move in answer.loss.moves}
            assert len({(case.problem.persons[row], col) for row, col in after}) == len(after)
        elif answer.reason == "aspect":
            with pytest.raises(ProblemError, match=r"are one person|pins and"):
                case.changed(pins=(*pins, (mentee, mentor)))


@examples(30)
@given(aspect_cases(5), st.sampled_from(OBJECTIVES), st.data())
def test_a_wrong_price_of_having_a_mentor_once_is_found(case: Case, objective: Objective, data: st.DataObject) -> None:
    result = solved(case, objective)
    true = {(person, mentor): price for person, mentor, price in result.once_prices.tolist()}
    person = data.draw(st.sampled_from(case.problem.persons.tolist()))
    whom = person, data.draw(st.integers(0, case.problem.shape[1] - 1))
    for price in {0, true.get(whom, 0) + data.draw(st.sampled_from([-1000, -1, 1, 1000]))} - {true.get(whom, 0)}:
        wrong = {**true, whom: price} if price else {key: true[key] for key in true if key != whom}
        rows = np.array([(*key, wrong[key]) for key in sorted(wrong)], np.int64).reshape(-1, 3)
        with pytest.raises(CertificateError):
            verify(replace(result, once_prices=rows), case.problem)


# Research and leadership of one resident, and somebody else's research: mentor 0 is everybody's first.
SCORES = MatrixSource([[90, 40, 10], [80, 50, 0], [70, 60, 0]])
RESIDENTS = Problem(SCORES, np.array([2, 2, 2]), person_of=np.array([7, 7, 9]))


def test_two_aspects_of_a_person_get_two_mentors() -> None:
    assert solve(replace(RESIDENTS, person_of=None)).pairs.tolist() == [[0, 0], [1, 0], [2, 1]]
    result = solve(RESIDENTS)
    assert result.pairs.tolist() == [[0, 0], [1, 1], [2, 0]]
    assert result.once_prices.tolist() == [[7, 0, 30]]
    assert verify(result, RESIDENTS) == result.certificate


def test_somebody_who_has_the_mentor_for_another_aspect_is_told_so() -> None:
    result = solve(RESIDENTS)
    answer = why_not(result, RESIDENTS, 1, 0)
    assert answer.reason == "aspect"
    assert answer.loss is not None
    assert [(move.mentee, move.mentor, move.made) for move in answer.loss.moves] == [
        (1, 0, True),
        (0, 0, False),
        (0, 1, True),
        (1, 1, False),
    ]
    assert answer.loss.value == 90 + 50 - 80 - 40
    runners_up = [(fact.mentee, fact.runner_up) for fact in explain(result, RESIDENTS)]
    assert runners_up == [(0, 2), (1, 2), (2, 1)]


def test_with_a_pinned_mentor_nothing_else_can_be_done() -> None:
    problem = replace(RESIDENTS, pins=[(1, 0)])
    result = solve(problem)
    assert result.pairs.tolist() == [[0, 1], [1, 0], [2, 0]]
    assert verify(result, problem) == result.certificate
    answer = why_not(result, problem, 0, 0)
    assert (answer.reason, answer.score, answer.loss) == ("aspect", 90, None)


def test_a_ceiling_on_a_person_holds_over_all_aspects() -> None:
    capped = replace(RESIDENTS, quotas=[Quota("mentee", [0, 1], 1)])
    result = solve(capped)
    assert result.pairs.tolist() == [[0, 0], [2, 0]]
    assert result.quota_prices.tolist() == [90]
    assert verify(result, capped) == result.certificate
    assert why_not(result, capped, 1, 1).reason == "quota"


def test_one_person_cannot_fill_two_places_of_a_mentor() -> None:
    alone = Problem(MatrixSource([[5, 5], [5, 5], [-1, 5]]), np.array([2, 2]), person_of=np.array([1, 1, 2]))
    with pytest.raises(ProblemError, match=r"Mentor 0 must have 2 mentees, and .* only 1 can be"):
        solve(replace(alone, min_load=np.array([2, 0])))


def test_a_pair_twice_for_one_person_is_no_proof() -> None:
    result = solve(RESIDENTS)
    with pytest.raises(CertificateError, match="mentee 1 has mentor 0, whom the same person has in another row"):
        verify(replace(result, pairs=np.array([[0, 0], [1, 0], [2, 1]])), RESIDENTS)
    with pytest.raises(CertificateError, match="must be sorted"):
        verify(replace(result, once_prices=np.array([[7, 0, 30], [7, 0, 30]])), RESIDENTS)
    with pytest.raises(CertificateError, match="has a price for person 9, who does not have them"):
        verify(replace(result, once_prices=np.array([[7, 0, 30], [9, 1, 5]])), RESIDENTS)
    with pytest.raises(CertificateError, match="names somebody who is not there"):
        verify(replace(result, once_prices=np.array([[8, 0, 30]])), RESIDENTS)


def test_who_is_meant_by_which_number_does_not_count() -> None:
    renamed = solve(replace(RESIDENTS, person_of=np.array([2, 2, 0])))
    usual = solve(RESIDENTS)
    assert (renamed.pairs.tolist(), renamed.mentor_prices.tolist()) == (
        usual.pairs.tolist(),
        usual.mentor_prices.tolist(),
    )
    assert renamed.once_prices.tolist() == [[2, 0, 30]]
