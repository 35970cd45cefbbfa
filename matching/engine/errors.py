"""What the engine refuses, in sentences."""

from __future__ import annotations


class ProblemError(ValueError):
    """The problem cannot be solved as given. The sentence names who or what; positions are as in the input, from 0."""

    def __init__(self, message: str, *, mentee: int | None = None, mentor: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.mentee = mentee
        self.mentor = mentor


class CertificateError(ValueError):
    """A result is not what it claims to be; the sentence says which condition fails and where."""


class Cancelled(Exception):
    """Raise this (or anything) from a progress callback to stop between two blocks."""
