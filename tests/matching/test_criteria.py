"""Each criterion by itself: what it gives, where it turns, and that unknown is neutral."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Any

import pytest

from matching.criteria import Known, Points, Scores
from matching.criteria.related import FAMILIES, RELATED, are_related
from programs.policy.places import middle_of
from programs.surveys.specialties import SPECIALTIES
from tests.matching.people import matters, mentee, mentor, points_of, scores_of

UNKNOWN = Points(500, known=False)
COVERAGE = [("lived_my_challenge", "challenges"), ("aspects_covered", "aspects"), ("shared_interests", "interests")]


@pytest.mark.parametrize(("criterion", "field"), COVERAGE)
@pytest.mark.parametrize(
    ("offered", "points", "common"),
    [
        (("x",), 0, []),
        (("a",), 334, ["a"]),
        (("b",), 333, ["b"]),
        (("c", "b"), 666, ["b", "c"]),
        (("c", "b", "a", "x", "y"), 1000, ["a", "b", "c"]),
        (("  A ", "B"), 667, ["a", "b"]),
    ],
)
def test_coverage_counts_each_wish_the_same(
    criterion: str, field: str, offered: tuple[str, ...], points: int, common: list[str]
) -> None:
    found = points_of(criterion, mentee(**{field: ("a", "b", "c")}), mentor(**{field: offered}))
    assert found == Points(points, known=True, facts={"common": common, "named": 3})


@pytest.mark.parametrize(("criterion", "field"), COVERAGE)
def test_coverage_is_unknown_if_either_names_nothing(criterion: str, field: str) -> None:
    named: dict[str, Any] = {field: ("a",)}
    assert points_of(criterion, mentee(**named), mentor()) == UNKNOWN
    assert points_of(criterion, mentee(), mentor(**named)) == UNKNOWN
    assert points_of(criterion, mentee(), mentor()) == UNKNOWN


def test_coverage_does_not_count_a_word_twice() -> None:
    found = points_of("shared_interests", mentee(interests=("Art", "art", "sports")), mentor(interests=("ART",)))
    assert found.points == 500


@pytest.mark.parametrize(
    ("mine", "theirs", "points", "relation"),
    [
        ("Neurology", "neurology", 1000, "same"),
        ("Neurology", "Psychiatry", RELATED, "related"),
        ("Neurology", "Urology", 0, "other"),
        ("Space Medicine", "Space Medicine", 1000, "same"),
        ("Space Medicine", "Neurology", 0, "other"),
    ],
)
def test_specialty(mine: str, theirs: str, points: int, relation: str) -> None:
    facts = {"mentee": mine, "mentor": theirs, "relation": relation}
    assert points_of("specialty", mentee(specialty=mine), mentor(specialty=theirs)) == Points(points, True, facts)


def test_specialty_is_unknown_if_either_has_none() -> None:
    assert points_of("specialty", mentee(), mentor(specialty="Neurology")) == UNKNOWN
    assert points_of("specialty", mentee(specialty="Neurology"), mentor()) == UNKNOWN


def test_families_are_of_known_specialties_and_symmetrical() -> None:
    assert {name for members in FAMILIES.values() for name in members} <= set(SPECIALTIES)
    assert all(are_related(one, other) == are_related(other, one) for one in SPECIALTIES for other in SPECIALTIES)


@pytest.mark.parametrize(
    ("prefers", "mine", "theirs", "points", "shared"),
    [
        (("gender",), {"gender": "woman"}, {"gender": "Woman"}, 1000, ["gender"]),
        (("gender",), {"gender": "woman"}, {"gender": "man"}, 0, []),
        (("gender", "heritage"), {"gender": "a", "heritage": "b"}, {"gender": "a", "heritage": "x"}, 500, ["gender"]),
        (("gender", "heritage"), {"gender": "woman", "heritage": "Black"}, {"gender": "woman"}, 750, ["gender"]),
        (("religion",), {"extra": {"religion": "Quaker"}}, {"extra": {"religion": "quaker"}}, 1000, ["religion"]),
    ],
)  # fmt: skip
def test_preference_is_for_shared_traits(
    prefers: tuple[str, ...], mine: dict[str, Any], theirs: dict[str, Any], points: int, shared: list[str]
) -> None:
    found = points_of("my_own_preference", mentee(prefers_shared=prefers, **mine), mentor(**theirs))
    assert found == Points(points, known=True, facts={"asked": list(prefers), "shared": shared})


@pytest.mark.parametrize("unsaid", [None, "prefer not to say", "Prefer not to say", ""])
def test_a_trait_that_was_not_told_is_unknown(unsaid: str | None) -> None:
    asked = {"asked": ["gender"], "shared": []}
    for mine, theirs in (("woman", unsaid), (unsaid, "woman"), (unsaid, unsaid)):
        found = points_of("my_own_preference", mentee(prefers_shared=("gender",), gender=mine), mentor(gender=theirs))
        assert found == Points(500, known=False, facts=asked)


def test_nobody_without_a_preference_is_affected() -> None:
    one = mentee(gender="woman", heritage="Somali")
    others = [
        mentor(gender=gender, heritage=heritage) for gender in ("woman", "man", None) for heritage in ("Somali", "")
    ]
    assert [points_of("my_own_preference", one, other) for other in others] == [UNKNOWN] * 6


def test_a_mentors_identity_that_may_not_be_used_is_unknown() -> None:
    one, other = mentee(prefers_shared=("gender",), gender="woman"), mentor(gender="woman")
    assert points_of("my_own_preference", one, other).points == 1000
    assert points_of("my_own_preference", one, other, Known(withheld=frozenset({"M1"}))).points == 500


def test_a_mentors_identity_that_is_said_to_be_for_figures_alone_is_unknown() -> None:
    one = mentee(prefers_shared=("gender",), gender="woman")
    told = {"preference": 1000, "match": 1000, "figures": 500}
    for who, points in told.items():
        other = mentor(gender="woman", extra={"who_sees": {"gender": who}})
        assert points_of("my_own_preference", one, other).points == points
    elsewhere = mentor(gender="woman", extra={"who_sees": {"heritage": "figures"}})
    assert points_of("my_own_preference", one, elsewhere).points == 1000


def miles_apart(one: str, other: str) -> float:
    """The haversine formula, written down again."""
    (lat1, lon1), (lat2, lon2) = ((radians(each) for each in middle_of(code) or ()) for code in (one, other))
    root = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 3958.7613 * asin(sqrt(root))


@pytest.mark.parametrize(
    ("here", "there"), [("02111", "02114"), ("02111", "01970"), ("95666", "95938"), ("02111", "90001")]
)
def test_closeness_halves_with_each_half_distance(here: str, there: str) -> None:
    miles = miles_apart(here, there)
    points = points_of("near_each_other", mentee(zip=here), mentor(zip=there), half_at="12 mi").points
    assert abs(points - 1000 * 2 ** (-miles / 12)) <= 1000 * (1 - 2 ** (-0.05 / 12)) + 0.5


def test_closeness_is_500_at_its_half_distance_and_1000_at_none() -> None:
    miles = miles_apart("02111", "01970")
    half = {"half_at": f"{miles:.1f} mi", "counts_when": "always"}
    assert points_of("near_each_other", mentee(zip="02111"), mentor(zip="01970"), **half).points == pytest.approx(
        500, abs=3
    )
    assert points_of("near_each_other", mentee(zip="02111"), mentor(zip="02111")).points == 1000


def test_closeness_in_kilometers_is_the_same_distance() -> None:
    one, other = mentee(zip="02111"), mentor(zip="01970")
    in_km = points_of("near_each_other", one, other, half_at="19.312 km")
    assert in_km == points_of("near_each_other", one, other, half_at="12 mi")


@pytest.mark.parametrize("code", [None, "", "00000", "1970", "abcde", "09001", "\uff10\uff12\uff11\uff11\uff11"])
def test_closeness_is_unknown_without_a_place(code: str | None) -> None:
    assert points_of("near_each_other", mentee(zip=code), mentor(zip="02111")) == UNKNOWN
    assert points_of("near_each_other", mentee(zip="02111"), mentor(zip=code)) == UNKNOWN


def test_closeness_counts_when_in_person_is_possible() -> None:
    here, afar = mentee(zip="02111", meeting_mode="either"), mentor(zip="90001", meeting_mode="virtual")
    assert points_of("near_each_other", here, afar) == UNKNOWN
    assert points_of("near_each_other", here, afar, counts_when="always").points == 0
    assert points_of("near_each_other", here, mentor(zip="90001", meeting_mode="in person")).points == 0


@pytest.mark.parametrize(
    ("there", "step"), [("02111", 5), ("02139", 5), ("02462", 10), ("01970", 25), ("01602", 50), ("90001", None)]
)
def test_distances_are_told_in_steps(there: str, step: int | None) -> None:
    found = points_of("near_each_other", mentee(zip="02111"), mentor(zip=there))
    assert found.facts == {"under_miles": step}
    assert step is None or miles_apart("02111", there) < step


@pytest.mark.parametrize(("theirs", "points"), [(("x",), 0), (("a",), 700), (("a", "B"), 900), (("a", "b", "c"), 1000)])
def test_common_times(theirs: tuple[str, ...], points: int) -> None:
    found = points_of("free_at_the_same_time", mentee(availability=("a", "b", "c", "d")), mentor(availability=theirs))
    assert (found.points, found.known) == (points, True)
    assert found.facts == {"common": [time for time in ("a", "b", "c") if time in [each.lower() for each in theirs]]}


def test_times_are_unknown_if_either_gives_none() -> None:
    assert points_of("free_at_the_same_time", mentee(), mentor(availability=("a",))) == UNKNOWN
    assert points_of("free_at_the_same_time", mentee(availability=("a",)), mentor()) == UNKNOWN


def test_weights_that_do_not_share_out_the_whole_are_refused() -> None:
    broken = matters().model_copy(update={"weights": {}})
    with pytest.raises(ValueError, match="must sum to 1000"):
        Scores([mentee()], [mentor()], broken)


def test_what_has_no_weight_is_not_told() -> None:
    scores = scores_of(mentee(), mentor(), weights={"shared_interests": 1000, "specialty": 0})
    assert list(scores.points(0, 0)) == ["shared_interests"]
