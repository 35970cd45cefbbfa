"""Looking at a program as somebody invented: the real pages, nothing kept, nobody real."""

from __future__ import annotations

import re
from contextlib import nullcontext

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Listing
from programs.policy import templates
from programs.policy.document import store_policy
from programs.policy.models import Cycle, PolicyVersion
from programs.policy.services import create_program
from tenants import context
from tenants.models import Society
from tenants.people.models import StaffRole
from tests.desk.making import small_cycle
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff

pytestmark = pytest.mark.django_db
WAY = re.compile(r'<a href="([^"]+)"[^>]*>([^<]+)</a>')


@pytest.fixture
def cycle(sierra: Society) -> Cycle:
    """A session with real people in it."""
    return small_cycle(mentors=2, mentees=2)


@pytest.fixture
def manager(cycle: Cycle, sierra: Society) -> Client:
    """A browser in which a manager is signed in."""
    return browser_of(make_staff(StaffRole.Kind.MANAGER), sierra)


def counted() -> dict[str, int]:
    """How many rows each table of the society and of the platform has."""
    counts = {}
    for model in apps.get_models():
        of_the_platform = apps.get_app_config(model._meta.app_label).name not in settings.TENANT_APPS
        with context.platform() if of_the_platform else nullcontext():
            counts[model._meta.label] = model._base_manager.count()
    return counts


def ways(page: str) -> dict[str, str]:
    """The pages to look at, by what the bar calls them."""
    bar = page.partition('<div class="notice">')[2].partition("<header")[0]
    return {label.strip(): url for url, label in WAY.findall(bar)}


def start(cycle: Cycle, who: str) -> str:
    return f"/staff/sessions/{cycle.pk}/view-as/{who}/programs/{cycle.program.slug}/"


@pytest.mark.parametrize("who", [Role.MENTOR, Role.MENTEE])
def test_each_page_of_a_participant_can_be_looked_at_and_nothing_is_kept(
    cycle: Cycle, manager: Client, who: Role
) -> None:
    manager.get("/staff/")  # signing in has written what it writes
    before = counted()
    real = ("Vega", "Mentor0", "Mentee0")
    bar = ways(manager.get(start(cycle, who)).content.decode())
    back = bar.pop("Back to the staff area")
    assert back == f"/staff/sessions/{cycle.pk}/"
    assert list(bar) == [
        "The program", "Sign-up", "Questions", "Agreements", "Signed up", "Home", "Me", "Question", "Mentorship",
        "Survey",
    ]  # fmt: skip
    for label, address in bar.items():
        reply = manager.get(address, follow=True)
        page = reply.content.decode()
        assert reply.status_code == 200, label
        assert "people are invented" in page, label
        assert [name for name in real if name in page] == [], label
        assert ways(page)["Back to the staff area"] == back
    assert counted() == before


def test_the_pages_are_the_real_ones(cycle: Cycle, manager: Client) -> None:
    bar = ways(manager.get(start(cycle, Role.MENTEE)).content.decode())
    assert "We found you a mentor" in manager.get(bar["Question"]).content.decode()
    assert "Dr. Sam Sample" in manager.get(bar["Mentorship"]).content.decode()
    assert "Before you go on" in manager.get(bar["Agreements"]).content.decode()
    assert "Where are you in your career?" in manager.get(bar["Sign-up"]).content.decode()
    home = manager.get(bar["Home"]).content.decode()
    assert "Hello, Dr. Maya Example" in home
    assert f'href="{bar["Question"]}"' in home  # its links stay within the look
    survey = manager.get(bar["Survey"]).content.decode()
    assert "We respected each other." in survey
    assert "Your answers are kept without your name" in survey
    no = manager.get(f"{bar['Question']}not-this-one/")
    assert "is not told why" in no.content.decode()


def within(client: Client, first: str, prefix: str) -> dict[str, int]:
    """Every page of a look that links lead to from its first, each with its status."""
    found: dict[str, int] = {}
    left = [first]
    while left:
        address = left.pop()
        reply = client.get(address, follow=True)
        found[address] = reply.status_code
        page = reply.content.decode(errors="ignore")  # a file to download is no text
        links = {link.split("?")[0].split("#")[0] for link in re.findall(r'href="([^"]+)"', page)}
        left += sorted(each for each in links if each.startswith(prefix) and each not in {*found, *left})
    return found


@pytest.mark.parametrize("who", ["visitor", "mentor"])
def test_no_link_leads_out_of_the_look_into_nothing(cycle: Cycle, manager: Client, who: str) -> None:
    found = within(manager, start(cycle, who), f"/staff/sessions/{cycle.pk}/view-as/{who}/")
    assert {address: status for address, status in found.items() if status != 200} == {}
    assert len(found) > 3


def test_every_button_is_refused_with_a_sentence(cycle: Cycle, manager: Client) -> None:
    bar = ways(manager.get(start(cycle, Role.MENTOR)).content.decode())
    before = counted()
    for address in (
        bar["Sign-up"],
        bar["Me"],
        f"{bar['Question']}yes/",
        f"{bar['Question']}not-this-one/",
        bar["Survey"],
    ):
        reply = manager.post(address, {"stage": "resident", "called": "Boo"})
        assert reply.status_code == 422
        assert "nothing is sent and nothing is kept" in reply.content.decode()
    assert counted() == before


def test_a_visitor_sees_the_program_and_comes_as_far_as_the_sign_in(sierra: Society, manager: Client) -> None:
    program = create_program(policy=templates.load("premed-mentorship"), by=None)
    prefix = f"/staff/programs/{program.slug}/view-as/0/visitor/"
    page = manager.get(f"{prefix}programs/{program.slug}/").content.decode()
    assert "This is what a visitor sees" in page
    assert "Dana" not in page  # the member of staff who looks
    assert list(ways(page)) == ["Back to the staff area", "The program", "What fits", "Interested"]
    assert manager.get(f"{prefix}me/").status_code == 200
    assert "Here they sign in" in manager.get(f"{prefix}me/").content.decode()


@pytest.mark.parametrize(
    "page", ["staff/", "sign-out/", "sign-in/", "files/0193c0a0-0000-7000-8000-000000000000/", "nowhere/"]
)
def test_what_is_no_page_of_a_participant_cannot_be_looked_at(cycle: Cycle, manager: Client, page: str) -> None:
    assert manager.get(f"/staff/sessions/{cycle.pk}/view-as/mentor/{page}").status_code == 404


def test_nobody_is_seen_as_what_the_part_does_not_have(cycle: Cycle, manager: Client) -> None:
    assert manager.get(start(cycle, "peer")).status_code == 404
    assert manager.get(start(cycle, "owner")).status_code == 404


def test_a_real_persons_page_stays_theirs(cycle: Cycle, manager: Client) -> None:
    enrollment = Enrollment.objects.filter(role=Role.MENTOR)[0]
    Listing.objects.create(enrollment=enrollment, listed_at=enrollment.signed_up_at)
    for page in (f"people/{enrollment.pk}/", f"people/?session={cycle.pk}"):
        assert manager.get(f"/staff/sessions/{cycle.pk}/view-as/mentee/{page}").status_code == 404


@pytest.mark.parametrize("name", ["physician-to-physician", "primary-care"])
def test_a_part_of_any_kind_can_be_looked_at_before_it_has_a_session(sierra: Society, name: str) -> None:
    program = create_program(policy=templates.load(name), by=None)
    manager = browser_of(make_staff(StaffRole.Kind.MANAGER), sierra)
    before = counted()
    page = manager.get(f"/staff/programs/{program.slug}/").content.decode()
    looks = re.findall(r'href="(/staff/programs/[^"]+/view-as/[^"]+)"', page)
    parts = program.versions.get().policy.parts
    assert len(looks) >= 3 * len(parts) - 1
    for part in range(len(parts)):
        look = next(look for look in looks if f"/view-as/{part}/" in look)
        bar = ways(manager.get(look).content.decode())
        bar.pop("Back to the staff area")
        for label, address in bar.items():
            assert manager.get(address, follow=True).status_code == 200, (look, label)
    assert counted() == before


def test_the_directory_shows_somebody_invented(cycle: Cycle, manager: Client) -> None:
    document = store_policy(cycle.version.policy)
    for part in document["parts"]:
        part["matching"]["by"] = ["directory"]
    PolicyVersion.objects.filter(pk=cycle.version_id).update(document=document)
    Enrollment.objects.filter(cycle=cycle).update(state=Enrollment.State.ELIGIBLE)
    for enrollment in Enrollment.objects.filter(cycle=cycle):
        Listing.objects.create(enrollment=enrollment, listed_at=enrollment.signed_up_at)
    bar = ways(manager.get(start(cycle, Role.MENTEE)).content.decode())
    page = manager.get(bar["Directory"]).content.decode()
    assert "Sam Sample" in page
    assert "Vega" not in page
    assert {
        each for each, status in within(manager, bar["Directory"], bar["Directory"]).items() if status != 200
    } == set()


def test_two_looks_at_once_use_other_ids(cycle: Cycle, manager: Client, sierra: Society) -> None:
    other = browser_of(make_staff(StaffRole.Kind.SUPPORT, given="Kim"), sierra)
    mine = ways(manager.get(start(cycle, Role.MENTOR)).content.decode())
    theirs = ways(other.get(start(cycle, Role.MENTOR)).content.decode())
    assert mine["Mentorship"] != theirs["Mentorship"]
    make_person("Maya", "Example")  # somebody of that name is no hindrance
    assert manager.get(mine["Mentorship"]).status_code == 200
