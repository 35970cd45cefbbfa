"""The desk and the offer, looked at in a browser with a whole session in them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from matching.groups import suggest_groups
from matching.publishing.services import publish
from matching.services import decide_pair, suggest_pairs
from programs.enrollment.agreeing import agree, owed_for
from programs.mentorships.links import link_for
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.services import answer_no, answer_yes, mentor_and_mentee
from programs.policy import templates
from programs.policy.services import create_program
from tenants import context
from tenants.models import Society
from tests.design.browser import chromium
from tests.design.pages import TWO_VIEWS, look, opened, watch
from tests.desk.making import KEEP, NEVER, matching_cycle
from tests.desk.test_groups import cycle_of
from tests.factories.staff import browser_of, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Site:
    """A society on the live server."""

    society: Society
    port: str

    def address(self, path: str) -> str:
        return f"http://{self.society.host}:{self.port}{path}"

    def sign_in(self, page: Page, client: Client) -> None:
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address("/")}])


@pytest.fixture
def site(societies: dict[str, Society], live_server: LiveServer) -> Site:
    return Site(societies["sierra"], live_server.url.rpartition(":")[2])


def faults_of(site: Site, client: Client | None, paths: Iterable[str]) -> list[str]:
    """What is wrong with these pages, each looked at closely in one view, in turn, with a glance at the other.

    The browser is closed at the end: while it is open, Django takes this thread for an asynchronous one.
    """
    faults, views = [], deque(TWO_VIEWS)
    with chromium() as browser, opened(browser) as page:
        complaints = watch(page)
        if client:
            site.sign_in(page, client)
        for path in paths:
            page.goto(site.address(path))
            faults += look(page, [views[0]], glance=[views[1]])
            views.rotate()
    return faults + complaints


def test_every_page_of_the_desk_is_in_order_with_a_hundred_pairs(site: Site) -> None:
    with context.society(site.society):
        cycle = matching_cycle("sierra")
        run = suggest_pairs(cycle=cycle, by=None, seed=0)
        assert run.pairs.count() > 100
        pair, other = run.pairs.all()[:2]
        staff = make_staff()
        client = browser_of(staff, site.society)
        for said, kind in ((pair, KEEP), (other, NEVER)):
            decide_pair(cycle=cycle, mentee=said.mentee, mentor=said.mentor, kind=kind, reason="As agreed", by=staff)
    desk = f"/staff/sessions/{cycle.pk}/pairs/"
    why_not = f"why-not/?mentee={pair.mentee_id}&mentor={other.mentor_id}"
    paths = (desk + page for page in ("", f"{pair.pk}/", "left/", why_not, "publish/", "?q=nobody"))
    assert faults_of(site, client, paths) == []


def test_every_page_of_a_mentorship_is_in_order(site: Site) -> None:
    with context.society(site.society):
        publish(run=suggest_pairs(cycle=matching_cycle("sierra"), by=None, seed=0), by=None)
        first, asked, waiting, active, over = Mentorship.objects.order_by("id")[:5]
        pairs = [mentor_and_mentee(mentorship) for mentorship in (asked, waiting, active, over)]
        for place in (place for pair in pairs for place in pair):
            agree(enrollment=place.enrollment, agreed=owed_for(place.enrollment).agreements)
        answer_no(participation=mentor_and_mentee(over)[0], reason="No time")
        client = browser_of(make_staff(), site.society)
        for mentorship, yes in ((waiting, 1), (active, 2)):
            for place in mentor_and_mentee(mentorship)[:yes]:
                answer_yes(participation=place)
        offers = [
            link_for(mentor_and_mentee(mentorship)[side])
            for mentorship, side in ((first, 0), (asked, 0), (waiting, 0), (waiting, 1), (active, 1), (over, 0))
        ]
        desk = f"/staff/sessions/{asked.cycle_id}/pairs/"
        afterwards = (f"{desk}add/", f"{desk}change/{active.pk}/")
        published = (desk, f"{desk}{over.suggested_pair.pk}/", *afterwards)
    paths = ["/" + address.split("/", 3)[3] for address in (*offers, f"{offers[1]}not-this-one/")]
    assert faults_of(site, None, paths) + faults_of(site, client, published) == []


def test_every_page_of_groups_is_in_order(site: Site) -> None:
    with context.society(site.society):
        cycle = cycle_of("Peer circle", peer=9)
        suggest_groups(cycle=cycle, by=None)
        client = browser_of(make_staff(), site.society)
        program = create_program(policy=templates.load("one-to-one-mentoring"), by=None)
    desk = f"/staff/sessions/{cycle.pk}/pairs/"
    assert faults_of(site, client, (desk, f"{desk}publish/", f"/staff/programs/{program.slug}/")) == []
    with context.society(site.society):
        publish(run=cycle.match_runs.get(), by=None)
        mine = Participation.objects.select_related("person", "mentorship").order_by("pk")[0]
        member = browser_of(mine.person, site.society)
    assert faults_of(site, member, (f"/mentorships/{mine.mentorship_id}/",)) == []
