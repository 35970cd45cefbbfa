"""Whom participants would like: off unless a program says so, and then in the settings of its one-to-one parts."""

from __future__ import annotations

from programs.policy.document import diff, dump_policy, load_policy, store_policy
from programs.policy.editing.of_meeting import matching
from programs.policy.editing.sections import section
from programs.policy.overview import in_full
from programs.policy.page import pages_of
from tests.policy.documents import MINIMAL, faults, load, varied, with_part

MATCHING = "    matching:\n"
WISHES = (MATCHING, f"{MATCHING}      by: [solver, wishes]\n")
LISTS = (MATCHING, f"{MATCHING}      by: wishes\n      wishes: {{ranked_by: both, at_most: 3, pairs_by: lists}}\n")
POINTS = ("specialty: 600", "specialty: 500\n        wished_for: 100")


def test_wishes_are_off_and_nowhere_to_be_seen() -> None:
    policy = load()
    part = store_policy(policy)["parts"][0]
    assert policy.parts[0].matching.wishes is None
    assert section("wishes", part=part) is None
    assert not any("wished_for" in name for entry in matching(part) for name, _field in entry.fields({}))
    assert "wishes" not in dump_policy(policy)
    assert not any("like" in str(line.text) for line in in_full(policy)[0].lines)


def test_switched_on_they_have_options_and_points_to_give() -> None:
    policy = load(WISHES, POINTS)
    part = store_policy(policy)["parts"][0]
    assert section("wishes", part=part) is not None
    assert any("wished_for" in name for entry in matching(part) for name, _field in entry.fields({}))
    assert load_policy(dump_policy(policy)) == policy
    assert [str(change) for change in diff(load(), policy)] == [
        "Matched by: new, wishes",
        "What matters, specialty: 600 → 500",
        "What matters, whom they would like: new, 100",
        "Wishes, who ranks: new, mentee",
        "Wishes, people named at most: new, 5",
        "Wishes, open after sign-up closes for: new, 0 days",
        "Wishes, pairs follow: new, points",
    ]
    assert "mentees rank mentors, at most 5 each; in points, as one of the things that matter" in [
        str(line.text) for line in in_full(policy)[0].lines
    ]


def test_switched_off_again_their_options_go_but_their_points_have_to_be_shared_out() -> None:
    text = dump_policy(load(LISTS)).replace("- wishes", "- solver")
    assert load_policy(text).parts[0].matching.wishes is None
    assert faults(varied(POINTS)) == [
        (
            "parts[0].matching.weights.wished_for",
            14,
            "Nobody says here whom they would like, so share these points out to what else matters.",
        )
    ]


def test_pairs_follow_lists_only_where_both_rank_and_nothing_else_decides_how_many() -> None:
    assert load(LISTS).parts[0].matching.by_lists
    one_sided = varied(LISTS, ("ranked_by: both, ", ""))
    assert [message for _path, _line, message in faults(one_sided)] == [
        "Pairs can follow lists only where both sides rank each other."
    ]
    assert [path for path, _line, _message in faults(varied(LISTS, POINTS))] == ["parts[0].matching.weights.wished_for"]
    assert [path for path, _line, _message in faults(with_part("cap: {pairs: 20}", text=varied(LISTS)))] == [
        "parts[0].cap.pairs"
    ]


def test_staff_read_that_wishes_count_for_nothing_as_long_as_they_have_no_points() -> None:
    told = [
        str([str(line.text) for line in in_full(load(*changes))[0].lines]) for changes in ((WISHES,), (WISHES, POINTS))
    ]
    assert ["count for nothing yet" in each for each in told] == [True, False]


def test_a_group_has_no_wishes() -> None:
    group = varied(("format: one_to_one", "format: peer_circle"), WISHES)
    assert "Only in a one-to-one part can participants rank whom they would like." in [
        message for _path, _line, message in faults(group)
    ]


def test_the_programs_page_says_who_learns_of_a_wish() -> None:
    said = " ".join(str(pages_of(load(each))) for each in (WISHES, LISTS))
    assert "A mentee can say whom they would like; nobody else learns of it but staff." in said
    assert "pairs follow what both sides say; nobody else learns of it but staff." in said
    assert "whom they would like" not in str(pages_of(load_policy(MINIMAL)))
