"""Small policies to vary in tests."""

from __future__ import annotations

from programs.policy.document import Policy, PolicyError, load_policy

MINIMAL = """\
chiron_policy: 1
title: Mentoring
purpose: To learn from each other.
time_commitment: an hour a month
contact: mentoring@example.org
calendar:
  runs_for: 5 months
parts:
  - name: One-to-one
    format: one_to_one
    matching:
      weights:
        specialty: 600
        shared_interests: 400
"""

EVENING = """\
  - name: Evening
    format: speed
    evening:
      rounds: 6
      minutes: 8
      change: 2
"""


def varied(*changes: tuple[str, str], text: str = MINIMAL) -> str:
    """The text with each first string, which must be there, replaced by the second."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def with_part(*lines: str, text: str = MINIMAL) -> str:
    """The text with settings added to its last part, as its last lines."""
    return text + "".join(f"    {line}\n" for line in lines)


def load(*changes: tuple[str, str]) -> Policy:
    """The minimal policy, varied."""
    return load_policy(varied(*changes))


def faults(text: str | bytes) -> list[tuple[str, int | None, str]]:
    """Everything that is wrong with a text; nothing if it is a policy."""
    try:
        load_policy(text)
    except PolicyError as error:
        return [(fault.path, fault.line, fault.message) for fault in error.faults]
    return []
