"""Staff's pages call a role as its program does, tell settings of one day apart, and are lit where they belong."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from programs.enrollment.importing.imports import look_at_sheet, take_sheet
from programs.enrollment.models import SheetImport
from programs.enrollment.services import sign_up
from programs.policy.document import restore_policy, store_policy
from programs.policy.models import Cycle, PolicyVersion
from programs.policy.services import publish_version
from tenants.models import Society
from tests.factories.programs import make_cycle, make_person, sample
from tests.factories.staff import browser_of, make_staff

CALLED = "Wise friend"


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def renamed(cycle: Cycle) -> Cycle:
    document = store_policy(cycle.version.policy)
    document["parts"][0]["roles"]["mentor"]["called"] = CALLED
    PolicyVersion.objects.filter(pk=cycle.version_id).update(document=document)
    return Cycle.objects.get(pk=cycle.pk)


def lit(page: str) -> set[str]:
    """The entries of the menu that are marked; it stands twice on a page."""
    marked = re.findall(r"<a[^>]*aria-current[^>]*>.*?</a>", page, re.DOTALL)
    return {re.sub(r"<[^>]+>", "", each).strip() for each in marked}


def test_a_role_is_called_as_its_program_calls_it(sierra: Society, manager: Client) -> None:
    cycle = renamed(make_cycle())
    person = make_person("Ada")
    sign_up(cycle=cycle, person=person, role="mentor", answers={"stage": "retired"}, by=None)
    agreements = f"/staff/programs/{cycle.program.slug}/agreements/"
    for address in (agreements, reverse("directory:person", args=[person.pk]), reverse("today")):
        page = manager.get(address).content.decode()
        assert "Ada Rivera" in page
        assert CALLED in page


def test_settings_that_were_kept_on_one_day_have_titles_of_their_own(sierra: Society, manager: Client) -> None:
    program = make_cycle().program
    before = program.versions.get()
    document = store_policy(before.policy)
    document["contact"] = "other@example.org"
    after = publish_version(program=program, policy=restore_policy(document), by=None)
    titles = set()
    for version in (before, after):
        page = manager.get(reverse("programs:version", args=[program.slug, version.number])).content.decode()
        titles |= set(re.findall(r"Settings \d, as of \w+ \d+, \d{4}", page))
    assert len(titles) == 2


def test_a_membership_list_belongs_to_people_and_sign_ups_to_their_program(sierra: Society, manager: Client) -> None:
    cycle = make_cycle()
    for kind, name, where in (
        (SheetImport.Kind.ROSTER, "roster", "People"),
        (SheetImport.Kind.MENTORS, "mentors", "Programs"),
    ):
        sheet, _plan = look_at_sheet(
            kind=kind,
            content=sample(f"sierra-{name}"),
            file_name="s.csv",
            by=None,
            cycle=cycle if name == "mentors" else None,
        )
        addresses = [reverse("sheets:columns", args=[sheet.pk]), reverse("sheets:preview", args=[sheet.pk])]
        assert [lit(manager.get(address).content.decode()) for address in addresses] == [{where}, {where}]
        take_sheet(sheet_import=sheet, by=None)
        assert lit(manager.get(reverse("sheets:taken", args=[sheet.pk])).content.decode()) == {where}
