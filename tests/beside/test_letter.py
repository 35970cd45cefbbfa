"""A mail's subject and its plain text are read out of its HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chiron.design.frame import Brand
from tenants.outbox.letter import _Reader, compose

SIERRA = Brand(name="Sierra")


def aloud(body: str) -> str:
    reader = _Reader()
    reader.feed(f"<html><head><title>Hi</title><style>p {{ color: red }}</style></head><body>{body}</body></html>")
    reader.close()
    return reader.text()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One\n  line</p><p>Another</p>", "One line\n\nAnother\n"),
        ("<h1>Dear Dr. <b>Li</b>,</h1><p>you &amp; I</p>", "Dear Dr. Li,\n\nyou & I\n"),
        ("<p>First<br>second</p>", "First\nsecond\n"),
        ("<ul><li>lunch</li> <li>coffee</li></ul>", "- lunch\n- coffee\n"),
        ("<table><tr><td><p>In a table</p></td></tr></table><p>After</p>", "In a table\n\nAfter\n"),
        ('<p>Go <a href="https://x.example/">here</a> now</p>', "Go here: https://x.example/ now\n"),
        ('<a href="https://x.example/">https://x.example/</a>', "https://x.example/\n"),
        ('<p>Write to <a href="mailto:a@x.example">a@x.example</a></p>', "Write to a@x.example\n"),
        ('<p><a href="mailto:a@x.example?subject=Hi%20there">A ready mail</a></p>', "A ready mail: a@x.example\n"),
        ("<div hidden>Preview <p>of it</p></div><p>Seen</p>", "Seen\n"),
        ('<p><span aria-hidden="true">·</span>Heard</p>', "Heard\n"),
    ],
)
def test_the_plain_twin_says_what_the_html_shows(html: str, text: str) -> None:
    assert aloud(html) == text


@pytest.mark.usefixtures("letters")
def test_the_subject_is_one_line_and_tells_who_writes() -> None:
    letter = compose("hello", {"brand": SIERRA, "recipient": "a\nBcc: x@example.org", "words": ""})
    assert letter.subject == "Sierra: Hello a Bcc: x@example.org"


@pytest.mark.usefixtures("letters")
def test_what_people_wrote_is_no_markup() -> None:
    letter = compose("hello", {"brand": SIERRA, "recipient": "Jo", "words": "<a href='https://evil.example'>"})
    assert "<a href='https://evil" not in letter.html
    assert "<a href='https://evil.example'>" in letter.text


ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(ROOT.glob("[!.]*/**/templates/mail/*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_a_mail_has_one_button_at_most_and_fetches_nothing(template: Path) -> None:
    source = template.read_text()
    assert source.count("<c-mail.button href") <= 1
    assert not re.findall(r"<img|<link|@import|url\(", source)
    assert not re.findall(r'<p>(?:{% if [^%]*%})?{% (?:translate "|blocktranslate[^%]*%})[a-z]', source)
    assert template.stem == "base" or source.startswith('{% extends "mail/')
