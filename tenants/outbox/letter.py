"""A mail's words: one HTML template, from which the subject and the plain-text twin are taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape


@dataclass(frozen=True)
class Letter:
    """What a reader sees."""

    subject: str
    html: str
    text: str


def compose(template: str, context: Mapping[str, Any]) -> Letter:
    """Render `mail/<template>.html`: its `<title>` is the subject, which always tells whose mail it is."""
    with translation.override("en-us"):
        html = render_to_string(f"mail/{template}.html", dict(context))
    reader = _read(html)
    subject = " ".join(reader.title.split())
    name = context["brand"].name
    return Letter(subject=subject if name in subject else f"{name}: {subject}", html=html, text=reader.text())


def pointing_at(page: str, letter: Letter, *, origin: str) -> Letter:
    """The same letter to look at: each of its links to somewhere below `origin` leads to one page."""
    html = re.sub(rf'href="{re.escape(origin)}[^"]*"', f'href="{escape(page)}"', letter.html)
    return Letter(subject=letter.subject, html=html, text=_read(html).text())


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


class _Reader(HTMLParser):
    """Reads a mail aloud: paragraphs, lists and the addresses behind links, without what only the eye needs."""

    SILENT = {"head", "style", "script", "svg"}
    BREAKS = {
        "p": 2,
        "h1": 2,
        "h2": 2,
        "h3": 2,
        "table": 2,
        "ul": 2,
        "ol": 2,
        "hr": 2,
        "div": 1,
        "tr": 1,
        "li": 1,
        "br": 1,
    }
    VOID = {"br", "hr", "img", "meta", "link", "input"}

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self._parts: list[str] = []
        self._open: list[str] = []
        self._silent_from: int | None = None
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag not in self.VOID:
            self._open.append(tag)
            hidden = tag in self.SILENT or "hidden" in attributes or attributes.get("aria-hidden") == "true"
            if hidden and self._silent_from is None:
                self._silent_from = len(self._open)
        self._break(tag)
        if tag == "li":
            self._say("- ")
        if tag == "a":
            self._links.append((attributes.get("href") or "", len(self._parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID or tag not in self._open:
            return
        if tag == "a":
            self._tell_address()
        while self._open.pop() != tag:
            pass
        if self._silent_from is not None and len(self._open) < self._silent_from:
            self._silent_from = None
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title":
            self.title += data
        elif self._silent_from is None:
            words = " ".join(data.split())
            if words:
                self._parts.append(f"{' ' * data[0].isspace()}{words}{' ' * data[-1].isspace()}")
            elif data:
                self._parts.append(" ")

    def text(self) -> str:
        """All that was said, with at most one empty line between two paragraphs."""
        lines = [" ".join(line.split()) for line in "".join(self._parts).split("\n")]
        kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
        return "\n".join(kept).strip() + "\n"

    def _say(self, words: str) -> None:
        if self._silent_from is None:
            self._parts.append(words)

    def _break(self, tag: str) -> None:
        """Begin a new line or paragraph, unless one has just begun."""
        wanted = self.BREAKS.get(tag, 0)
        said = "".join(self._parts[-4:]).rstrip(" ")
        there = len(said) - len(said.rstrip("\n"))
        if tag == "br" or (self._parts and wanted > there):
            self._say("\n" * (1 if tag == "br" else wanted - there))

    def _tell_address(self) -> None:
        """After a link's words its address, unless the words are the address."""
        href, since = self._links.pop()
        words = "".join(self._parts[since:]).strip()
        # A mail that is ready to be sent is its words too, in a form that no person reads.
        address = href.removeprefix("mailto:").partition("?")[0] if href.startswith("mailto:") else href
        if address and address != words:
            self._say(f": {address}")
