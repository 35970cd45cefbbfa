"""What a society shares: texts in plain words, a code that leads to the program, one page to print."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from chiron.kernel import clock
from programs.opening.flyer import flyer_pdf
from programs.opening.kit import Kit
from programs.policy.models import Cycle
from tenants.models import Society
from tests.design import words
from tests.factories.programs import make_cycle
from tests.factories.staff import browser_of, make_staff


@pytest.fixture
def cycle(sierra: Society) -> Cycle:
    cycle = make_cycle()
    today = clock.today()
    Cycle.objects.filter(pk=cycle.pk).update(
        sign_up_opens_on=today - timedelta(days=2), sign_up_closes_on=today + timedelta(days=40)
    )
    return Cycle.objects.select_related("program", "version").get(pk=cycle.pk)


@pytest.fixture
def kit(cycle: Cycle, sierra: Society) -> Kit:
    sierra.postal_address = "1 Main Street, Springfield, CA 95000"
    return Kit(cycle, sierra, clock.today())


@pytest.fixture
def browser(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def test_the_texts_say_what_it_is_what_it_takes_until_when_and_where(kit: Kit, sierra: Society) -> None:
    for text in (kit.paragraph, kit.mail):
        assert sierra.name in text
        assert kit.link in text
        assert kit.until in text
        assert "at least one meeting a month for five months" in text
        assert words.found(text) == []
    assert kit.cycle.program.contact in kit.mail
    assert "1 Main Street" in kit.mail
    assert "mentors and mentees" in kit.paragraph
    assert ".." not in kit.paragraph.replace("...", "")


def test_the_button_is_plain_html_and_escapes_what_it_is_called(kit: Kit) -> None:
    kit.cycle.program.name = 'Ask & "Answer" <b>'
    assert kit.button.startswith(f'<a href="{kit.link}" style="')
    assert "Ask &amp; &quot;Answer&quot; &lt;b&gt;</a>" in kit.button
    assert "script" not in kit.button


def test_the_code_says_the_link_and_nothing_else(kit: Kit) -> None:
    code = kit.qr()
    assert code.error == "Q"
    picture = Image.open(BytesIO(kit.qr_png())).convert("1")
    side = len(code.matrix)
    assert picture.size == ((side + 8) * 24,) * 2
    read = [
        [int(not picture.getpixel(((x + 4) * 24 + 12, (y + 4) * 24 + 12))) for x in range(side)] for y in range(side)
    ]
    assert read == [list(map(int, row)) for row in code.matrix]
    assert kit.link.encode() in kit.qr_svg(), "for whoever hears it"


def test_the_page_has_every_text_in_a_field_of_its_own(browser: Client, cycle: Cycle) -> None:
    page = browser.get(reverse("opening:share", args=[cycle.pk])).content.decode()
    assert page.count("readonly") == page.count("data-copy=") == 5
    assert page.count('type="button" data-copy') == page.count("hidden>Copy"), "without scripts there is no button"
    assert "People can sign up until" in page


def test_a_session_that_is_over_or_not_open_says_so(browser: Client, cycle: Cycle) -> None:
    where = reverse("opening:share", args=[cycle.pk])
    Cycle.objects.update(state="draft")
    assert "Sign-up is not open yet" in browser.get(where).content.decode()
    Cycle.objects.update(state="running")
    assert "is over" in browser.get(where).content.decode()


def test_the_files_can_be_shown_and_kept(browser: Client, cycle: Cycle) -> None:
    for name, kind, begins in (
        ("flyer", "application/pdf", b"%PDF-"),
        ("qr_png", "image/png", b"\x89PNG"),
        ("qr_svg", "image/svg+xml", b"<svg"),
    ):
        reply = browser.get(reverse(f"opening:{name}", args=[cycle.pk]))
        assert (reply["Content-Type"], reply.content[: len(begins)]) == (kind, begins)
        assert "mentorship-in-medicine." in reply["Content-Disposition"]


def test_the_flyer_is_one_page_and_the_same_each_time(kit: Kit) -> None:
    flyer = flyer_pdf(kit, logo=None)
    assert flyer == flyer_pdf(kit, logo=None)
    assert flyer.count(b"/Type /Page\n") == 1


def test_a_flyer_with_very_long_texts_stays_above_its_foot(kit: Kit) -> None:
    policy = kit.cycle.version.policy.model_copy(
        update={"purpose": "Walk with somebody. " * 90, "time_commitment": "An hour a month, often more. " * 40}
    )
    kit.cycle.version.policy = policy
    kit.cycle.program.name = "The Society’s Mentorship Program for Everybody on the Way Into a Life in Medicine"
    kit.cycle.sign_up_closes_on = date(2027, 9, 30)
    assert flyer_pdf(kit, logo=None).count(b"/Type /Page\n") == 1
