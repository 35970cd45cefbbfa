"""Mails: one button, words that carry the whole of it, colors that can be read."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string

from chiron.design.color import contrast, parse
from chiron.design.frame import CHIRON, Brand

SOCIETY = Brand(
    name="Sierra Valley <Medical> Society",
    primary="#ffd400",
    logo="/brand/abc.png",
    origin="https://sierra.example",
    contact="mentorship@sierra.example",
)


@pytest.fixture
def mail() -> str:
    return render_to_string("mail/gallery.html", {"brand": SOCIETY})


def test_the_subject_names_the_society(mail: str) -> None:
    assert "<title>Sierra Valley &lt;Medical&gt; Society: we found you a mentor</title>" in mail


def test_there_is_one_button_and_its_words_can_be_read(mail: str) -> None:
    button = re.findall(r'bgcolor="(#\w+)"[^>]*><a href="([^"]+)" style="[^"]*?;color:(#\w+)', mail)
    assert [(href, contrast(parse(ground), parse(ink)) >= 4.5) for ground, href, ink in button] == [
        ("https://sierra.example/offers/1/", True)
    ]


def test_nothing_is_lost_without_pictures_or_styles(mail: str) -> None:
    read = re.sub(r"<(style|title)>.*?</\1>|<[^>]+>", "", mail, flags=re.DOTALL)
    for words in ("Sierra Valley &lt;Medical&gt; Society", "Read and answer", "Please answer by Friday, February 12"):
        assert words in read
    assert re.findall(r"<img [^>]*>", mail) == re.findall(
        r'<img src="https://sierra\.example/brand/abc\.png" alt=""[^>]*>', mail
    )


def test_nothing_runs_or_is_fetched_from_elsewhere(mail: str) -> None:
    assert "<script" not in mail
    assert "<link" not in mail
    assert "url(" not in mail
    assert set(re.findall(r"https?://[^/\"]+", mail)) == {"https://sierra.example"}


def test_chirons_own_mail_has_no_picture() -> None:
    assert "<img" not in render_to_string("mail/gallery.html", {"brand": CHIRON})
