"""A program for adults alone asks each person to say so, and refuses in one sentence."""

from __future__ import annotations

import pytest
from django.test import Client

from programs.enrollment.models import Enrollment
from programs.policy import templates
from programs.policy.document import Part
from programs.policy.document.texts import ADULT
from tenants.models import Society
from tests.programs.answering import ANSWERS, WHO, answer_questions, ticked
from tests.programs.test_member_pages import open_session, signed_in

REFUSED = "This program is for people who are 18 or older; without this you cannot take part."
PARTS = [("premed-mentorship", 0), ("mentorship-in-medicine", 0), ("mentorship-in-medicine", 1)]


def test_nobody_signs_up_without_saying_that_they_are_18(northstar: Society) -> None:
    cycle = open_session(northstar, "northstar")
    client = signed_in(Client(headers={"host": northstar.host}), "bo.reed@example.org")
    first = f"/sessions/{cycle.pk}/sign-up/mentee/"
    client.post(first, WHO | {"stage": "pre-med"})
    answer_questions(client, first, ANSWERS)
    shown = client.get(f"{first}check/")
    form, said = shown.context["form"], ticked(shown.content.decode())
    boxes = {name: field.label for name, field in form.fields.items()}
    adult = next(name for name, label in boxes.items() if label.endswith("18 or older"))
    refused = client.post(f"{first}check/", {name: value for name, value in said.items() if name != adult})
    assert refused.status_code == 422
    assert REFUSED in refused.content.decode()
    assert not Enrollment.objects.exists()
    assert client.post(f"{first}check/", said).status_code == 302
    assert "attests" not in Enrollment.objects.get().answers, "being 18 is no word on the program's values"


@pytest.mark.parametrize(("template", "position"), PARTS)
def test_the_templates_for_students_ask_those_who_may_be_younger(template: str, position: int) -> None:
    part: Part = templates.load(template).part(position)
    asked = {role for agreement in part.agree if agreement.name == ADULT for role in agreement.by}
    assert asked == {"mentee"}


def test_only_a_word_on_the_values_counts_as_one() -> None:
    part = templates.load("premed-mentorship").part(0)
    assert {each.name: each.attests_values for each in part.agree if each.kind == "attestation"} == {
        "values": True,
        ADULT: False,
    }
