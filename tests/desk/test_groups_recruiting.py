"""Whom to look for where there are groups: how many of which role another one takes, and who suits those who wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.pool.of_groups import GroupSupply
from matching.pool.recruiting_groups import per_group, steps, suits
from programs.enrollment.models import Enrollment
from programs.policy.document import Part
from programs.policy.participant import Participant
from programs.policy.words import ROLES_OF
from tenants.models import Society
from tests.desk.test_groups import cycle_of, text_of
from tests.factories.staff import browser_of, make_staff


def part(format_: str, **more: Any) -> Part:
    matching = {"by": "solver", "weights": {"specialty": 600, "shared_interests": 400}}
    return Part.model_validate({"name": "Part", "format": format_, "matching": matching} | more)


CIRCLE, LED, THREE = (
    part("peer_circle", size={"at_least": 4, "most": 6}),
    part("group", size={"at_least": 3, "most": 5}),
    part("triad"),
)


def told(of: Part, ceiling: int | None = None, **waiting: int) -> list[tuple[Mapping[str, int], int]]:
    return [(dict(step.needs), step.gain) for step in steps(of, waiting, ceiling)]


def test_each_step_is_one_group_more_that_takes_in_who_waits() -> None:
    assert told(CIRCLE, peer=3) == [({"peer": 1}, 3)]
    assert told(CIRCLE, peer=7) == [({"peer": 1}, 1)], "six sit, and the seventh with one more"
    assert told(CIRCLE, peer=9) == []
    assert told(LED, mentor=1, mentee=9) == [({"mentor": 1}, 4), ({"mentor": 1}, 1)]
    assert told(LED, mentor=2, mentee=3) == [({"mentee": 1}, 1)]
    assert told(THREE, senior=3, middle=1, early=2) == [({"middle": 1}, 2), ({"middle": 1, "early": 1}, 1)]
    assert told(THREE, ceiling=1, senior=3, middle=1, early=2) == [], "there may be no more groups"
    assert told(THREE, senior=0, middle=0, early=0) == []


@given(st.sampled_from([CIRCLE, LED, THREE]), st.lists(st.integers(0, 12), min_size=3, max_size=3))
@settings(max_examples=60, deadline=None)
def test_a_step_takes_in_no_more_than_wait_and_with_all_of_them_there_are_as_many_groups(
    of: Part, counts: list[int]
) -> None:
    roles = ROLES_OF[of.format]
    waiting = dict(zip(roles, counts, strict=False))
    found, per = steps(of, waiting, None), per_group(of)
    groups = min(waiting[role] // least for role, (least, _most) in per.items())
    seated = sum(min(waiting[role], groups * most) for role, (_least, most) in per.items())
    assert sum(step.gain for step in found) <= sum(waiting.values()) - seated
    after = {role: waiting[role] + sum(dict(step.needs).get(role, 0) for step in found) for role in roles}
    assert min(after[role] // least for role, (least, _most) in per.items()) >= groups + len(found)
    assert all(step.gain > 0 and step.needs for step in found)


@pytest.mark.parametrize("role", ["mentor", "mentee"])
def test_the_kind_that_suits_those_who_wait_is_named_where_one_does(role: str) -> None:
    some = [Participant(key=str(each), role="mentee", specialty="Pediatrics") for each in range(3)]
    assert suits(LED, role, some).specialty == "Pediatrics"
    assert suits(LED, role, []).narrow == 0
    interested = part("group", matching={"by": "solver", "weights": {"shared_interests": 1000}})
    assert suits(interested, role, some).narrow == 0, "where it does not matter, it is not asked for"


def test_the_glance_says_whom_to_look_for_and_leads_to_the_invitations(sierra: Society) -> None:
    cycle = cycle_of("Three of us", early=3, middle=2, senior=3)
    manager = browser_of(make_staff(), sierra)
    where = reverse("desk:glance", args=[cycle.pk])
    assert "One group more, with 2 who would wait without it." in text_of(manager, where)
    [need] = manager.get(where).context["hints"][0].needs
    assert (need.count, need.invite.startswith(reverse("invited:many", args=[cycle.pk]))) == (1, True)
    assert "role=middle" in need.invite


def test_whom_a_rule_keeps_apart_counts_for_no_group(sierra: Society) -> None:
    cycle = cycle_of("Peer circle", peer=9)
    assert GroupSupply.of(cycle).to_look_for == []
    for each in cycle.enrollments.all()[:2]:
        Enrollment.objects.filter(pk=each.pk).update(answers=each.answers | {"languages": ["Navajo"]})
    assert [(list(step.needs), step.gain) for step in GroupSupply.of(cycle).to_look_for] == [([("peer", 1)], 1)]
    text = text_of(browser_of(make_staff(), sierra), reverse("desk:glance", args=[cycle.pk]))
    assert "1 more" in text
