"""Participants to decide about in tests."""

from __future__ import annotations

from typing import Any

from programs.policy.participant import Participant


def person(**said: Any) -> Participant:
    """Somebody who said this and nothing else."""
    return Participant(key="P1", role=said.pop("role", "mentee"), **said)
