"""A PDF page whose text says what it is (ISO 32000-1, 14.7 and 14.8), so that it can be read aloud and copied in order.

ReportLab draws; what it draws is put between marks here, and the tree of headings and paragraphs is added at the end.
What is only ornament is marked as such.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import Final, Literal

from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference, PDFString
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from chiron.design.color import Color
from chiron.design.fonts import truetype

Kind = Literal["H1", "H2", "P", "BlockQuote", "Figure"]
Weight = Literal[400, 600]
WIDTH, HEIGHT = letter
# The basic alphabet, and the accents of other languages; each letter is drawn from the first that has it.
ALPHABETS: Final = ("latin", "latin-ext")


@cache
def _fonts(weight: Weight) -> list[TTFont]:
    fonts = []
    for alphabet in ALPHABETS:
        name = f"source-serif-4-{alphabet}-{weight}"
        font = TTFont(name, BytesIO(truetype(name)))
        registerFont(font)
        fonts.append(font)
    return fonts


def _runs(text: str, weight: Weight) -> list[tuple[str, str]]:
    """The text in pieces that one font has all letters of: the font's name, and the piece."""
    runs: list[tuple[str, str]] = []
    for letter_ in text:
        name, drawn = _drawn(letter_, weight)
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + drawn)
        else:
            runs.append((name, drawn))
    return runs


def _drawn(character: str, weight: Weight) -> tuple[str, str]:
    """A letter and the font that has it; one that none has is drawn without its marks, else as a question mark."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", character) if not unicodedata.combining(each))
    for wanted in (character, plain, "?"):
        for font in _fonts(weight):
            if wanted and all(ord(each) in font.face.charToGlyph for each in wanted):
                return font.fontName, wanted
    return _fonts(weight)[0].fontName, "?"


def width_of(text: str, size: float, weight: Weight = 400) -> float:
    """How wide a text is, in points."""
    return float(sum(stringWidth(piece, name, size) for name, piece in _runs(text, weight)))


def lines_of(text: str, size: float, room: float, weight: Weight = 400) -> list[str]:
    """A text in lines that fit; a word that is longer than a line is broken."""
    lines = [""]
    for word in text.split():
        rest = word
        if lines[-1] and width_of(f"{lines[-1]} {rest}", size, weight) <= room:
            lines[-1] += f" {rest}"
            continue
        if lines[-1]:
            lines.append("")
        while width_of(rest, size, weight) > room:
            ends = (end for end in range(len(rest), 1, -1) if width_of(rest[:end], size, weight) <= room)
            fits = next(ends, 1)
            lines[-1], rest = rest[:fits], rest[fits:]
            lines.append("")
        lines[-1] = rest
    return lines


class TaggedPage:
    """One Letter page."""

    def __init__(self, *, title: str, author: str, language: str) -> None:
        self._file = BytesIO()
        self._canvas = Canvas(self._file, pagesize=letter, invariant=1, lang=language, pdfVersion=(1, 7))
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._parts: list[tuple[Kind, str]] = []
        self.lowest = HEIGHT
        """Where the lowest line of text stands so far."""

    @contextmanager
    def text(self, kind: Kind, *, instead: str = "") -> Iterator[None]:
        """What is drawn inside is one heading, paragraph or quote, after everything before it; of a picture what it
        shows is read `instead`.
        """
        self._mark(f"/{kind} <</MCID {len(self._parts)}>> BDC")
        self._parts.append((kind, instead))
        yield
        self._mark("EMC")

    def line(self, x: float, y: float, text: str, *, size: float, weight: Weight = 400, color: Color) -> None:
        """One line of text, from the left."""
        self._canvas.setFillColorRGB(*(part / 255 for part in color))
        self.lowest = min(self.lowest, y)
        drawing = self._canvas.beginText(x, y)
        for name, piece in _runs(text, weight):
            drawing.setFont(name, size)
            drawing.textOut(piece)
        self._canvas.drawText(drawing)

    def box(self, x: float, y: float, width: float, height: float, color: Color, *, round_: float = 0) -> None:
        """An ornament: a filled rectangle."""
        self._mark("/Artifact BMC")
        self._canvas.setFillColorRGB(*(part / 255 for part in color))
        self._canvas.roundRect(x, y, width, height, round_, stroke=0, fill=1)
        self._mark("EMC")

    def picture(self, x: float, y: float, side: float, png: bytes) -> None:
        """A square picture; inside of `text("Figure", …)`."""
        self._canvas.drawImage(ImageReader(BytesIO(png)), x, y, side, side, mask="auto")

    def tiles(self, x: float, y: float, side: float, rows: Iterable[Iterable[int]], color: Color) -> None:
        """Small squares, a row under the other, drawn where there is a 1; inside of `text("Figure", …)`."""
        lines = [list(row) for row in rows]
        step, path = side / len(lines), self._canvas.beginPath()
        for down, line in enumerate(lines, start=1):
            for across, dark in enumerate(line):
                if dark:
                    path.rect(x + across * step, y + side - down * step, step, step)
        self._canvas.setFillColorRGB(*(part / 255 for part in color))
        self._canvas.drawPath(path, stroke=0, fill=1)

    def link(self, x: float, y: float, width: float, height: float, url: str) -> None:
        """What is there leads to an address."""
        self._canvas.linkURL(url, (x, y, x + width, y + height))

    def finished(self) -> bytes:
        """The whole file."""
        document = self._canvas._doc
        name = document.thisPageName()
        self._canvas.showPage()
        page = document.idToObject[name]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = 0, PDFName("S")
        self._add_tree(PDFObjectReference(name))
        self._canvas.save()
        return self._file.getvalue()

    def _add_tree(self, page: PDFObjectReference) -> None:
        """The tree of what the page says, and the way from its marks to it."""
        document, root, whole = self._canvas._doc, PDFObjectReference("tree"), PDFObjectReference("whole")
        parts = []
        for number, (kind, instead) in enumerate(self._parts):
            said = {"Type": PDFName("StructElem"), "S": PDFName(kind), "P": whole, "Pg": page, "K": number}
            if instead:
                said["Alt"] = PDFString(instead)
            parts.append(document.Reference(PDFDictionary(said), f"part{number}"))
        element = {"Type": PDFName("StructElem"), "S": PDFName("Document"), "P": root, "K": PDFArray(parts)}
        document.Reference(PDFDictionary(element), "whole")
        numbers = PDFDictionary({"Nums": PDFArray([0, PDFArray(parts)])})
        tree = {"Type": PDFName("StructTreeRoot"), "K": PDFArray([whole]), "ParentTreeNextKey": 1}
        tree["ParentTree"] = document.Reference(numbers, "parents")
        document.Reference(PDFDictionary(tree), "tree")
        document._catalog.StructTreeRoot = root
        document._catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def _mark(self, operator: str) -> None:
        self._canvas._code.append(operator)
