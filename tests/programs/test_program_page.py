"""A program's page is its settings in words, for every program that ships."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chiron.demo.societies import EXAMPLES
from chiron.kernel import clock
from programs.enrollment.adopting import adopt_settings
from programs.policy import templates
from programs.policy.document import load_policy, store_policy
from programs.policy.editing.parts import remove_part
from programs.policy.models import Cycle, PartnerLogo, Program
from programs.policy.services import change_state, create_program, move_dates, open_cycle, publish_version, show_program
from tenants.models import Society
from tests.design import words
from tests.factories.staff import browser_of, make_staff


def shown(program: Program, society: Society) -> str:
    """What a visitor reads on the page, once it is public."""
    show_program(program=program, by=None)
    reply = Client(headers={"host": society.host}).get(reverse("enrollment:program", args=[program.slug]))
    assert reply.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", reply.content.decode()).split())


@pytest.mark.parametrize("name", templates.names())
def test_time_comes_first_and_there_is_always_a_person_to_ask(sierra: Society, name: str) -> None:
    policy = templates.load(name)
    text = shown(create_program(policy=policy, by=None), sierra)
    assert words.found(text) == []
    time = policy.time_commitment[0].upper() + policy.time_commitment[1:]
    assert text.index(time) < text.index("Who can take part")
    assert policy.contact in text
    assert "Tell us you’re interested" in text
    assert "Nothing is open for sign-up just now" in text


def test_every_rule_of_the_pilot_is_there_in_words(sierra: Society) -> None:
    text = shown(create_program(policy=templates.load("physician-to-physician-pilot"), by=None), sierra)
    for said in (
        "19 weeks, and longer if you both wish",
        "Monthly, if it suits you both",
        "Up to 2 mentees",
        "At most 24 pairs; others wait on a list, by the date of sign-up",
        "You completed training at least 8 years before the session starts",
        "You completed training within 2 years before the session starts",
        "You completed training in Massachusetts",
        "You practice in Massachusetts",
        "It admits, orders and scores nobody",
        "By invitation",
        "The mentor is asked first, then the mentee; each has 5 days to answer, and may say no.",
        "An advisory council decides how much each of these counts.",
        "Two of the same employer",
        "After 30 days, then every month: how it goes",
        "Either of you can end it early, without blame",
        "At the end, without names",
        "How we treat each other",
    ):
        assert said in text, said
    assert "270" not in text, "points are for staff"


def test_what_primary_care_asks_at_check_ins(sierra: Society) -> None:
    text = shown(create_program(policy=templates.load("primary-care"), by=None), sierra)
    assert "reciprocity, mutual respect, clear expectations, personal connection, shared values" in text
    assert "4 to 6 people" in text
    assert "Up to 3 mentors" in text
    assert "we ask whether you would like to be a mentor one day" in text


def test_a_partners_logo_stands_on_the_page(sierra: Society) -> None:
    program = create_program(policy=templates.load("premed-mentorship"), by=None)
    manager = browser_of(make_staff(), sierra)
    where = reverse("programs:partner_logos", args=[program.slug])
    text = manager.post(where, {"partner": "a family medicine residency", "file": _file(b"no picture")})
    assert "cannot read this file as a picture" in text.content.decode()
    manager.post(where, {"partner": "a family medicine residency", "file": _file(EXAMPLES[0].logo())})
    address = reverse("interest:logo", args=[PartnerLogo.objects.get().digest])
    show_program(program=program, by=None)
    visitor = Client(headers={"host": sierra.host})
    assert address in visitor.get(reverse("enrollment:program", args=[program.slug])).content.decode()
    picture = visitor.get(address)
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert visitor.get(reverse("interest:logo", args=["0" * 64])).status_code == 404


def test_a_board_shows_the_roles_of_its_part(sierra: Society) -> None:
    program = create_program(policy=templates.load("primary-care"), by=None)
    today = clock.today()
    cycle = open_cycle(program=program, part="Peer circle", starts_on=today, today=today, by=None)
    board = browser_of(make_staff(), sierra).get(reverse("sessions:board", args=[cycle.pk])).content.decode()
    assert ">Peer</h2>" in board


def _file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.png", content, content_type="image/png")


def opened(program: Program, society: Society, part: str = "One-to-one") -> Cycle:
    """A session to which people can sign up today."""
    today = clock.today(society.zone)
    cycle = open_cycle(program=program, part=part, starts_on=today + timedelta(days=30), today=today, by=None)
    return change_state(cycle=cycle, to=Cycle.State.RECRUITING, by=None)


def test_what_is_open_is_shown_under_the_settings_that_it_has(sierra: Society) -> None:
    program = create_program(policy=templates.load("mentorship-in-medicine"), by=None)
    cycle = opened(program, sierra)
    document = store_policy(templates.load("mentorship-in-medicine"))
    document["time_commitment"], document["calendar"]["runs_for"] = "two hours a week", "9 months"
    document["parts"][0]["eligible"]["mentee"] = "stage is one of [late career]"
    document["parts"][0]["about"] = "Said better."
    newer = publish_version(program=program, policy=load_policy(json.dumps(document)), by=None)

    def told() -> list[bool]:
        fits = Client(headers={"host": sierra.host}).post(reverse("enrollment:fits"), {"stage": "resident"})
        text = shown(program, sierra)
        said = ("career you are: late career", "Two hours a week", "9 months", "At least one meeting", "5 months, and")
        way_in = reverse("enrollment:who", args=[cycle.pk, "mentee"])
        return [*(each in text for each in said), way_in in fits.content.decode()]

    assert told() == [False, False, False, True, True, True]
    assert "Said better." in shown(program, sierra), "texts may change at any time"
    adopt_settings(cycle=cycle, version=newer, by=None)
    assert told() == [True, True, True, False, False, False]


def test_what_is_open_stays_on_the_page_after_its_part_is_taken_out(sierra: Society) -> None:
    policy = templates.load("mentorship-in-medicine")
    program = create_program(policy=policy, by=None)
    cycle = opened(program, sierra, policy.parts[1].name)
    publish_version(program=program, policy=remove_part(policy, policy.parts[1].name), by=None)
    text = shown(program, sierra)
    assert policy.parts[1].name in text
    assert "Sign up: Mentor" in text
    change_state(cycle=cycle, to=Cycle.State.MATCHING, by=None)
    assert policy.parts[1].name not in shown(program, sierra)


def test_a_day_on_which_sign_up_opens_is_never_over(sierra: Society) -> None:
    program = create_program(policy=templates.load("mentorship-in-medicine"), by=None)
    cycle = opened(program, sierra)
    assert "Sign-up closes at the end of" in shown(program, sierra)
    days = {"sign_up_opens_on": cycle.starts_on - timedelta(days=60), "sign_up_closes_on": clock.today(sierra.zone)}
    days["sign_up_closes_on"] -= timedelta(days=1)
    move_dates(cycle=cycle, by=None, **days)
    text = shown(program, sierra)
    assert "Sign-up opens" not in text
    assert "Nothing is open for sign-up just now" in text
