"""A partner organizer, of another institution: one program until a day, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client

from chiron.kernel import clock
from programs.enrollment.models import Enrollment, Role
from programs.policy import templates
from programs.policy.models import Cycle
from programs.policy.services import change_state, create_program, open_cycle
from tenants.models import Society
from tenants.people.models import Person, StaffRole
from tests.desk.making import take_part
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff
from tests.permissions import matrix
from tests.permissions.planting import Planted, plant

pytestmark = pytest.mark.django_db
MANAGER = matrix.SOCIETY_WHO.index("manager of this program")
# What nobody but the society's own people may read: of other programs, and of members who have not signed up.
PLANTED = ("Elsewhere", "Rosterson", "elsewhere@", "rosterson@", "R-4711")


@pytest.fixture
def planted(sierra: Society) -> Planted:
    """Something behind every address, and beside it another program's people and the membership list."""
    other = create_program(policy=templates.load("premed-mentorship"), by=None)
    today = clock.today(sierra.zone)
    cycle = open_cycle(
        program=other, part=other.versions.get().policy.parts[0].name, starts_on=today, today=today, by=None
    )
    cycle = change_state(cycle=cycle, to=Cycle.State.RECRUITING, by=None)
    person = take_part(cycle, Role.MENTEE, "Elsewhere").person
    Person.objects.filter(pk=person.pk).update(family_name="Elsewhere", email="elsewhere@example.org")
    return plant(sierra)[1]


@pytest.fixture
def role(planted: Planted) -> StaffRole:
    """The partner of the program that was planted."""
    cycle = Cycle.objects.get(pk=planted.holes["<uuid:cycle_pk>"])
    ends = clock.today() + timedelta(days=30)
    make_staff(program_id=cycle.program_id, given="Pat", ends_on=ends, institution="Lakes University")
    return StaffRole.objects.get(institution="Lakes University")


@pytest.fixture
def partner(role: StaffRole, sierra: Society) -> Client:
    """A browser in which the partner is signed in."""
    return browser_of(role.person, sierra)


def pages() -> Iterator[tuple[str, str]]:
    """Every address of the staff area that a page stands at, with what a manager of the program gets."""
    for (verb, route), answers in matrix.read(matrix.SOCIETY, len(matrix.SOCIETY_WHO)).items():
        if verb == "GET" and route.startswith("/staff/"):
            yield route, answers[MANAGER]


def status(client: Client, path: str) -> tuple[int, str]:
    """What a page answers, and its text; nothing that it keeps stays."""
    for cache in caches.all():
        cache.clear()
    with transaction.atomic():
        reply = client.get(path)
        transaction.set_rollback(True)
    return reply.status_code, reply.content.decode(errors="replace")


def test_no_page_shows_a_partner_other_programs_or_the_membership_list(
    sierra: Society, planted: Planted, partner: Client
) -> None:
    mentee = Enrollment.objects.get(pk=planted.holes["sign-ups/<uuid:pk>"])
    make_person(
        "Elsewhere", "Rosterson", email="rosterson@example.org", member_id="R-4711", on_roster_since=clock.now()
    )
    Enrollment.objects.filter(pk=mentee.pk).update(state=Enrollment.State.TO_CHECK)
    Person.objects.filter(pk=mentee.person_id).update(given_name="Elsewhere")  # so that the list has somebody like them
    seen = 0
    for route, for_manager in pages():
        code, text = status(partner, planted.path(route))
        assert code == {"ok": 200, "go": 302}.get(for_manager, code), route
        if code == 200:
            seen += 1
            shown = text.replace("Elsewhere Vega", "")  # who signed up here
            assert [word for word in PLANTED if word in shown] == [], route
    assert seen > 15


def test_a_partner_finds_no_other_program(sierra: Society, planted: Planted, partner: Client) -> None:
    cycle = Cycle.objects.exclude(program=_program_of(planted)).get()
    enrollment = cycle.enrollments.get()
    elsewhere = {
        "<uuid:cycle_pk>": cycle.pk,
        "staff/sessions/<uuid:pk>": cycle.pk,
        "programs/<slug:slug>": cycle.program.slug,
        "sign-ups/<uuid:pk>": enrollment.pk,
        "staff/people/<uuid:pk>": enrollment.person_id,
    }
    there = Planted({**planted.holes, **elsewhere})
    for route, _answer in pages():
        if any(hole in route for hole in elsewhere):
            assert status(partner, there.path(route))[0] in (404, 405), route


def test_a_partner_joins_nobody_to_a_member(sierra: Society, planted: Planted, partner: Client) -> None:
    sign_up = Enrollment.objects.get(pk=planted.holes["sign-ups/<uuid:pk>"])
    Enrollment.objects.filter(pk=sign_up.pk).update(state=Enrollment.State.TO_CHECK)
    member = make_person("Ro", "Rosterson", member_id="R-4711", on_roster_since=clock.now())
    address = f"/staff/sign-ups/{sign_up.pk}/"
    assert "own staff can look that up" in partner.get(address).content.decode()
    assert partner.post(address, {"member": str(member.pk)}).status_code == 404
    assert Person.objects.filter(pk=member.pk).exists()
    partner.post(address, {"member": "guest"})
    assert Enrollment.objects.get(pk=sign_up.pk).state == Enrollment.State.ELIGIBLE


def test_on_the_day_after_the_last_the_staff_area_is_closed(
    sierra: Society, planted: Planted, role: StaffRole, partner: Client
) -> None:
    assert status(partner, "/staff/")[0] == 200
    with clock.moved_by(timedelta(days=32)):
        late = browser_of(role.person, sierra)
        for route, _answer in pages():
            assert status(late, planted.path(route))[0] in (404, 405), route


def _program_of(planted: Planted) -> object:
    return Cycle.objects.get(pk=planted.holes["<uuid:cycle_pk>"]).program_id
