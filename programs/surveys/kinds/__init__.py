"""Every kind of blank, by its name in a policy: its fields in a form, what is kept, and how that reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from programs.policy.document import Blank
from programs.surveys.kinds.base import Kind, Offer
from programs.surveys.kinds.files import File
from programs.surveys.kinds.numbers import Date, Month, Number, Scale, YesOrNo
from programs.surveys.kinds.picks import Choice, Choices, Matrix, Ranking
from programs.surveys.kinds.words import Npi, Prose, Specialty, State, Tags, Text, ZipCode

KINDS: Final[Mapping[str, Kind]] = {
    "short text": Text(),
    "long text": Prose(),
    "number": Number(),
    "date": Date(),
    "month": Month(),
    "choice": Choice(),
    "choices": Choices(),
    "ranking": Ranking(),
    "scale": Scale(),
    "matrix": Matrix(),
    "yes or no": YesOrNo(),
    "state": State(),
    "ZIP code": ZipCode(),
    "specialty": Specialty(),
    "NPI": Npi(),
    "tags": Tags(),
    "file": File(),
}

__all__ = ["KINDS", "Kind", "Offer", "kind_of"]


def kind_of(blank: Blank) -> Kind:
    """The kind of a blank."""
    return KINDS[blank.kind]
