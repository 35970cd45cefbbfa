"""What a wish is worth, and whom pairs follow where both sides rank each other."""

from __future__ import annotations

import numpy as np

from matching.criteria import Known, Points, Scores
from matching.criteria.wishes import Wished
from tests.matching.people import matters, mentee, mentor

MENTEES = [mentee("E0"), mentee("E1")]
MENTORS = [mentor("M0"), mentor("M1"), mentor("M2")]


def points(wished: Wished, **wishes: object) -> list[list[int]]:
    settings = matters(weights={"wished_for": 1000}, wishes=wishes)
    scores = Scores(MENTEES, MENTORS, settings, Known(wished=wished))
    whole = scores.block(np.arange(2)) // 1000
    assert (scores.block(np.array([1]), np.array([2, 0])) // 1000).tolist() == [[whole[1, 2], whole[1, 0]]]
    found: list[list[int]] = whole.tolist()
    return found


def test_the_first_counts_in_full_and_each_after_evenly_less() -> None:
    wished = Wished({"E0": ["M2", "M0"]}, {"M1": ["E1"]})
    assert points(wished, at_most=4) == [[750, 0, 1000], [0, 0, 0]]


def test_where_both_rank_the_wish_of_each_counts_half() -> None:
    wished = Wished({"E0": ["M2", "M0"]}, {"M1": ["E1"], "M2": ["E1", "E0"]})
    assert points(wished, at_most=2, ranked_by="both") == [[250, 0, 750], [0, 500, 500]]


def test_whoever_is_gone_makes_room_for_the_next_on_the_list() -> None:
    assert points(Wished({"E0": ["gone", "M1"], "gone": ["M0"]}), at_most=2) == [[0, 1000, 0], [0, 0, 0]]


def test_the_facts_say_who_named_whom_and_a_pair_without_a_wish_is_no_secret_kept() -> None:
    settings = matters(weights={"wished_for": 1000}, wishes={"ranked_by": "both", "at_most": 2})
    scores = Scores(MENTEES, MENTORS, settings, Known(wished=Wished({"E0": ["M0"]}, {"M0": ["E1", "E0"]})))
    assert scores.points(0, 0)["wished_for"] == Points(750, known=True, facts={"by_mentee": 1, "by_mentor": 2})
    assert scores.points(1, 1)["wished_for"] == Points(0, known=True)
