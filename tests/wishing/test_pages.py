"""The pages on which people say whom they would like: plain forms, the same whoever named whom."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chiron.kernel import clock
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.pausing import pause
from programs.mentorships.requests import show_in_directory
from programs.policy.models import Cycle
from programs.surveys.forms import MATCH, WHO_SEES
from programs.wishing.selectors import named_by
from tenants.models import Society
from tests.desk.making import small_cycle
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.test_requests import page_of
from tests.wishing.making import people, wish, wishing_cycle


def at(name: str, *args: object) -> str:
    return reverse(f"wishing:{name}", args=args, urlconf="chiron.urls_society")


def press(client: Client, name: str, mine: Enrollment, **data: object) -> str:
    reply = client.post(at(name, mine.pk), data, follow=True)
    assert reply.status_code == 200
    return reply.content.decode()


def test_somebody_reads_names_moves_and_takes_out_by_buttons_alone(sierra: Society) -> None:
    cycle = wishing_cycle(mentors=3, at_most=3)
    mentee, (one, two, three) = people(cycle, Role.MENTEE)[0], people(cycle, Role.MENTOR)
    client = browser_of(mentee.person, sierra)
    page = page_of(client, at("wishes", mentee.pk))
    assert "name up to 3, the one you would like most first" in page
    assert "Nobody yet. If you name nobody, you are matched all the same." in page
    assert "Nobody whom you name learns of it" in page
    about = page_of(client, at("person", mentee.pk, two.pk))
    assert f"I am {two.person.given_name}." in about
    for other in (one, two, three):
        assert "Kept." in press(client, "put", mentee, other=other.pk)
    # What the buttons of the page send, read from it.
    page = page_of(client, at("wishes", mentee.pk))
    assert not re.search("Put on my list", page)
    assert page.count("Place ") == 3
    up = re.findall(
        r'name="place" value="(\d)"[^>]*aria-label="Move up|aria-label="Move up[^>]*name="place" value="(\d)"', page
    )
    place = "".join(up[-1])
    press(client, "put", mentee, other=three.pk, place=place)
    assert named_by(mentee) == [one, three, two]
    press(client, "take_out", mentee, other=one.pk)
    assert named_by(mentee) == [three, two]


def test_nobody_can_tell_who_named_them_nor_that_nobody_did(sierra: Society) -> None:
    cycle = wishing_cycle(ranked_by="both")
    (wanting, *_rest), (wanted, unwanted, *_others) = people(cycle, Role.MENTEE), people(cycle, Role.MENTOR)
    wish(wanting, wanted)
    pages = []
    for mentor in (wanted, unwanted):
        client = browser_of(mentor.person, sierra)
        said = page_of(client, at("wishes", mentor.pk)) + page_of(client, reverse("home"))
        said += page_of(client, at("person", mentor.pk, wanting.pk))
        pages.append(re.sub(r'[0-9a-f-]{36}|csrf\S+ value="\w+"|nonce="\S+"|Mentor\d', "", said))
    assert pages[0] == pages[1]


def test_whoever_is_only_named_is_asked_whether_others_may_read_about_them(sierra: Society) -> None:
    cycle = wishing_cycle(shown=False)
    mentee, mentor = people(cycle, Role.MENTEE)[0], people(cycle, Role.MENTOR)[0]
    client = browser_of(mentor.person, sierra)
    page = page_of(client, reverse("home"))
    assert "They can name you only once you let them read about you." in page
    assert "Your list" not in page_of(client, at("wishes", mentor.pk))
    assert "Nobody to read about yet" in page_of(browser_of(mentee.person, sierra), at("wishes", mentee.pk))
    assert "Others can read about you now." in press(client, "show", mentor, shown="yes")
    assert mentor.person.name in page_of(browser_of(mentee.person, sierra), at("wishes", mentee.pk))
    assert "Others no longer read about you." in press(client, "show", mentor, shown="no")


def test_who_somebody_is_stays_for_their_match(sierra: Society) -> None:
    cycle = wishing_cycle()
    mentee, mentor = people(cycle, Role.MENTEE)[0], people(cycle, Role.MENTOR)[0]
    type(mentor.person).objects.filter(pk=mentor.person_id).update(biosketch="")
    told = {"gender": "planted", "extra": {WHO_SEES: {"gender": MATCH}}}
    Enrollment.objects.filter(pk=mentor.pk).update(answers=mentor.answers | told)
    page = page_of(browser_of(mentee.person, sierra), at("person", mentee.pk, mentor.pk))
    assert "I am a physician" in page
    assert "planted" not in page


@pytest.mark.parametrize("case", ["no wishes", "somebody else's", "not shown", "closed", "paused", "withdrawn"])
def test_what_is_not_there(sierra: Society, case: str) -> None:
    cycle = small_cycle() if case == "no wishes" else wishing_cycle()
    (mentee, second, *_rest), mentor = people(cycle, Role.MENTEE), people(cycle, Role.MENTOR)[0]
    client = browser_of((second if case == "somebody else's" else mentee).person, sierra)
    status = {"page": 404, "person": 404}
    if case == "not shown":
        show_in_directory(enrollment=mentor, shown=False)
        status["page"] = 200
    if case == "closed":
        wish(mentee, mentor)
        Cycle.objects.filter(pk=cycle.pk).update(sign_up_closes_on=clock.today() - timedelta(days=2))
        status["page"] = 200
        page = page_of(client, at("wishes", mentee.pk))
        assert "Wishes closed on" in page
        assert "Place 1" in page
        assert "Wishes closed on" in press(client, "take_out", mentee, other=mentor.pk)
        assert named_by(mentee) == [mentor]
    if case == "paused":
        pause(person=mentee.person, enrollments=[mentee], until=None)
        status["page"] = 302
    if case == "withdrawn":
        Enrollment.objects.filter(pk=mentee.pk).update(state=Enrollment.State.WITHDRAWN)
        status["page"] = 302
    assert client.get(at("wishes", mentee.pk)).status_code == status["page"]
    assert client.get(at("person", mentee.pk, mentor.pk)).status_code == status["person"]
    if case == "no wishes":
        assert "would you like" not in page_of(client, reverse("home"))
    if case in ("no wishes", "somebody else's"):
        assert client.post(at("put", mentee.pk), {"other": mentor.pk}).status_code == 404
        assert (
            "whom you would like" not in page_of(client, reverse("home")).replace(str(second.pk), "")
            or case != "no wishes"
        )
    assert client.post(at("put", second.pk), {"other": uuid4()}).status_code == 404
    assert client.post(at("put", mentee.pk), {"other": "nonsense"}).status_code == 404


def test_home_and_the_end_of_sign_up_lead_there_as_long_as_it_is_open(sierra: Society) -> None:
    cycle = wishing_cycle(shown=False)
    mentee = people(cycle, Role.MENTEE)[0]
    client, there = browser_of(mentee.person, sierra), at("wishes", mentee.pk)
    done = reverse("enrollment:signed_up", args=[cycle.pk, Role.MENTEE], urlconf="chiron.urls_society")
    assert there in page_of(client, reverse("home"))
    assert there in page_of(client, done)
    Cycle.objects.filter(pk=cycle.pk).update(sign_up_closes_on=clock.today() - timedelta(days=1))
    assert there not in page_of(client, reverse("home"))
    assert there not in page_of(client, done)


def test_staff_see_the_page_as_somebody_invented_does(sierra: Society) -> None:
    cycle = wishing_cycle(ranked_by="both")
    client = browser_of(make_staff(), sierra)
    for who in ("mentee", "mentor"):
        first = client.get(f"/staff/sessions/{cycle.pk}/view-as/{who}/programs/{cycle.program.slug}/").content.decode()
        link = re.search(r'href="([^"]*/wishes/[^"]*)"', first)
        assert link is not None
        page = client.get(link[1]).content.decode()
        assert "Whom would you like?" in page
        assert "Sam Sample" in page or "Dr. Sample" in page


def test_a_list_of_many_takes_no_more_queries(sierra: Society) -> None:
    cycle = wishing_cycle(mentors=4, at_most=4)
    mentee, mentors = people(cycle, Role.MENTEE)[0], people(cycle, Role.MENTOR)
    client, counts = browser_of(mentee.person, sierra), []
    client.get(at("wishes", mentee.pk))
    for named in (mentors[:1], mentors[1:3]):
        wish(mentee, *named)
        with CaptureQueriesContext(connection) as seen:
            client.get(at("wishes", mentee.pk))
        counts.append(len(seen))
    assert counts[0] == counts[1]
