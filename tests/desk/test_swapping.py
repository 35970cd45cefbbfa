"""A swap moves the two pairs alone; if others would move with it they are named first, and kept pairs are marked."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from matching.models import MatchRun, PairDecision
from matching.services import decide_pair, suggest_pairs
from matching.swapping import swaps_of
from programs.enrollment.models import Role
from tenants.models import Society
from tests.desk.making import KEEP, NEVER, small_cycle, take_part
from tests.factories.staff import browser_of, make_staff


def there(run: MatchRun) -> set[tuple[object, object]]:
    return set(run.pairs.values_list("mentee_id", "mentor_id"))


def sent(client: Client, address: str, **fields: object) -> str:
    return re.sub(r"\s+", " ", client.post(address, fields, follow=True).content.decode())


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"{name} is on the page"
    return found[1]


def test_a_never_that_waits_is_named_before_a_swap_takes_it_along(sierra: Society) -> None:
    cycle, staff = small_cycle(mentors=5, mentees=4), make_staff()
    run = suggest_pairs(cycle=cycle, by=None)
    before = there(run)
    pair, other, never = (list(run.pairs.all())[each] for each in (0, 1, 2))
    decide_pair(cycle=cycle, mentee=never.mentee, mentor=never.mentor, kind=NEVER, reason="", by=staff)
    client, address = browser_of(staff, sierra), reverse("desk:swap", args=[cycle.pk, pair.pk])
    assert "nobody else moves" not in client.get(address).content.decode()
    page = sent(client, address, other=other.pk, reason="They asked.")
    assert "1 more person would move" in page
    assert f"Never {never.mentee.person.name} and {never.mentor.person.name}" in page
    assert all(each.mentee.person.name in page for each in (pair, other, never))
    assert there(MatchRun.objects.get(state="draft")) == before, "nothing has happened yet"
    assert list(PairDecision.objects.values_list("kind", flat=True)) == [NEVER]
    # Somebody says otherwise of one more pair meanwhile: what was read is not what would happen, so it is read anew.
    late = list(run.pairs.all())[3]
    decide_pair(cycle=cycle, mentee=late.mentee, mentor=late.mentor, kind=NEVER, reason="", by=staff)
    seen = hidden(page, "seen")
    page = sent(client, address, other=other.pk, reason="They asked.", seen=seen)
    assert "2 more people would move" in page
    for _twice in range(2):
        sent(client, address, other=other.pk, reason="They asked.", seen=hidden(page, "seen"))
    now = there(MatchRun.objects.get(state="draft"))
    assert {(pair.mentee_id, other.mentor_id), (other.mentee_id, pair.mentor_id)} <= now
    assert now.isdisjoint({(each.mentee_id, each.mentor_id) for each in (never, late)})
    assert PairDecision.objects.filter(reason="They asked.").count() == 2


def test_whoever_came_since_the_draft_is_named_too(sierra: Society) -> None:
    cycle, staff = small_cycle(mentors=3, mentees=2), make_staff()
    run = suggest_pairs(cycle=cycle, by=None)
    take_part(cycle, Role.MENTEE, "Late")
    pair, other = run.pairs.all()
    page = sent(browser_of(staff, sierra), reverse("desk:swap", args=[cycle.pk, pair.pk]), other=other.pk)
    assert "1 person has come since this draft" in page
    assert "Late Vega" in page


def test_a_kept_pair_is_marked_where_it_is_offered(sierra: Society) -> None:
    cycle, staff = small_cycle(mentors=3, mentees=3), make_staff()
    run = suggest_pairs(cycle=cycle, by=None)
    pair = run.pairs.all()[0]
    kept = swaps_of(pair)[0].other
    decide_pair(cycle=cycle, mentee=kept.mentee, mentor=kept.mentor, kind=KEEP, reason="", by=staff)
    client = browser_of(staff, sierra)
    page = client.get(reverse("desk:swap", args=[cycle.pk, pair.pk])).content.decode()
    rows = {str(each.other.pk): each.other for each in swaps_of(pair)}
    marked = [pk for pk in rows if "kept" in page.split(f'value="{pk}"')[1].split("</tr>")[0]]
    assert marked == [str(kept.pk)]
    page = client.get(reverse("desk:swap", args=[cycle.pk, kept.pk])).content.decode()
    assert "You keep this pair" in page
