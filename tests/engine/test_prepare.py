"""From plain columns to a problem: points as worked out by hand, and faults told with column and person."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import (
    AtLeast,
    Covers,
    Criterion,
    Explainer,
    Factors,
    HardRule,
    Lookup,
    Near,
    NearOnEarth,
    Never,
    NotSame,
    OneInCommon,
    Problem,
    ProblemError,
    Quota,
    Same,
    WeightedSource,
    prepare,
    solve,
    verify,
    why_not,
)
from tests.engine.drawn import Drawn, drawn
from tests.engine.problems import examples

HALF_AT = 40.0
CRITERIA: list[Criterion] = [
    Same("field", 300, "field", otherwise=100),
    Covers("wishes", 251, "wishes", of="offers"),
    Near("age", 149, "age", half_at=10),
    NearOnEarth("near", 200, "place", half_at=HALF_AT),
    Lookup("style", 100, "style", {("calm", "calm"): 1000, ("calm", "lively"): 300}, otherwise=50),
]
RULES: list[HardRule] = [
    NotSame("same_employer", "employer"),
    OneInCommon("no_common_language", "languages"),
    AtLeast("not_further_along", "rank", more=1),
    Never("blocked", [("e0", "m1"), ("nobody", "m0")]),
]
WORDS = [None, "", "a", "B", " b ", "c"]


def said(choices: Drawn) -> dict[str, Any]:
    """What one person says of themselves, or leaves unsaid."""

    def some() -> list[str]:
        return [choices.one(["x", "y", " Y", "z"]) for _ in range(choices.number(0, 3))]

    north, east = choices.number(-6000, 6000) / 100, choices.number(-17900, 17900) / 100
    age = choices.number(20, 80)
    return {
        "field": choices.one(WORDS),
        "wishes": some(),
        "offers": choices.one([None, some(), some()]),
        "age": choices.one([None, float("nan"), age, age + choices.number(0, 99) / 97]),
        "place": choices.one([None, (north, east), (north, east)]),
        "style": choices.one([None, "calm", "lively", "Calm", "else"]),
        "employer": choices.one(WORDS),
        "languages": some(),
        "rank": choices.one([None, 0, 1, 2, 3, 4]),
    }


NAMES = ("field", "wishes", "offers", "age", "place", "style", "employer", "languages", "rank")
PEOPLE = drawn(lambda choices: [said(choices) for _ in range(choices.number(1, 5))], 160)


def columns(people: list[dict[str, Any]], prefix: str) -> dict[str, Any]:
    """Rows as columns, some of them numpy arrays."""
    table: dict[str, Any] = {name: [person[name] for person in people] for name in NAMES}
    table["age"] = np.array([np.nan if age is None else age for age in table["age"]])
    return table | {"id": [f"{prefix}{number}" for number in range(len(people))]}


def folded(word: str | None) -> str:
    return (word or "").strip().lower()


def by_hand(one: dict[str, Any], other: dict[str, Any]) -> dict[str, int]:
    """Points of a pair as one would work them out on paper."""
    points = dict.fromkeys(("field", "wishes", "age", "near", "style"), 500)
    if folded(one["field"]) and folded(other["field"]):
        points["field"] = 1000 if folded(one["field"]) == folded(other["field"]) else 100
    wishes = list(dict.fromkeys(map(folded, one["wishes"])))
    offers = {folded(word) for word in other["offers"] or []}
    if wishes and offers:
        share, rest = divmod(1000, len(wishes))
        points["wishes"] = sum(share + (place < rest) for place, word in enumerate(wishes) if word in offers)
    if not any(age is None or age != age for age in (one["age"], other["age"])):
        points["age"] = round(float(1000 * np.exp2(-abs(one["age"] - other["age"]) / 10)))
    if one["place"] and other["place"]:
        points["near"] = round(float(1000 * np.exp2(-int(apart(one["place"], other["place"]) * 20) / 20 / HALF_AT)))
    if one["style"] and other["style"]:
        table = {("calm", "calm"): 1000, ("calm", "lively"): 300}
        points["style"] = table.get((folded(one["style"]), folded(other["style"])), 50)
    return points


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometers over the globe, by the haversine."""
    (north, east), (n, e) = (map(radians, place) for place in (one, other))
    square = sin((n - north) / 2) ** 2 + cos(north) * cos(n) * sin((e - east) / 2) ** 2
    return 2 * 6371.0088 * asin(min(1, sqrt(square)))


@examples(28)
@given(PEOPLE, PEOPLE)
def test_points_and_rules_are_as_worked_out_by_hand(mine: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> None:
    problem = prepare(columns(mine, "e"), columns(theirs, "m"), CRITERIA, RULES)
    source = problem.source
    assert isinstance(source, WeightedSource)
    scores = source.block(np.arange(len(mine)))
    parts = source.parts(np.arange(len(mine)))
    for row, one in enumerate(mine):
        for col, other in enumerate(theirs):
            expected = by_hand(one, other)
            for name, points in expected.items():
                # the haversine and the chord differ by less than a step of distance, and so by a point at most
                assert abs(int(parts[name][row, col]) - points) <= (1 if name == "near" else 0)
            rules = []
            if folded(one["employer"]) and folded(one["employer"]) == folded(other["employer"]):
                rules.append("same_employer")
            spoken = [{folded(word) for word in person["languages"]} for person in (one, other)]
            if all(spoken) and not spoken[0] & spoken[1]:
                rules.append("no_common_language")
            if None not in (one["rank"], other["rank"]) and other["rank"] < one["rank"] + 1:
                rules.append("not_further_along")
            if (row, col) == (0, 1):
                rules.append("blocked")
            assert source.forbidden_by(row, col) == rules
            total = sum(int(parts[name][row, col]) * weight for name, weight in source.weights.items())
            assert scores[row, col] == (-1 if rules else total)
    result = solve(problem)
    assert verify(result, problem) == result.certificate
    for fact in Explainer(result, problem).explain():
        assert fact.parts is not None
        assert sum(share.score for share in fact.parts.values()) == fact.score


@examples(26)
@given(PEOPLE, PEOPLE, st.data())
def test_any_block_holds_the_same_integers(
    mine: list[dict[str, Any]], theirs: list[dict[str, Any]], data: st.DataObject
) -> None:
    source = prepare(columns(mine, "e"), columns(theirs, "m"), CRITERIA, RULES).source
    whole = source.block(np.arange(len(mine)))
    rows = np.array(data.draw(st.lists(st.integers(0, len(mine) - 1), max_size=6)), np.int64)
    cols = np.array(data.draw(st.lists(st.integers(0, len(theirs) - 1), max_size=6)), np.int64)
    assert source.block(rows).tolist() == whole[rows].tolist()
    assert source.block(rows, cols).tolist() == whole[np.ix_(rows, cols)].tolist()


MENTEES: dict[str, Any] = {"id": ["ann", "ben"], "field": ["Neurology", "Urology"], "employer": ["A", "B"]}
MENTORS: dict[str, Any] = {"id": [7, 8], "field": ["urology", "NEUROLOGY"], "employer": ["A", "C"], "places": [2, None]}
FIELD = [Same("field", 1000, "field")]


def test_a_pool_from_columns_is_solved_and_explained() -> None:
    problem = prepare(MENTEES, MENTORS, FIELD, [NotSame("same_employer", "employer")])
    result = solve(problem)
    assert (result.pairs.tolist(), result.total) == ([[0, 1], [1, 0]], 2_000_000)
    assert problem.capacity.tolist() == [2, 1]
    assert why_not(result, problem, 0, 0).rules == ("same_employer",)


def test_pins_are_by_id_and_columns_of_other_names_can_be_told() -> None:
    mentees = MENTEES | {"wanted": [1, 2]}
    problem = prepare(mentees, MENTORS, FIELD, pins=[("ann", 7)], wishes="wanted", places="room", floor=3, max_pairs=2)
    assert (problem.pins, problem.floor, problem.max_pairs) == (((0, 0),), 3, 2)
    assert problem.wanted.tolist() == [1, 2]
    assert problem.capacity.tolist() == [1, 1]


def test_weights_in_proportion_sum_to_a_thousand_by_largest_remainder() -> None:
    criteria = [Same("a", 1, "field"), Same("b", 1, "field"), Same("c", 1.0, "field"), Same("d", 0, "field")]
    source = prepare(MENTEES, MENTORS, criteria, in_proportion=True).source
    assert isinstance(source, WeightedSource)
    assert source.weights == {"a": 334, "b": 333, "c": 333}


def test_scaling_all_weights_changes_nothing() -> None:
    small, large = (
        prepare(MENTEES, MENTORS, [Same("a", 3 * by, "field"), Same("b", 7 * by, "employer")], in_proportion=True)
        for by in (1, 1e6)
    )
    assert solve(small).to_dict() == solve(large).to_dict()


def test_the_order_of_people_changes_no_pair() -> None:
    wanted = {"id": [f"e{number}" for number in range(6)], "field": ["x"] * 6}
    there = {"id": [f"m{number}" for number in range(4)], "field": ["x"] * 4}

    def pairs(mentees: dict[str, Any], mentors: dict[str, Any]) -> set[tuple[str, str]]:
        found = solve(prepare(mentees, mentors, FIELD)).pairs.tolist()
        return {(mentees["id"][mentee], mentors["id"][mentor]) for mentee, mentor in found}

    turned = [{name: column[::-1] for name, column in side.items()} for side in (wanted, there)]
    assert pairs(wanted, there) == pairs(*turned)


@pytest.mark.parametrize(
    ("mentees", "mentors", "criteria", "rules", "more", "why"),
    [
        ({}, {}, [Same("a", 999, "field")], [], {}, "Weights must sum to 1000; these sum to 999"),
        ({}, {}, [Same("a", 999.5, "field")], [], {}, "The weight of 'a' is 999.5; weights are whole, or in prop"),
        ({}, {}, [Same("a", -1, "field")], [], {}, "The weight of 'a' must be a number from 0, not -1"),
        ({}, {}, [Same("a", float("nan"), "field")], [], {}, "The weight of 'a' must be a number from 0, not nan"),
        ({}, {}, [Same("a", 500, "field")] * 2, [], {}, "Two criteria have the same id"),
        ({}, {}, FIELD, [NotSame("r", "field"), NotSame("r", "id")], {}, "Two rules have the same id"),
        ({}, {}, [Same("a", 1000, "shoe")], [], {}, "The mentees have no column 'shoe'; there are id, field, employer"),
        ({}, {}, [Same("a", 1000, "field", of="shoe")], [], {}, "The mentors have no column 'shoe'"),
        ({}, {}, [Same("a", 1000, "field", otherwise=1001)], [], {}, "'a' gives 1001 points; they are whole, from 0"),
        ({}, {}, [Near("a", 1000, "field", half_at=3)], [], {}, "'ann' has 'Neurology' in the column 'field', where"),
        ({"age": [3, np.inf]}, {"age": [1, 2]}, [Near("a", 1000, "age", half_at=3)], [], {}, "mentee 'ben' has inf in"),
        ({"age": [3, 4]}, {"age": [1, 2]}, [Near("a", 1000, "age", half_at=0)], [], {}, "needs a distance above zero"),
        ({"at": [(91, 0), None]}, {"at": [None] * 2}, [NearOnEarth("a", 1000, "at", 3)], [], {}, "no place on Earth"),
        ({"at": [9, None]}, {"at": [None] * 2}, [NearOnEarth("a", 1000, "at", 3)], [], {}, "latitude, longitude"),
        ({}, {}, [Covers("a", 1000, "field")], [], {}, "'ann' has 'Neurology' in the column 'field', where a list"),
        ({"field": [1.5, "x"]}, {}, FIELD, [], {}, "mentee 'ann' has 1.5 in the column 'field', where a word"),
        ({"field": ["x"]}, {}, FIELD, [], {}, "The mentees' columns are not of one length: id 2, field 1, employer 2"),
        ({"id": ["ann", "ann"]}, {}, FIELD, [], {}, "The mentee 'ann' has the same id as another one"),
        ({"id": ["ann", None]}, {}, FIELD, [], {}, "The mentee None has no id in the column 'id'"),
        ({}, {"places": [-1, 2]}, FIELD, [], {}, "The mentor 7 has -1 in the column 'places', where a whole number is"),
        ({}, {"places": [1.5, 2]}, FIELD, [], {}, "The mentor 7 has 1.5 in the column 'places'"),
        ({"mentors": [1, 3]}, {}, FIELD, [], {}, "The mentee 'ben' wants 3 mentors in the column 'mentors', of 2"),
        ({}, {}, FIELD, [], {"pins": [("cy", 7)]}, "A pin names the mentee 'cy', who is not there"),
        (
            {},
            {},
            FIELD,
            [NotSame("same_employer", "employer")],
            {"pins": [("ann", 7)]},
            "The mentee 'ann' is pinned to mentor 7, and that is forbidden by same_employer",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_column_and_person(
    mentees: dict[str, Any], mentors: dict[str, Any], criteria: Any, rules: Any, more: dict[str, Any], why: str
) -> None:
    with pytest.raises(ProblemError, match=why):
        prepare(MENTEES | mentees, MENTORS | mentors, criteria, rules, **more)


@dataclass(frozen=True)
class Own:
    """A criterion of whatever its builder makes."""

    made: Any
    id: str = "own"
    weight: int = 1000

    def build(self, _mine: Any, _theirs: Any) -> Any:
        return self.made


class Looked:
    """A table that gives every pair the same."""

    def __init__(self, points: Any) -> None:
        self.points = points

    def block(self, rows: Any, cols: Any = None) -> Any:
        return np.full((len(rows), 1 if cols is None else len(cols)), self.points)


def own(made: Any) -> Problem:
    return prepare({"id": ["ann"]}, {"id": ["max"]}, [Own(made)])


@pytest.mark.parametrize("points", [np.int32(4_294_968), np.int32(1001), np.int32(-1), np.uint64(2**63)])
def test_a_table_that_gives_more_than_a_thousand_points_is_refused(points: Any) -> None:
    with pytest.raises(ProblemError, match=rf"criterion 'own' gives {points} points to mentee 'ann' with mentor 'max'"):
        solve(own(Looked(points)))


def test_a_table_of_fractions_is_refused() -> None:
    with pytest.raises(ProblemError, match="'own' returned numbers of type float64"):
        solve(own(Looked(3.5)))


@pytest.mark.parametrize("number", [-1 / 1000, 0.5, float("nan"), float("inf"), -3])
def test_factors_that_are_no_points_are_refused_at_set_up(number: float) -> None:
    one = np.ones((1, 1), np.float32)
    with pytest.raises(ProblemError, match=r"criterion 'own' has the factor .* for mentee 'ann'"):
        own(Factors(one * np.float32(number), one))
    with pytest.raises(ProblemError, match=r"criterion 'own' has the factor .* for mentor 'max'"):
        own(Factors(one, one * np.float32(number)))


def test_factors_of_another_shape_are_refused() -> None:
    with pytest.raises(ProblemError, match="for 1 mentees"):
        own(Factors(np.ones((2, 1), np.float32), np.ones((1, 1), np.float32)))
    with pytest.raises(ProblemError, match="2 factors of mentees and 1 of mentors"):
        own(Factors(np.ones((1, 2), np.float32), np.ones((1, 1), np.float32)))


@examples(80)
@given(drawn(lambda choices: choices, 60))
def test_products_are_refused_if_and_only_if_a_pair_has_more_than_a_thousand(choices: Drawn) -> None:
    mentees, mentors, width = (choices.number(1, 5) for _ in range(3))
    wishes = choices.some(mentees * width, [0, 1, 333, 500, 1000]).reshape(mentees, width)
    offers = choices.some(mentors * width, [0, 0, 1, 1, 2]).reshape(mentors, width)
    mine, theirs = ({"id": list(range(size))} for size in (mentees, mentors))
    criterion = Own(Factors(wishes.astype(np.float32), offers.astype(np.float32)))
    points = wishes @ offers.T
    if points.max() > 1000:
        with pytest.raises(ProblemError, match="criterion 'own' gives") as caught:
            prepare(mine, theirs, [criterion])
        assert caught.value.mentee is not None
        assert caught.value.mentor is not None
        assert f"gives {points[caught.value.mentee, caught.value.mentor]} points" in caught.value.message
    else:
        source = prepare(mine, theirs, [criterion]).source
        assert (source.block(np.arange(mentees)) == 1000 * points).all()


def test_a_lookup_of_many_words_stays_within_its_points() -> None:
    words = [f"word {number}" for number in range(40)]
    every = {(one, other): 1000 for one in words for other in words}
    problem = prepare({"field": words}, {"field": words}, [Lookup("field", 1000, "field", every)])
    assert (problem.source.block(np.arange(40)) == 1_000_000).all()


def test_nobody_on_a_side_is_no_fault() -> None:
    people = columns([dict.fromkeys(NAMES)], "e")
    nobody: dict[str, Any] = {name: [] for name in people}
    assert solve(prepare(people, nobody, CRITERIA, RULES)).pairs.tolist() == []
    assert solve(prepare(nobody, people, CRITERIA, RULES)).pairs.tolist() == []


def test_the_words_of_a_lookup_are_compared_without_case() -> None:
    people = {"t": ["LAW "]}
    source = prepare(people, people, [Lookup("f", 1000, "t", {("Law", " law"): 1000})]).source
    assert source.block(np.arange(1)).tolist() == [[1_000_000]]
    with pytest.raises(ProblemError, match="another spelling"):
        prepare(people, people, [Lookup("f", 1000, "t", {("Law", "Law"): 1000, ("law", "law"): 1})])


def test_at_least_needs_a_number() -> None:
    people = {"t": [1]}
    with pytest.raises(ProblemError, match="rule 'r' needs a number"):
        prepare(people, people, [Near("n", 1000, "t", 5)], [AtLeast("r", "t", more=float("nan"))])


PEOPLE_OF_TWO: dict[str, Any] = {"id": ["a", "b"], "t": ["x", "y"], "n": [1, 2], "w": [["x"], ["y"]]}


@pytest.mark.parametrize(
    ("criterion", "why"),
    [
        (Near("i", 1000, "n", half_at="x"), "The criterion 'i' needs a distance above zero, not 'x'"),  # type: ignore[arg-type]
        (Near("i", 1000, "n", half_at=10**400), "The criterion 'i' needs a distance above zero"),
        (Near("i", 1000, "n", half_at=float("nan")), "The criterion 'i' needs a distance above zero, not nan"),
        (NearOnEarth("i", 1000, "n", 5, radius=10**9), "The criterion 'i' needs a radius up to 100,000"),
        (Lookup("i", 1000, "t", {(1.5, None): 3}), "has points of .1.5, None., where two words are needed"),  # type: ignore[dict-item]
        (Lookup("i", 1000, "t", 3), "The criterion 'i' needs points by pairs of words, not 3"),  # type: ignore[arg-type]
        (Same("i", 1000, ["t"]), "A column of mentees is named by a word"),  # type: ignore[arg-type]
        (Same(["i"], 1000, "t"), "A criterion must have an id, a word"),  # type: ignore[arg-type]
        (Same("i", "1000", "t"), "The weight of 'i' must be a number from 0, not '1000'"),  # type: ignore[arg-type]
        (Same("i", 10**400, "t"), "The weight of 'i' must be a number from 0"),
        (Same, "A criterion must have an id"),
        (None, "A criterion must have an id"),
    ],
)
def test_a_criterion_that_makes_no_sense_is_named(criterion: Any, why: str) -> None:
    with pytest.raises(ProblemError, match=why):
        prepare(PEOPLE_OF_TWO, PEOPLE_OF_TWO, [criterion])


SAME = [Same("t", 1000, "t")]


@pytest.mark.parametrize(
    ("mine", "options", "why"),
    [
        ([1, 2], {}, "The mentees must be given as columns by name, not as list"),
        ({"id": [[], "b"]}, {}, "has no id in the column 'id'"),
        ({"n": [10**400, 1]}, {"wishes": "n"}, "The mentee 'a' has 1000"),
        ({}, {"rules": [Never("r", [3])]}, "Each pair of the rule 'r' must be a list, not 3"),  # type: ignore[list-item]
        ({}, {"rules": [Never("r", [(0.5, "a")])]}, "names .0.5, 'a'., where a mentee's and a mentor's id"),
        ({}, {"rules": [3]}, "A rule must have an id, a word"),
        ({}, {"rules": None}, "The list of rules must be a list, not None"),
        ({}, {"pins": [3]}, "A pin must be a list, not 3"),
        ({}, {"pins": [("a", "c")]}, "A pin names the mentor 'c', who is not there"),
        ({}, {"pins": [("a", ["b"])]}, "A pin names the mentor .'b'., who is not there"),
        ({}, {"pins": [("a", "b", 3)]}, "The reason of a pin must be in words, not 3"),
        ({}, {"quotas": [Quota("mentor", ["z"], 1)]}, "A quota names the mentor 'z', who is not there"),
        ({}, {"quotas": [3]}, "A quota must be a Quota of mentees or of mentors, not 3"),
        ({}, {"min_load": "nobody"}, "The mentors have no column 'nobody'"),
        ({"who": ["x", None]}, {"person_of": "who"}, "The mentee 'b' has nobody in the column 'who'"),
        ({}, {"key": ["id"]}, "The column of ids is named by a word"),
    ],
)
def test_what_cannot_be_prepared_is_named(mine: Any, options: dict[str, Any], why: str) -> None:
    mentees = PEOPLE_OF_TWO | mine if isinstance(mine, dict) else mine
    with pytest.raises(ProblemError, match=why):
        prepare(mentees, PEOPLE_OF_TWO, SAME, **options)


def test_numbers_of_numpy_are_numbers() -> None:
    criterion = Near("n", np.int64(1000), "n", half_at=np.float32(2))  # type: ignore[arg-type]
    usual = prepare(PEOPLE_OF_TWO, PEOPLE_OF_TWO, [Near("n", 1000, "n", half_at=2)])
    assert (
        prepare(PEOPLE_OF_TWO, PEOPLE_OF_TWO, [criterion]).source.block(np.arange(2)).tolist()
        == usual.source.block(np.arange(2)).tolist()
    )


def test_a_pin_with_a_reason_may_break_a_rule() -> None:
    rules: list[HardRule] = [NotSame("same", "t")]
    with pytest.raises(ProblemError, match="The mentee 'a' is pinned to mentor 'a', and that is forbidden by same"):
        prepare(PEOPLE_OF_TWO, PEOPLE_OF_TWO, SAME, rules, pins=[("a", "a")])
    problem = prepare(PEOPLE_OF_TWO, PEOPLE_OF_TWO, SAME, rules, pins=[("a", "a", "They share a clinic.")])
    result = solve(problem)
    assert [(*pin, pin.because) for pin in result.overrides] == [(0, 0, "They share a clinic.")]
    assert verify(result, problem) == result.certificate


def test_places_that_must_be_filled_quotas_and_aspects_are_those_of_a_problem() -> None:
    mentees = {"id": ["a1", "a2", "b"], "t": ["x", "x", "y"], "who": ["Ann", "ann ", "ben"]}
    mentors = {"id": ["m", "n"], "t": ["x", "z"], "places": [3, 3], "must": [None, 2]}
    problem = prepare(
        mentees, mentors, SAME, min_load="must", person_of="who", quotas=[Quota("mentee", ["a1", "b"], 1)]
    )
    assert problem.needed.tolist() == [0, 2]
    assert problem.persons.tolist() == [0, 0, 1]
    assert (problem.quotas[0].members, problem.quotas[0].most) == ((0, 2), 1)
    with pytest.raises(ProblemError, match="Mentor 1 must have 2 mentees"):
        solve(prepare(mentees, mentors, SAME, min_load="must", person_of="who", quotas=[Quota("mentee", ["b"], 0)]))
    result = solve(problem)
    assert result.pairs.tolist() == [[1, 1], [2, 1]]
    assert verify(result, problem) == result.certificate
