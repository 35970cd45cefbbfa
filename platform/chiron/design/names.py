"""How people's names are shortened."""

from __future__ import annotations

TITLES = {"dr", "prof", "mr", "mrs", "ms", "mx", "the", "of", "and", "for"}


def initials(name: str) -> str:
    """Two letters for a picture: "Dr. Michelle Armstrong" and "Michelle Armstrong, MD" are MA, "Cher" is C."""
    words = [word.strip(".()") for word in name.split(",")[0].split()]
    words = [word for word in words if word[:1].isalpha() and word.lower() not in TITLES]
    if not words:
        return ""
    first, last = words[0][0], words[-1][0] if len(words) > 1 else ""
    return (first + last).upper()
