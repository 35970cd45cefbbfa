"""Two people's changes to the same settings go together."""

from __future__ import annotations

from programs.policy.document import diff, load_policy, merge
from tests.policy.documents import EVENING, MINIMAL, load, with_part


def said(text_of_mine: str, text_of_theirs: str) -> list[str]:
    """What the two together changed."""
    base, mine, theirs = load(), load_policy(text_of_mine), load_policy(text_of_theirs)
    return sorted(str(change) for change in diff(base, merge(base=base, mine=mine, theirs=theirs)))


def test_what_each_changed_is_there() -> None:
    mine = MINIMAL.replace("title: Mentoring", "title: Mentoring for all").replace("5 months", "6 months")
    theirs = with_part("cap: {pairs: 20}", "eligible: {mentee: stage is resident}")
    assert said(mine, theirs) == [
        "A session runs for: 5 months → 6 months",
        "Pairs at most: new, 20",
        "Title: Mentoring → Mentoring for all",
        "Who may take part, mentee: new, career stage is resident",
    ]


def test_where_both_changed_one_setting_mine_counts() -> None:
    assert said(MINIMAL.replace("5 months", "6 months"), MINIMAL.replace("5 months", "7 months")) == [
        "A session runs for: 5 months → 6 months"
    ]


def test_a_part_that_one_added_and_a_part_that_the_other_changed() -> None:
    assert said(MINIMAL + EVENING, with_part("cap: {pairs: 20}")) == ["Pairs at most: new, 20", "Parts: new, Evening"]


def test_what_one_took_away_stays_away_unless_the_other_changed_it() -> None:
    both = load_policy(MINIMAL + EVENING)
    without, changed = load(), load_policy(MINIMAL + EVENING.replace("rounds: 6", "rounds: 7"))
    same = merge(base=both, mine=without, theirs=both)
    assert [part.name for part in same.parts] == ["One-to-one"]
    assert [part.name for part in merge(base=both, mine=without, theirs=changed).parts] == ["One-to-one", "Evening"]
    assert [part.name for part in merge(base=both, mine=both, theirs=without).parts] == ["One-to-one"]
