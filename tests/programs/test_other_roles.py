"""Circles of peers and threes: signing up in their roles, and what people and staff read of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.importing.imports import receive_sheet
from programs.enrollment.models import Enrollment, SheetImport
from programs.enrollment.services import sign_up
from programs.mentorships.models import Mentorship
from programs.policy import templates
from programs.policy.document import Policy, store_policy
from programs.policy.models import Cycle
from programs.policy.services import change_state, create_program, move_dates, open_cycle
from tenants.models import Society
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.test_requests import page_of
from tests.programs.answering import sign_up_by_pages
from tests.programs.test_sheet_pages import fields

pytestmark = pytest.mark.django_db
THREE: dict[str, Any] = {
    "name": "Three of us",
    "about": "One early, one in the middle, one late.",
    "format": "triad",
    "roles": {"early": {"called": "Newcomer"}, "middle": {"called": "Bridge"}, "senior": {"called": "Elder"}},
    "enter": {"early": "open", "middle": "open", "senior": "open"},
    "eligible": {"middle": "stage is one of [resident, early career]"},
    "size": {"at_least": 3, "most": 3},
    "matching": {"by": "hand", "asked_first": "nobody"},
}


def open_session(society: Society, part: str) -> Cycle:
    """A session of a program with a circle and a three, to which one can sign up today."""
    document = store_policy(templates.load("primary-care"))
    document["parts"].append(THREE)
    program = create_program(policy=Policy.model_validate(document), by=None)
    today = clock.today(society.zone)
    cycle = open_cycle(program=program, part=part, starts_on=today.replace(year=today.year + 1), today=today, by=None)
    move_dates(cycle=cycle, sign_up_opens_on=today, by=None)
    change_state(cycle=cycle, to=Cycle.State.RECRUITING, by=None)
    return Cycle.objects.get(pk=cycle.pk)


@pytest.mark.parametrize(
    ("part", "role", "called"),
    [("Peer circle", "peer", "Peer"), ("Three of us", "middle", "Bridge")],
)
def test_somebody_signs_up_in_a_role_of_more_than_two(sierra: Society, part: str, role: str, called: str) -> None:
    cycle = open_session(sierra, part)
    person = make_person(stage="resident")
    client = browser_of(person, sierra)
    first = reverse("enrollment:who", args=[cycle.pk, role])
    assert f'href="{first}"' in page_of(client, f"/programs/{cycle.program.slug}/")
    assert f"Sign up: {called}" in page_of(client, first)
    assert sign_up_by_pages(client, first).headers["Location"].endswith("/done/")
    enrollment = Enrollment.objects.get()
    assert (enrollment.role, enrollment.state) == (role, "eligible")
    for address in ("/", "/me/", f"{first}done/"):
        assert called in page_of(client, address)

    staff = browser_of(make_staff(), sierra)
    listed = page_of(staff, reverse("sessions:people", args=[cycle.pk]))
    assert f"{called} 1" in listed
    assert "Mentee 0" not in listed
    assert called in page_of(staff, reverse("sessions:board", args=[cycle.pk]))
    assert called in page_of(staff, reverse("sessions:sign_up", args=[enrollment.pk]))


def test_pairs_are_not_suggested_where_no_pairs_are(sierra: Society) -> None:
    cycle = open_session(sierra, "Peer circle")
    for given in ("Ada", "Bo"):
        sign_up(cycle=cycle, person=make_person(given), role="peer", answers={"stage": "resident"}, by=None)
    Cycle.objects.filter(pk=cycle.pk).update(state=Cycle.State.MATCHING)
    staff = browser_of(make_staff(), sierra)
    reply = staff.post(reverse("desk:suggest", args=[cycle.pk]), follow=True)
    assert reply.status_code == 200
    assert not Mentorship.objects.exists()
    assert [message.level_tag for message in reply.context["messages"]] in (["danger"], ["error"])


@pytest.mark.parametrize(
    ("part", "kind", "more", "roles"),
    [
        ("Peer circle", "peers", b"", ["peer", "peer"]),
        ("Three of us", "middle", b"", ["middle", "middle"]),
        ("Three of us", "form", b",I am an...", ["early", "senior"]),
    ],
)
def test_a_sheet_brings_every_role_of_its_session(
    sierra: Society, part: str, kind: str, more: bytes, roles: list[str]
) -> None:
    cycle = open_session(sierra, part)
    client = browser_of(make_staff(), sierra)
    address = reverse("sheets:sign_ups", args=[cycle.pk])
    asked = client.get(address).content.decode()
    assert f'value="{kind}"' in asked
    assert 'value="pairs"' not in asked
    assert ("Elder" in asked) == (part == "Three of us")
    said = (b",Newcomer", b",The wise") if more else (b"", b"")
    rows = (b"Name,Email,Career stage" + more, b"Ada Oh,ada@example.org,resident" + said[0])
    content = b"\n".join([*rows, b"Bo Reed,bo@example.org,fellow" + said[1], b""])
    sheet = SimpleUploadedFile("s.csv", content)
    columns = client.post(address, {"file": sheet, "kind": kind}).headers["Location"]
    page = client.get(columns).content.decode()
    if more:
        assert '<option value="senior">Elder</option>' in page
    means: dict[str, object] = {**fields(page)} | ({"means-3-0": "senior"} if more else {})
    preview = client.post(columns, means).headers["Location"]
    assert "Take 2 rows" in client.get(preview).content.decode()
    client.post(preview)
    signed_up = Enrollment.objects.filter(cycle=cycle).order_by("person__email")
    assert list(signed_up.values_list("role", flat=True)) == roles


def test_a_role_that_the_session_has_not_is_refused(sierra: Society) -> None:
    cycle = open_session(sierra, "Peer circle")
    content = b"Name,Email\nA B,a@example.org\n"
    for kind, sentence in ((SheetImport.Kind.MENTORS, "has other roles: Peer"), (SheetImport.Kind.PAIRS, "no pairs")):
        with pytest.raises(DomainError, match=sentence):
            receive_sheet(kind=kind, content=content, file_name="s.csv", by=None, cycle=cycle)
