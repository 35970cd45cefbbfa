"""Employers are compared on facts only: a kind of employer is no employer. Data."""

from __future__ import annotations

from typing import Final

from matching.criteria.columns import fold

# Two people who both write one of these may or may not work at the same place: we cannot tell.
KINDS: Final = frozenset(
    {
        "academic medical center",
        "clinic",
        "community clinic",
        "community health center",
        "community hospital",
        "county clinic",
        "county hospital",
        "fqhc",
        "government",
        "group practice",
        "health system",
        "hospital",
        "industry",
        "medical school",
        "military",
        "private group",
        "private practice",
        "public health department",
        "teaching hospital",
        "university",
        "university hospital",
        "urgent care",
        "va",
        "va hospital",
    }
)

# Who writes one of these has no employer that somebody else could share.
NOBODY: Final = frozenset(
    {"retired", "none", "no employer", "n/a", "unemployed", "not working", "locum tenens", "locums", "on leave"}
    | {"self-employed", "self employed", "solo practice", "own practice", "between jobs", "student"}
)


def named_employer(said: str | None) -> str | None:
    """The folded name of an employer that can be compared, or None if there is none or only its kind is known."""
    name = fold(said or "").removeprefix("the ").rstrip(".")
    return None if not name or name in KINDS or name in NOBODY else name


def may_share(one: str | None, other: str | None) -> bool:
    """Whether two people could have the same employer although neither fact nor name says so."""
    mine, theirs = fold(one or ""), fold(other or "")
    if mine in NOBODY or theirs in NOBODY:
        return False
    return not mine or not theirs or (mine == theirs and mine in KINDS)
