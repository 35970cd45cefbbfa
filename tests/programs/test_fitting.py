"""What fits somebody, what does not and why, and from when it will."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from chiron.kernel import clock
from programs.enrollment.fitting import later, wanted_facts
from programs.enrollment.portal.first_page import NO_MEMBER, FactsForm, known_facts
from programs.policy.participant import Participant
from programs.policy.rules import parse_rule
from tenants.models import Society
from tests.programs.answering import WHO
from tests.programs.test_member_pages import open_session, signed_in
from tests.programs.test_step_by_step import ASKS, second_session

Visitor = Callable[[str], Client]
RESIDENTS = ASKS.replace("    intake:", "    eligible: {mentee: stage is resident}\n    intake:")
TODAY = date(2026, 11, 22)


def somebody(**facts: object) -> Participant:
    return Participant(key="", role="mentee", **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "facts", "when"),
    [
        (
            "stage is resident",
            {"stage": "medical student", "stage_ends_on": date(2027, 7, 1)},
            "From July 2027, when you start residency",
        ),
        (
            "stage is early career",
            {"stage": "resident", "stage_ends_on": date(2028, 6, 1)},
            "From June 2028, when you finish your training",
        ),
        (
            "stage is fellow",
            {"stage": "resident", "stage_ends_on": date(2028, 6, 1)},
            "From June 2028, when you start a fellowship",
        ),
        (
            "years_since_training at least 8",
            {"training_completed_on": date(2021, 6, 1)},
            "From June 2029, 8 years after your training",
        ),
        (
            "training.completed within 2 years",
            {"stage": "resident", "stage_ends_on": date(2027, 6, 1)},
            "From June 2027, when you finish your training",
        ),
        ("stage is resident", {"stage": "medical student"}, "None"),
        ("stage is resident", {"stage": "retired", "stage_ends_on": date(2027, 7, 1)}, "None"),
        ("stage is resident", {"stage": "medical student", "stage_ends_on": date(2026, 7, 1)}, "None"),
        ("stage is pre-med", {"stage": "medical student", "stage_ends_on": date(2027, 7, 1)}, "None"),
    ],
)
def test_from_when_something_fits(rule: str, facts: dict[str, object], when: str) -> None:
    assert str(later(parse_rule(rule), somebody(**facts), TODAY)) == when


def test_only_what_rules_ask_about_is_asked() -> None:
    rules = [parse_rule({"all": ["stage is resident", "membership.status is active", "practice.state is MA"]}), None]
    assert wanted_facts(rules) == {"member", "practice_state"}
    assert wanted_facts([]) == set()


def test_a_visitor_learns_what_fits_without_telling_who_they_are(sierra: Society, visitor: Visitor) -> None:
    open_session(sierra)
    second_session(sierra, RESIDENTS)
    client = visitor(sierra.host)
    assert client.post("/fits/", {}).status_code == 422
    page = client.post("/fits/", {"stage": "medical student", "stage_ends_on": "7/2028", "member": NO_MEMBER})
    shown = page.context
    names = {group: [(fit.program, fit.role) for fit in shown[group]] for group in ("yes", "later", "perhaps", "no")}
    assert ("Mentorship in Medicine", "mentee") in names["yes"]
    assert names["later"] == [("Second program", "mentee")]
    assert ("Second program", "mentor") in names["yes"], "no rule, so everybody is welcome"
    assert ("Mentorship in Medicine", "mentor") in names["no"]
    text = page.content.decode()
    assert "From July 2028, when you start residency." in text
    assert "Membership is not there yet; this asks for active or retired" in text


def test_what_was_told_carries_over_to_the_sign_up(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    client = visitor(sierra.host)
    client.post("/fits/", {"stage": "medical student", "stage_ends_on": "7/2028"})
    signed_in(client, "bo.reed@example.org")
    initial = client.get(f"/sessions/{cycle.pk}/sign-up/mentee/").context["form"].initial
    assert (initial["stage"], initial["stage_ends_on"]) == ("medical student", date(2028, 7, 1))


@pytest.mark.parametrize(
    ("known", "typed", "kept"),
    [
        (None, "6/2019", ("2019-06-01", "2019-06-30")),
        (None, "6/15/2019", ("2019-06-15", "2019-06-15")),
        (date(2019, 6, 20), "6/2019", ("2019-06-20", None)),
        (date(2018, 6, 20), "2/2020", ("2020-02-01", "2020-02-29")),
    ],
)
def test_a_month_is_every_day_of_it_unless_the_day_is_known(
    known: date | None, typed: str, kept: tuple[str, str | None]
) -> None:
    said = {"stage": "mid career", "training_completed_on": typed}
    form = FactsForm(said, initial={"training_completed_on": known} if known else {})
    assert form.is_valid()
    facts = form.facts()
    assert (facts["training_completed_on"], facts.get("training_completed_latest")) == kept


def test_a_month_stays_a_month_however_often_the_page_is_sent() -> None:
    facts: dict[str, object] = {}
    for _time in range(3):
        initial = known_facts(None, facts)
        form = FactsForm({"stage": "mid career", "training_completed_on": "6/2019"}, initial=initial)
        assert form.is_valid()
        facts = form.facts()
        assert (facts["training_completed_on"], facts["training_completed_latest"]) == ("2019-06-01", "2019-06-30")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("stage_ends_on", "6/2020", "over already"),
        ("stage_ends_on", "10/2026", "over already"),
        ("stage_ends_on", "6/2082", "Is the year right?"),
        ("training_completed_on", "6/0209", "Is the year right?"),
        ("training_completed_on", "6/2082", "Is the year right?"),
    ],
)
def test_a_month_that_cannot_be_is_asked_again(sierra: Society, field: str, typed: str, said: str) -> None:
    with clock.moved_to(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        form = FactsForm({"stage": "resident", field: typed})
        assert said in str(form.errors[field])
        assert FactsForm({"stage": "resident", "stage_ends_on": "11/2026"}).is_valid(), "this month is not over"
        assert FactsForm({"stage": "retired", "training_completed_on": "6/1958"}).is_valid()


def test_what_does_not_fit_is_said_before_anything_else_is_asked(sierra: Society, visitor: Visitor) -> None:
    fits = open_session(sierra)
    cycle = second_session(sierra, RESIDENTS)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = f"/sessions/{cycle.pk}/sign-up/mentee/"
    reply = client.post(first, WHO | {"stage": "medical student", "stage_ends_on": "7/2030"})
    assert reply.headers["Location"] == f"{first}not-this/"
    page = client.get(reply.headers["Location"]).content.decode()
    assert "Not yet" in page
    assert "From July 2030, when you start residency." in page
    assert f"/sessions/{fits.pk}/sign-up/mentee/" in page, "what fits instead"
    assert f"{first}questions/" in page, "nobody is kept from going on"
    assert client.post(first, WHO).headers["Location"] == f"{first}questions/"
    assert client.get(f"{first}not-this/").headers["Location"] == f"{first}questions/"


def test_who_says_they_are_a_member_is_still_looked_up(sierra: Society, visitor: Visitor) -> None:
    cycle = open_session(sierra)
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = f"/sessions/{cycle.pk}/sign-up/mentor/"
    for member, where in (("active", "questions/"), (NO_MEMBER, "not-this/")):
        reply = client.post(first, WHO | {"stage": "mid career", "member": member})
        assert reply.headers["Location"] == f"{first}{where}"
