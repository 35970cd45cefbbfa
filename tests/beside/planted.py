"""What must never be found in a log line or an error report."""

from __future__ import annotations

NAME = "Philippa Quillfeather"
ADDRESS = "pq@hospital.example"
LETTER = "I have been struggling since the spring"


def raise_planted() -> None:
    """An error and its cause, both full of what a person wrote."""
    letter = f"{NAME} <{ADDRESS}> wrote: {LETTER}"
    try:
        raise ValueError(f"cannot read “{letter}”")
    except ValueError as cause:
        raise LookupError(letter) from cause
