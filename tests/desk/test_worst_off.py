"""The one worst off first: the desk keeps to it and says so where a program aims for it, and nowhere else."""

from __future__ import annotations

import re

from django.urls import reverse

from matching.services import suggest_pairs
from matching.snapshots import solved_of
from programs.enrollment.models import Role
from programs.policy.document import store_policy
from programs.policy.editing.of_meeting import matching
from programs.policy.models import Cycle, PolicyVersion
from programs.policy.overview import in_full
from tenants.models import Society
from tests.desk.making import small_cycle, take_part
from tests.factories.staff import browser_of, make_staff

SAYS = "the one worst off comes first"


def uneven() -> Cycle:
    """Ada shares everything with Rich and a little with Poor, Bo half with Rich and nothing with Poor."""
    cycle = small_cycle(mentors=0, mentees=0)
    take_part(cycle, Role.MENTOR, "Rich", interests=["a", "b", "c", "d", "k", "l"])
    take_part(cycle, Role.MENTOR, "Poor", interests=["a"])
    take_part(cycle, Role.MENTEE, "Ada", interests=["a", "b", "c", "d"])
    take_part(cycle, Role.MENTEE, "Bo", interests=["k", "l", "m", "n"])
    return cycle


def aiming(cycle: Cycle, aim: str) -> Cycle:
    document = store_policy(cycle.version.policy)
    for part in document["parts"]:
        part["matching"]["aim"] = aim
    PolicyVersion.objects.filter(pk=cycle.version_id).update(document=document)
    return Cycle.objects.get(pk=cycle.pk)


def test_the_lowest_pair_is_lifted_though_all_together_have_fewer_points(sierra: Society) -> None:
    cycle = uneven()
    client = browser_of(make_staff(), sierra)
    most = suggest_pairs(cycle=cycle, by=None)
    page = client.get(reverse("desk:pairs", args=[cycle.pk])).content.decode()
    assert SAYS not in page
    lifted = suggest_pairs(cycle=aiming(cycle, "worst_off_first"), by=None)
    assert SAYS in re.sub(r"\s+", " ", client.get(reverse("desk:pairs", args=[cycle.pk])).content.decode())
    low, high = (sorted(run.pairs.values_list("score", flat=True)) for run in (most, lifted))
    assert low[0] < high[0]
    assert sum(low) > sum(high)
    assert {pair.mentor.person.given_name for pair in lifted.pairs.filter(mentee__person__given_name="Bo")} == {"Rich"}
    solved_of(lifted).answer.verify()
    for name in ("weights", "glance", "why_not"):
        assert client.get(reverse(f"desk:{name}", args=[cycle.pk])).status_code == 200


def test_it_is_a_choice_in_the_settings_and_said_where_it_is_chosen(sierra: Society) -> None:
    cycle = uneven()
    policy = cycle.version.policy
    part = store_policy(policy)["parts"][0]
    (aim,) = [entry for entry in matching(part) if entry.place == ("matching", "aim")]
    assert "worst_off_first" in dict(aim.options)  # type: ignore[attr-defined]
    assert "worst off" not in str(in_full(policy))
    assert "worst off" in str(in_full(aiming(cycle, "worst_off_first").version.policy))
