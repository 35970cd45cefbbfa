"""The one error that people see."""

from __future__ import annotations


class DomainError(Exception):
    """A rule was not met. The message is a sentence that the person in front of the screen can act on."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
