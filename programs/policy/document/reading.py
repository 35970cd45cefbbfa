"""YAML 1.2 as plain data, with the line of every key and entry; nothing in a text can make it run away.

Built on the parser's events: words such as `no` and `off` stay words, a key stands once, and anchors, aliases, tags and
deep nests are refused, so that a text can neither grow nor call anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from programs.policy.faults import Fault, Found, Path, PolicyError, dotted

MOST_CHARACTERS = 200_000
MOST_VALUES = 5_000
DEEPEST = 30
INTEGER = re.compile(r"[-+]?[0-9]{1,18}", re.ASCII)
NUMBER = re.compile(r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,2})?", re.ASCII)
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")
NULLS = ("", "~", "null", "Null", "NULL")
TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
CAUSES = {
    "could not find expected ':'": "the name of a setting needs a colon after it",
    "mapping values are not allowed": "there is one colon too many, or a line is indented too far",
    "expected <block end>": "this line is indented differently from those it belongs to",
    "<document start>": "this line does not belong to what stands above it",
    "cannot start any token": "a word that begins with such a sign needs quotes, and lines are indented by spaces",
    "unexpected end of stream": "something in quotes does not end",
    "<stream end>": "a bracket or brace is not closed",
}


@dataclass(slots=True)
class Lines:
    """The line of every path of a text."""

    of: dict[Path, int] = field(default_factory=dict)

    def nearest(self, path: Path) -> Path:
        """The path itself if it stands in the text, else the nearest one above it that does."""
        while path and path not in self.of:
            path = path[:-1]
        return path


def read_yaml(text: str | bytes, name: str) -> tuple[Any, Lines]:
    """The data of one YAML document, keys as words, and its lines; PolicyError for what is not such a document."""
    reader = _Reader()
    data = reader.read(_decoded(text, name), name)
    if reader.found:
        raise reader.error(name)
    return data, reader.lines


def _decoded(text: str | bytes, name: str) -> str:
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise PolicyError(name, [Fault("", line, "This is not a text in UTF-8.")]) from None
    text = text.removeprefix("\ufeff")
    if len(text) > MOST_CHARACTERS:
        raise PolicyError(name, [Fault("", 1, f"A policy has at most {MOST_CHARACTERS:,} characters.")])
    if strange := UNPRINTABLE.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        raise PolicyError(name, [Fault("", line, "There is a character here that no text has. Is this a text file?")])
    return text


class _Reader:
    """Builds plain data from a parser's events, noting lines and what may not be."""

    def __init__(self) -> None:
        self.lines = Lines()
        self.found: list[tuple[int, Found]] = []

    def read(self, text: str, name: str) -> Any:
        documents: list[Any] = []
        self.events = iter(YAML(typ="safe", pure=True).parse(text))
        try:
            for event in self.events:
                if isinstance(event, DocumentStartEvent):
                    if documents:
                        self.note(event, (), "A second document starts here; a policy is one.")
                        break
                    documents.append(self.value(next(self.events), ()))
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.found.append((mark.line + 1 if mark else 1, Found((), _syntax(str(error.problem)))))
        except (YAMLError, ValueError, OverflowError):  # the last two: escapes of characters that do not exist
            self.found.append((1, Found((), "This is not YAML.")))
        except _TooMuchError:
            pass
        return documents[0] if documents else None

    def error(self, name: str) -> PolicyError:
        return PolicyError(name, [Fault(dotted(found.path), line, found.message) for line, found in self.found])

    def note(self, event: Event, path: Path, message: str) -> None:
        self.found.append((event.start_mark.line + 1, Found(path, message)))

    def value(self, event: Event, path: Path) -> Any:
        self.lines.of.setdefault(path, event.start_mark.line + 1)
        if isinstance(event, AliasEvent):
            self.note(event, path, "References (*name) are not read here. Write the value out.")
            return None
        if isinstance(event, NodeEvent) and (event.anchor or getattr(event, "tag", None)):
            self.note(event, path, "Anchors (&name) and tags (!name) are not read here. Write the plain value.")
        if len(path) > DEEPEST or len(self.lines.of) > MOST_VALUES:
            self.note(event, path, "This is nested too deeply, or too long, to be a policy.")
            raise _TooMuchError
        if isinstance(event, ScalarEvent):
            return self.scalar(event, path)
        return self.list(path) if isinstance(event, SequenceStartEvent) else self.settings(path)

    def list(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self.value(event, (*path, len(items))))
        return items

    def settings(self, path: Path) -> dict[str, Any]:
        settings: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            line = event.start_mark.line + 1
            if isinstance(event, ScalarEvent) and not event.anchor:
                key = self.word(event, path)
                if key in settings:
                    self.note(event, (*path, key), f"“{key}” stands here twice.")
                self.lines.of[*path, key] = line
            else:
                self.note(event, path, "A setting's name has to be a plain word.")
                key = str(self.value(event, path))
            settings[key] = self.value(next(self.events), (*path, key))
        return settings

    def scalar(self, event: ScalarEvent, path: Path) -> Any:
        """The value as YAML 1.2's core schema reads it; dates and everything in quotes stay words."""
        word = self.word(event, path)
        if not event.implicit[0]:
            return word
        if word in NULLS:
            return None
        if word in TRUTHS:
            return TRUTHS[word]
        if INTEGER.fullmatch(word):
            return int(word)
        return float(word) if NUMBER.fullmatch(word) else word

    def word(self, event: ScalarEvent, path: Path) -> str:
        word: str = event.value
        if UNPRINTABLE.search(word):
            self.note(event, path, "There is a character here that no text has.")
            return UNPRINTABLE.sub("", word)
        return word


def _syntax(problem: str) -> str:
    """What the parser found, with the usual cause of it where there is one."""
    for sign, cause in CAUSES.items():
        if sign in problem:
            return f"This is not YAML: {cause}."
    return f"This is not YAML: {' '.join(problem.split())}."


class _TooMuchError(Exception):
    """Reading stops here."""
