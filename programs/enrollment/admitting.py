"""Who may sign up to a role that one comes into by invitation alone. Invitations lie above and say so here."""

from __future__ import annotations

from collections.abc import Callable

from programs.policy.models import Cycle

Invited = Callable[[str, Cycle, str], bool]

_invited: list[Invited] = []


def admit_by(invited: Invited) -> None:
    """Have a function say whether an address was invited to a session in a role."""
    _invited.append(invited)


def is_admitted(email: str, cycle: Cycle, role: str) -> bool:
    """Whether somebody whose address is proved may sign up in this role."""
    if cycle.settings.way_in(role) != "invitation":
        return True
    return bool(email) and any(invited(email, cycle, role) for invited in _invited)
