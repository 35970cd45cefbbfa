"""What a society agrees to when it starts. Another wording is another version, in a file beside the old one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True)
class Text:
    """A text that is agreed to: its wording is a template of its own, which pages and the mail both show."""

    name: str
    version: str
    since: date

    @property
    def template(self) -> str:
        return f"starting/texts/{self.name}-{self.version}.html"


TERMS: Final = Text("terms", "2026-11", date(2026, 11, 22))
PROCESSING: Final = Text("processing", "2026-11", date(2026, 11, 22))
