"""A survey's pages: by the link of a mail and signed in, kept for later, sent, closed; and where they are found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from chiron.kernel import clock
from programs.surveys.links import link_for
from programs.surveys.models import Asked, Box, Draft, Wave
from programs.surveys.waves import close_survey
from tenants.models import Society
from tests.design.words import found
from tests.factories.staff import browser_of
from tests.surveys.asking_many import answer_all, asked, sent

Visitor = Callable[[str], Client]
FILLED = {"reciprocity": "4", "again": "yes", "comment": "It was good.", "may_quote": "on"}


def path_of(each: Asked) -> str:
    return link_for(each).partition("/surveys/")[2].join(["/surveys/", ""])


@pytest.fixture
def wave(sierra: Society) -> Wave:
    return sent(2, 0)


@pytest.fixture
def ada(wave: Wave) -> Asked:
    return asked(wave)[0]


def test_a_link_leads_to_the_form_without_signing_in_and_changes_nothing(
    sierra: Society, ada: Asked, visitor: Visitor
) -> None:
    page = visitor(sierra.host).get(path_of(ada))
    assert page.status_code == 200
    for words in ("How was it?", "Without your name", "Leave out what you do not want", "Keep for later"):
        assert words in page.content.decode()
    assert "(optional)" not in page.content.decode()
    assert not Asked.objects.filter(answered=True).exists()


def test_what_is_kept_for_later_waits_in_this_browser_alone_and_is_sent_once(
    sierra: Society, ada: Asked, visitor: Visitor
) -> None:
    mine, other = visitor(sierra.host), visitor(sierra.host)
    kept = mine.post(path_of(ada), FILLED | {"later": "yes"}, follow=True).content.decode()
    assert "Kept, without your name" in kept
    assert "It was good." in mine.get(path_of(ada)).content.decode()
    assert "It was good." not in other.get(path_of(ada)).content.decode()
    assert (Draft.objects.count(), Asked.objects.filter(answered=True).count()) == (1, 0)
    thanks = mine.post(path_of(ada), FILLED, follow=True)
    assert "Thank you" in thanks.content.decode()
    assert Draft.objects.count() == 0
    mine.post(path_of(ada), FILLED | {"again": "no"})
    assert [len(box.sheets) for box in Box.objects.all()] == [1]
    assert "It was good." not in mine.get(path_of(ada)).content.decode()


def test_an_empty_form_and_a_step_that_is_none_are_refused_with_what_was_written(
    sierra: Society, ada: Asked, visitor: Visitor
) -> None:
    browser = visitor(sierra.host)
    empty = browser.post(path_of(ada), {})
    assert (empty.status_code, "Nothing is answered yet" in empty.content.decode()) == (422, True)
    wrong = browser.post(path_of(ada), FILLED | {"reciprocity": "9"})
    assert (wrong.status_code, "It was good." in wrong.content.decode()) == (422, True)
    assert not Asked.objects.filter(answered=True).exists()


def test_home_leads_there_until_it_is_answered(sierra: Society, ada: Asked, wave: Wave) -> None:
    browser = browser_of(ada.person, sierra)
    address = f"/surveys/{wave.pk}/"
    assert address in browser.get("/").content.decode()
    assert browser.get(address).status_code == 200
    browser.post(address, FILLED)
    assert address not in browser.get("/").content.decode()
    assert "Your answers are sent, without your name." in browser.get(address).content.decode()


def test_with_names_the_page_says_so_and_answers_can_be_changed(sierra: Society) -> None:
    wave = sent(1, 0, anonymous=False)
    [ada] = asked(wave)
    browser = browser_of(ada.person, sierra)
    address = f"/surveys/{wave.pk}/"
    assert "With your name" in browser.get(address).content.decode()
    reply = browser.post(address, FILLED, follow=True).content.decode()
    assert "You can change them here" in reply
    assert "It was good." in reply


def test_a_survey_that_is_over_says_so_to_whoever_comes(sierra: Society, wave: Wave, visitor: Visitor) -> None:
    ada, bo = asked(wave)
    path, browser = path_of(ada), browser_of(bo.person, sierra)
    with clock.moved_by(timedelta(days=30)):
        assert visitor(sierra.host).get(path).status_code == 410
    answer_all([ada], ["yes"])
    close_survey(wave=wave)
    for page in (visitor(sierra.host).get(path), browser.get(f"/surveys/{wave.pk}/")):
        assert (page.status_code, "This survey is closed" in page.content.decode()) == (410, True)


def test_what_is_forged_is_not_there(sierra: Society, ada: Asked, visitor: Visitor) -> None:
    assert visitor(sierra.host).get(f"/surveys/by-mail/{ada.pk}/").status_code == 404


def test_no_page_says_a_word_of_the_code(sierra: Society, ada: Asked, visitor: Visitor) -> None:
    body = visitor(sierra.host).get(path_of(ada)).content.decode().partition("<main")[2]
    assert [word for word in found(body) if word != "pin"] == []
