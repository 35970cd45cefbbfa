"""Staff who help: what the committee and support see, and what is no page for them."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Come
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_committee_member_sees_what_matters_and_no_names(come: Come) -> None:
    with come("northstar") as member:
        desk = address_of_the_desk(come, "northstar")
        member.sign_in_as("committee")
        member.heading("Today")
        member.look()
        member.page.get_by_role("link", name="Programs").first.click()
        member.page.get_by_role("link", name="Settings").last.click()
        member.sees("What matters in a match")
        member.look()
        member.goto(desk.removesuffix("pairs/"))
        member.sees("Signed up")
        member.look()
        for address in (desk, desk.replace("pairs/", "people/"), "/staff/people/", "/staff/mail/", "/staff/settings/"):
            member.goto(address, status=404)
        member.look()


def test_support_sees_people_and_cannot_match_import_or_change(come: Come) -> None:
    with come("northstar") as helper:
        desk = address_of_the_desk(come, "northstar")
        helper.sign_in_as("support")
        helper.page.get_by_role("link", name="People").first.click()
        helper.heading("People")
        helper.look()
        helper.goto(desk.replace("pairs/", "people/"))
        helper.page.get_by_role("main").locator("tbody a").first.click()
        helper.sees("Can they take part?")
        assert not helper.page.get_by_text("Decide yourself").is_visible()
        helper.look()
        for address in (desk, "/staff/people/import/", "/staff/settings/", "/staff/settings/people-and-roles/"):
            helper.goto(address, status=404)


def address_of_the_desk(come: Come, slug: str) -> str:
    """Where the manager finds the pairs of the session that runs; nobody else is led there."""
    with come(slug) as manager:
        manager.sign_in_as("manager")
        manager.goto("/staff/programs/")
        suggested = manager.page.get_by_role("table").filter(has_not_text="New Members")
        suggested.locator("tbody tr").filter(has_text="Pairs published").get_by_role("link").first.click()
        manager.press("Suggested pairs")
        manager.heading("Published pairs")
        return path_of(manager)


def path_of(somebody: Visitor) -> str:
    return somebody.page.evaluate("location.pathname")  # type: ignore[no-any-return]
