"""The page before publishing, where there is room for fewer pairs than were suggested."""

from __future__ import annotations

import pytest
from django.urls import reverse

from chiron.kernel.errors import DomainError
from matching.explaining.saying import may_be_said
from matching.explaining.why_not import Asked
from matching.models import MatchRun
from matching.publishing import leaving
from matching.publishing.fewer import keep_best
from matching.selectors import was_cut
from matching.services import decide_pair, suggest_pairs
from matching.showing.rows import left_of
from programs.enrollment.models import Role
from programs.mentorships.models import Mentorship
from tenants import allowance
from tenants.audit.models import Entry
from tenants.models import Society
from tests.billing.test_meter import lapse, room_for
from tests.desk.making import KEEP, small_cycle
from tests.factories.staff import browser_of, make_staff


def test_staff_read_how_many_there_is_room_for_and_publish_the_best(sierra: Society) -> None:
    room_for(sierra, 1)
    cycle = small_cycle()
    run = suggest_pairs(cycle=cycle, by=None)
    best = run.pairs.order_by("-score", "pk").first()
    staff = browser_of(make_staff(), sierra)
    publish, fewer = reverse("desk:publish", args=[cycle.pk]), reverse("desk:fewer", args=[cycle.pk])
    page = staff.get(publish).content.decode()
    assert "room for 1 mentorship at a time" in page
    assert "Keep the 1 pair that suits best" in page
    assert not {"$", "invoice", "pay"} & set(page.split("<main")[1].split("</main>")[0].lower().split())
    refused = staff.post(publish, {"run": str(run.pk)}, follow=True).content.decode()
    assert "room for 1 mentorship at a time" in refused
    assert run.publications.count() == 0
    for _twice in range(2):
        staff.post(fewer)
    assert list(run.pairs.all()) == [best]
    assert Entry.objects.get(verb="match.fewer").facts == {"kept": 1, "taken_out": 1}
    assert "Keep the" not in staff.get(publish).content.decode()
    leaving.leave_now(publication=leaving.publish_later(run=run, by=None), by=None)
    assert Mentorship.objects.count() == 1
    assert len({each.pk for each in suggest_pairs(cycle=cycle, by=None).pairs.all()}) == 1  # the others, once more


def test_why_not_says_that_there_was_no_room_and_what_may_be_said_does_not(sierra: Society) -> None:
    room_for(sierra, 1)
    cycle = small_cycle()
    run = suggest_pairs(cycle=cycle, by=None)
    stays, gone = run.pairs.order_by("-score", "pk")
    run.cycle = cycle
    before = may_be_said(run, gone.mentee, gone.mentor)
    assert Asked(run, str(gone.mentee_id), str(gone.mentor_id)).answer().sentence == "They are a pair in this draft."
    keep_best(run=run, count=1, by=None)
    answer = Asked(run, str(gone.mentee_id), str(gone.mentor_id)).answer()
    assert "Only 1 pair stayed in this draft, because your society has room for no more" in answer.sentence
    assert (answer.can_be_kept, answer.moves) == (False, ())
    there = Asked(run, str(stays.mentee_id), str(stays.mentor_id)).answer().sentence
    assert there == "They are a pair in this draft."
    nobody = cycle.enrollments.filter(role=Role.MENTOR).exclude(pk=gone.mentor_id).first()
    assert nobody is not None
    other = Asked(run, str(gone.mentee_id), str(nobody.pk)).answer().sentence
    assert "among all pairs as they were suggested; only 1 of them stayed" in other
    assert may_be_said(run, gone.mentee, gone.mentor) == before
    (left,) = left_of(run, Role.MENTEE, cut=was_cut(run))
    assert (left.enrollment_id, left.why) == (
        str(gone.mentee_id),
        "was in a pair that was taken out, because there was room for fewer",
    )
    page = browser_of(make_staff(), sierra).get(reverse("desk:pairs", args=[cycle.pk])).content.decode()
    assert ("only as many as there is room for" in page, "no better set of pairs" in page) == (True, False)
    assert not {"room", "plan", "pay"} & set(before.to_mentee.lower().split())


def test_pairs_that_staff_keep_stay_first(sierra: Society) -> None:
    cycle = small_cycle()
    first = suggest_pairs(cycle=cycle, by=None)
    last = first.pairs.order_by("score", "-pk")[0]
    decide_pair(cycle=cycle, mentee=last.mentee, mentor=last.mentor, kind=KEEP, reason="They know each other", by=None)
    run = suggest_pairs(cycle=cycle, by=None)
    keep_best(run=run, count=1, by=None)
    kept = run.pairs.get()
    assert (kept.mentee_id, kept.mentor_id) == (last.mentee_id, last.mentor_id)
    assert leaving.publish_later(run=run, by=None).state == "waiting"


def test_what_leaves_already_stays_whole(sierra: Society) -> None:
    run = suggest_pairs(cycle=small_cycle(), by=None)
    leaving.publish_later(run=run, by=None)
    with pytest.raises(DomainError, match="about to be published"):
        keep_best(run=MatchRun.objects.get(pk=run.pk), count=1, by=None)
    assert run.pairs.count() == 2


def test_without_any_room_nothing_is_taken_out(sierra: Society) -> None:
    room_for(sierra, 0)
    cycle = small_cycle()
    run = suggest_pairs(cycle=cycle, by=None)
    staff = browser_of(make_staff(), sierra)
    page = staff.get(reverse("desk:publish", args=[cycle.pk])).content.decode()
    assert ("Wait until others end" in page, "Keep the" in page) == (True, False)
    staff.post(reverse("desk:fewer", args=[cycle.pk]))
    assert run.pairs.count() == 2


def test_when_nothing_new_may_begin_the_page_says_so(sierra: Society) -> None:
    cycle = small_cycle()
    suggest_pairs(cycle=cycle, by=None)
    lapse(sierra)
    page = browser_of(make_staff(), sierra).get(reverse("desk:publish", args=[cycle.pk])).content.decode()
    assert "Nothing new can begin at the moment" in page
    assert allowance.in_use(sierra) == 0
