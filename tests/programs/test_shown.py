"""A new program is its staff's own until its first session opens or they show it; after that it never closes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from programs.policy import templates
from programs.policy.models import Cycle, Program
from programs.policy.services import change_state, create_program, open_cycle
from tenants.audit.models import Entry
from tenants.models import Society
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff


@pytest.fixture
def program(sierra: Society) -> Program:
    return create_program(policy=templates.load("one-to-one-mentoring"), by=None)


def public(client: Client, program: Program) -> list[int | bool]:
    """What the portal says of a program: its page, its form of interest, the list, what fits, the first page."""
    page, interest = (client.get(reverse(name, args=[program.slug])) for name in ("enrollment:program", "interest:say"))
    said = [client.get(reverse(name)).content.decode() for name in ("enrollment:programs", "home")]
    fits = client.post(reverse("enrollment:fits"), {"stage": "resident"}).content.decode()
    return [page.status_code, interest.status_code, *(program.name in text for text in (*said, fits))]


def test_nobody_but_its_staff_sees_a_program_that_nobody_has_opened(sierra: Society, program: Program) -> None:
    visitor, hidden = Client(headers={"host": sierra.host}), [404, 404, False, False, False]
    assert public(visitor, program) == hidden
    assert public(browser_of(make_person("Jo", "Member"), sierra), program) == hidden
    of_another = create_program(policy=templates.load("premed-mentorship"), by=None)
    assert public(browser_of(make_staff(given="Another", program_id=of_another.pk), sierra), program) == hidden
    own = browser_of(make_staff(given="Own", program_id=program.pk), sierra).get(
        reverse("enrollment:program", args=[program.slug])
    )
    assert "You see this page because you work for the program" in own.content.decode()
    look = browser_of(make_staff(given="Look"), sierra).get(
        reverse("viewing:program", args=[program.slug, 0, "visitor", f"programs/{program.slug}/"])
    )
    assert look.status_code == 200
    assert "because you work" not in look.content.decode()
    assert public(visitor, program) == hidden
    assert visitor.get(reverse("invitations:nominate", args=[program.slug])).status_code != 200


def test_it_opens_with_its_first_session_and_never_closes(sierra: Society, program: Program) -> None:
    today = clock.today(sierra.zone)
    cycle = open_cycle(
        program=program, part=program.versions.get().policy.parts[0].name, starts_on=today, today=today, by=None
    )
    visitor = Client(headers={"host": sierra.host})
    assert public(visitor, program)[0] == 404, "prepared, not opened"
    change_state(cycle=cycle, to=Cycle.State.RECRUITING, by=None)
    assert public(visitor, program) == [200, 200, True, True, True]
    staff = browser_of(make_staff(), sierra)
    refused = staff.post(reverse("programs:show", args=[program.slug]), {"shown": "no"}, follow=True)
    assert "so its page stays" in refused.content.decode()
    for to in (Cycle.State.MATCHING, Cycle.State.RUNNING, Cycle.State.CLOSING, Cycle.State.CLOSED):
        change_state(cycle=cycle, to=to, by=None)
    assert public(visitor, program) == [200, 200, True, True, True]


def test_staff_can_show_it_before_and_hide_it_again(sierra: Society, program: Program) -> None:
    visitor, staff = Client(headers={"host": sierra.host}), browser_of(make_staff(), sierra)
    where, address = reverse("programs:program", args=[program.slug]), reverse("programs:show", args=[program.slug])
    assert "Show it now" in staff.get(where).content.decode()
    for _twice in range(2):
        staff.post(address, {"shown": "yes"})
    assert public(visitor, program) == [200, 200, True, True, True]
    assert "Hide it again" in staff.get(where).content.decode()
    for _twice in range(2):
        staff.post(address, {"shown": "no"})
    assert public(visitor, program)[0] == 404
    written = Entry.objects.filter(verb__in=("program.shown", "program.hidden")).values_list("verb", flat=True)
    assert sorted(written) == ["program.hidden", "program.shown"]
