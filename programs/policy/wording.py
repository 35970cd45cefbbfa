"""Words of a program that may change at any time: they hold at once, in sessions that run too."""

from __future__ import annotations

from programs.policy.models import Program


def words_in_mail(program: Program, mail: str) -> str:
    """The program's own paragraph in one of its mails, as its newest settings have it; empty if there is none."""
    newest = program.versions.first()
    if newest is None:
        return ""
    return newest.policy.filled(getattr(newest.policy.mails, mail) or "")
