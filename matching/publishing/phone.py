"""A mail as a phone shows it: its words in their order, read off the mail itself, without anything that could act."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

HEADING, TEXT, ITEM, BUTTON, SMALL = "heading", "text", "item", "button", "small"


@dataclass(frozen=True)
class Piece:
    """One block of a mail: a heading, a paragraph, a line of a list, the button, or the small print."""

    kind: str
    words: str


def pieces_of(html: str) -> list[Piece]:
    """What a reader sees of a mail of ours, block by block."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.pieces


class _Reader(HTMLParser):
    """Reads the table cells in which `mail/base.html` lays out every mail."""

    BLOCKS: Final = {"h1": HEADING, "p": TEXT, "li": ITEM}

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Piece] = []
        self._kind = ""
        self._words: list[str] = []
        self._is_small = self._is_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        self._is_small = self._is_small or "quiet" in classes
        self._is_button = "button" in classes if tag == "td" else self._is_button
        if tag in self.BLOCKS:
            self._begin(SMALL if self._is_small else self.BLOCKS[tag])
        elif tag == "a" and self._is_button:
            self._begin(BUTTON)
        elif tag == "br" and self._kind:
            self._words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.BLOCKS or (tag == "a" and self._is_button):
            self._end()

    def handle_data(self, data: str) -> None:
        if self._kind:
            self._words.append(data.replace("\n", " "))

    def _begin(self, kind: str) -> None:
        self._end()
        self._kind = kind

    def _end(self) -> None:
        lines = (" ".join(line.split()) for line in "".join(self._words).split("\n"))
        said = "\n".join(line for line in lines if line)
        if self._kind and said:
            self.pieces.append(Piece(self._kind, said))
        self._kind, self._words = "", []
