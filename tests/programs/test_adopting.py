"""A session moves to newer settings; nobody who could take part is turned away by that alone."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chiron.kernel.errors import DomainError
from programs.enrollment import moving, working
from programs.enrollment.adopting import adopt_settings, adoption_of, newer_settings
from programs.enrollment.models import Enrollment
from programs.enrollment.services import apply_rules_everywhere, decide_by_hand, sign_up, withdraw
from programs.policy import templates
from programs.policy.document import dump_policy, load_policy, store_policy
from programs.policy.models import Cycle, PolicyVersion
from programs.policy.services import publish_version
from tenants.models import Society
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import browser_of, make_staff

BEFORE = "stage is one of [pre-med, medical student, resident, fellow, early career, mid career]"
AFTER = "stage is one of [resident, late career]"


@pytest.fixture
def cycle(sierra: Society) -> Cycle:
    return make_cycle()


@pytest.fixture
def newer(cycle: Cycle) -> PolicyVersion:
    """Settings that let in some of whom the first ones did not, and no longer some whom they did."""
    text = dump_policy(templates.load("mentorship-in-medicine"))
    assert text.count(BEFORE) == 1
    return publish_version(program=cycle.program, policy=load_policy(text.replace(BEFORE, AFTER)), by=None)


def mentee(cycle: Cycle, stage: str) -> Enrollment:
    person = make_person(stage.replace(" ", "").replace("-", ""))
    return sign_up(cycle=cycle, person=person, role="mentee", answers={"stage": stage}, by=person)


def states() -> dict[str, str]:
    return {one.answers["stage"]: one.state for one in Enrollment.objects.all()}


def test_what_would_change_is_told_first_and_changes_nothing(cycle: Cycle, newer: PolicyVersion) -> None:
    stays, loses, gains = (mentee(cycle, stage) for stage in ("resident", "fellow", "late career"))
    assert newer_settings(cycle) == newer
    told = adoption_of(cycle, newer)
    assert ([*told.gain], [*told.lose]) == ([gains], [loses])
    assert len(told.changes) == 1
    assert states() == {"resident": "eligible", "fellow": "eligible", "late career": "not_eligible"}
    assert stays not in told.lose


def test_who_would_be_asked_something_new_is_named_with_what(sierra: Society, cycle: Cycle) -> None:
    document = store_policy(templates.load("mentorship-in-medicine"))
    document["parts"][0]["intake"]["mentee"].append({"ask": "boats", "text": "Do you sail?"})
    newer = publish_version(program=cycle.program, policy=load_policy(json.dumps(document)), by=None)
    tells, silent, left = (mentee(cycle, stage) for stage in ("resident", "fellow", "pre-med"))
    Enrollment.objects.filter(pk=tells.pk).update(answers=tells.answers | {"extra": {"boats": "Yes."}})
    withdraw(enrollment=left, by=left.person)
    mentor = sign_up(cycle=cycle, person=make_person("Old"), role="mentor", answers={"stage": "retired"}, by=None)
    told = adoption_of(cycle, newer).asked_anew
    assert [(each.enrollment, [*each.questions]) for each in told] == [(silent, ["Do you sail?"])]
    page = browser_of(make_staff(), sierra).get(reverse("sessions:settings", args=[cycle.pk])).content.decode()
    assert "1 person would be asked something new" in page
    assert "Do you sail?" in page
    assert mentor.person.name not in page
    with CaptureQueriesContext(connection) as few:
        adoption_of(cycle, newer)
    for number in range(8):
        sign_up(cycle=cycle, person=make_person(f"M{number}"), role="mentee", answers={"stage": "resident"}, by=None)
    with CaptureQueriesContext(connection) as many:
        assert len(adoption_of(cycle, newer).asked_anew) == 9
    assert len(few) == len(many)


def test_who_could_take_part_is_left_to_staff(cycle: Cycle, newer: PolicyVersion) -> None:
    for stage in ("resident", "fellow", "late career"):
        mentee(cycle, stage)
    for _twice in range(2):
        moved = adopt_settings(cycle=cycle, version=newer, by=None)
    assert newer_settings(moved) is None
    assert states() == {"resident": "eligible", "fellow": "to_check", "late career": "eligible"}
    apply_rules_everywhere()
    assert states()["fellow"] == "to_check", "not turned away later either"
    newcomer = mentee(moved, "pre-med")
    assert newcomer.state == "not_eligible", "the new rules hold for whoever comes now"


@pytest.mark.parametrize("waits", ["to_check", "applied"])
def test_who_waits_for_staff_is_not_turned_away_either(cycle: Cycle, newer: PolicyVersion, waits: str) -> None:
    waiting = mentee(cycle, "fellow")
    Enrollment.objects.update(state=waits)
    assert [*adoption_of(cycle, newer).lose] == [waiting]
    adopt_settings(cycle=cycle, version=newer, by=None)
    apply_rules_everywhere()
    assert states() == {"fellow": "to_check"}


def test_whom_we_cannot_tell_of_is_not_called_refused(sierra: Society, cycle: Cycle) -> None:
    text = dump_policy(templates.load("mentorship-in-medicine"))
    asks_more = text.replace(BEFORE, "languages include Spanish")
    newer = publish_version(program=cycle.program, policy=load_policy(asks_more), by=None)
    unclear = mentee(cycle, "fellow")
    told = adoption_of(cycle, newer)
    assert ([*told.lose], [*told.unclear]) == ([], [unclear])
    shown = browser_of(make_staff(), sierra).get(reverse("sessions:settings", args=[cycle.pk])).content.decode()
    assert "Would be to check: 1" in shown
    assert "Of these we can’t tell yet" in shown
    assert "would not let" not in shown


def test_a_word_of_staff_holds_under_new_settings(cycle: Cycle, newer: PolicyVersion) -> None:
    let_in = decide_by_hand(enrollment=mentee(cycle, "retired"), accept=True, reason="Wants to", by=make_staff())
    assert adoption_of(cycle, newer).lose == []
    adopt_settings(cycle=cycle, version=newer, by=None)
    let_in.refresh_from_db()
    assert let_in.state == "eligible"


@pytest.mark.parametrize("state", ["running", "closing", "closed"])
def test_settings_are_frozen_with_the_first_published_pair(cycle: Cycle, newer: PolicyVersion, state: str) -> None:
    Cycle.objects.update(state=state)
    cycle.refresh_from_db()
    assert newer_settings(cycle) is None
    with pytest.raises(DomainError, match="keeps the settings that it has"):
        adopt_settings(cycle=cycle, version=newer, by=None)
    assert Cycle.objects.get().version_id == cycle.version_id


def button(page: str) -> dict[str, str]:
    """What the page's button sends."""
    found = re.search(r'name="version" value="([^"]+)"', page)
    assert found is not None
    return {"version": found[1]}


def test_a_session_moves_to_the_settings_that_were_looked_at_and_to_no_newer_ones(
    sierra: Society, cycle: Cycle, newer: PolicyVersion
) -> None:
    mentee(cycle, "pre-med")
    client, address = browser_of(make_staff(), sierra), reverse("sessions:settings", args=[cycle.pk])
    looked_at = client.get(address).content.decode()
    text = dump_policy(newer.policy).replace(AFTER, "stage is one of [pre-med, resident, late career]")
    newest = publish_version(program=cycle.program, policy=load_policy(text), by=None)
    reply = client.post(address, button(looked_at))
    again = reply.content.decode()
    assert reply.status_code == 422
    assert "newer settings than those that you looked at" in again
    assert "Would be to check: 0" in again, "the new difference: those who have not begun yet stay in"
    assert client.post(address).status_code == 422, "a button that names none"
    assert Cycle.objects.get().version_id == cycle.version_id
    assert client.post(address, button(again)).status_code == 302
    assert Cycle.objects.get().version_id == newest.pk


def test_staff_see_the_difference_and_move_the_session(sierra: Society, cycle: Cycle, newer: PolicyVersion) -> None:
    mentee(cycle, "fellow")
    client = browser_of(make_staff(), sierra)
    address = reverse("sessions:settings", args=[cycle.pk])
    assert address in client.get(reverse("sessions:board", args=[cycle.pk])).content.decode()
    shown = client.get(address).content.decode()
    assert "fellow Rivera" in shown
    assert "They are not turned away" in shown
    assert "has the newest settings" in client.post(address, button(shown), follow=True).content.decode()
    assert Cycle.objects.get().version_id == newer.pk
    assert "settings that it will keep" in client.post(address, button(shown), follow=True).content.decode(), "twice"
    assert "settings that it will keep" in client.get(address, follow=True).content.decode()


def test_a_large_session_is_moved_by_a_worker(
    sierra: Society, cycle: Cycle, newer: PolicyVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "LARGE", 1)
    for stage in ("fellow", "resident"):
        mentee(cycle, stage)
    client, address = browser_of(make_staff(), sierra), reverse("sessions:settings", args=[cycle.pk])
    looked_at = button(client.get(address).content.decode())
    for _twice in range(2):
        client.post(address, looked_at)
    assert "It begins in a moment" in client.get(address).content.decode()
    assert Cycle.objects.get().version_id == cycle.version_id
    moving.do(str(cycle.pk))
    moving.do(str(cycle.pk))
    assert working.look(cycle.pk) == (2, 2)
    assert (Cycle.objects.get().version_id, states()["fellow"]) == (newer.pk, "to_check")
    assert moving.under_way(cycle) is None
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_a_move_that_is_stopped_or_refused_leaves_the_session_as_it_was(
    sierra: Society, cycle: Cycle, newer: PolicyVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "LARGE", 0)
    mentee(cycle, "fellow")
    client, address = browser_of(make_staff(), sierra), reverse("sessions:settings", args=[cycle.pk])
    looked_at = button(client.get(address).content.decode())
    client.post(address, looked_at)
    client.post(address, {"stop": "yes"})
    assert "Nothing is changed yet" in client.get(address).content.decode(), "no worker was at it"
    client.post(address, looked_at)
    working.note(cycle.pk, 0, 1)
    client.post(address, {"stop": "yes"})
    assert "It stops in a moment" in client.get(address).content.decode()
    moving.do(str(cycle.pk))
    assert moving.under_way(cycle) is None
    client.post(address, looked_at)
    Cycle.objects.update(state="running")
    moving.do(str(cycle.pk))
    Cycle.objects.update(state="recruiting")
    assert "keeps the settings that it has" in client.get(address).content.decode()
    assert (Cycle.objects.get().version_id, states()) == (cycle.version_id, {"fellow": "eligible"})
