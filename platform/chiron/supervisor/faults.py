"""Why the platform did not start or could not go on: a sentence, and an exit status that a script can act on."""

from __future__ import annotations

from enum import IntEnum

from chiron.kernel.errors import DomainError


class Exit(IntEnum):
    """Exit statuses of `chiron up`, after sysexits.h where it has one."""

    PORT_IN_USE = 69
    BROKEN = 70
    DISK_FULL = 74
    HOME_IN_USE = 75
    NOT_ALLOWED = 77
    WRONG_SETTING = 78


class Fault(DomainError):
    """The platform cannot start or go on."""

    def __init__(self, exit_status: Exit, message: str) -> None:
        super().__init__(message)
        self.exit_status = exit_status
