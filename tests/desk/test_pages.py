"""The desk's pages: who may see them, what they say, and what their buttons do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from matching.explaining.privacy import sentences_for_staff
from matching.models import MatchRun, PairDecision
from matching.publishing.models import Publication
from matching.publishing.services import publish
from matching.services import suggest_pairs
from matching.trying.columns import weights_of
from matching.trying.saving import keep_weights
from programs.enrollment.models import Role
from programs.mentorships.models import Mentorship
from programs.mentorships.services import answer_no, mentor_and_mentee
from programs.policy.models import Cycle
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person, StaffRole
from tests.desk.making import small_cycle, take_part
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import browser_of, make_staff

Kind = StaffRole.Kind


@pytest.fixture
def cycle(sierra: Society) -> Cycle:
    return small_cycle(mentors=3, mentees=2)


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def page(client: Client, name: str, cycle: Cycle, *args: object, **query: Any) -> str:
    reply = client.get(reverse(f"desk:{name}", args=[cycle.pk, *args]), query)
    assert reply.status_code == 200, reply.content
    return reply.content.decode()


def post(client: Client, name: str, cycle: Cycle, *args: object, **data: object) -> str:
    reply = client.post(reverse(f"desk:{name}", args=[cycle.pk, *args]), data, follow=True)
    assert reply.status_code == 200
    return reply.content.decode()


def test_a_draft_is_made_looked_at_and_published(cycle: Cycle, manager: Client) -> None:
    assert "No pairs yet" in page(manager, "pairs", cycle)
    assert "2 pairs suggested" in post(manager, "suggest", cycle)
    desk = page(manager, "pairs", cycle)
    assert "checked: no better set of pairs exists" in desk
    assert "1 mentor without a mentee" in desk
    preview = page(manager, "publish", cycle)
    assert "Publish and write to 2 mentors" in preview
    assert preview.count("mail-screen") == 6, "asked, once more, the mentee asked, both introduced; one not needed"
    assert (Mentorship.objects.count(), OutboxMail.objects.count()) == (0, 0), "looking changes nothing"
    run = MatchRun.objects.get()
    for _twice in range(2):
        assert "The mails leave on" in post(manager, "publish", cycle, run=run.pk)
    assert (Mentorship.objects.count(), OutboxMail.objects.count()) == (0, 0), "there is a way back"
    waiting = Publication.objects.get()
    for _twice in range(2):
        assert "Published. The mails are on their way." in post(manager, "now", cycle, waiting.pk)
    assert (Mentorship.objects.count(), OutboxMail.objects.count()) == (2, 3)
    assert "Published pairs" in page(manager, "pairs", cycle)
    assert Cycle.objects.get().state == Cycle.State.RUNNING


def test_sign_up_is_closed_and_pairs_suggested_by_one_button(sierra: Society, manager: Client) -> None:
    cycle = small_cycle()
    Cycle.objects.update(state=Cycle.State.RECRUITING)
    assert "Close sign-up and suggest pairs" in page(manager, "pairs", cycle)
    assert "2 pairs suggested" in post(manager, "suggest", cycle, close_sign_up="yes")


def test_nothing_is_left_half_closed_if_nobody_can_be_matched(sierra: Society, manager: Client) -> None:
    cycle = make_cycle()
    assert "There is nobody to match" in post(manager, "suggest", cycle, close_sign_up="yes")
    assert Cycle.objects.get().state == Cycle.State.RECRUITING


def test_a_draft_says_that_the_settings_are_newer(cycle: Cycle, manager: Client) -> None:
    suggest_pairs(cycle=cycle, by=None)
    newer = "settings have changed since this draft. Suggest again"
    assert newer not in page(manager, "pairs", cycle)
    alone = {name: 1000 * (name == "specialty") for name in weights_of(cycle.settings.matching)}
    keep_weights(cycle=cycle, wanted=alone, after=cycle.version.number, by=make_staff(given="Noor"))
    assert newer in page(manager, "pairs", cycle)
    assert newer not in post(manager, "suggest", cycle)


def test_whoever_keeps_a_pair_stays_where_they_were_in_the_list(cycle: Cycle, manager: Client) -> None:
    run = suggest_pairs(cycle=cycle, by=None)
    pair = run.pairs.all()[0]
    here = f"show=weakest&page=1#{pair.pk}"
    desk = page(manager, "pairs", cycle, show="weakest", page=1)
    assert f'name="here" value="{escape(here)}"' in desk
    assert f'<tr id="{pair.pk}"' in desk
    say, pairs = (
        reverse("desk:say", args=[cycle.pk, pair.mentee_id, pair.mentor_id]),
        reverse("desk:pairs", args=[cycle.pk]),
    )
    assert manager.post(say, {"kind": "keep", "here": here})["Location"] == f"{pairs}?{here}"
    # What is said otherwise than another page saw is read first, at the top.
    assert manager.post(say, {"kind": "never", "here": here})["Location"] == f"{pairs}?show=weakest&page=1"
    assert manager.post(say, {"kind": "keep", "here": "//evil.example"})["Location"].startswith(pairs)


def test_a_pair_is_explained_kept_ruled_out_and_given_back(cycle: Cycle, manager: Client) -> None:
    pair = suggest_pairs(cycle=cycle, by=None).pairs.select_related("mentee__person", "mentor__person")[0]
    why = page(manager, "pair", cycle, pair.pk)
    assert f"{round(pair.score / 1000)} of 1,000 points" in why
    assert all(sentence in why for sentence in (*sentences_for_staff(pair), *pair.facts["to_mentor"]))
    assert "stay together" in post(manager, "say", cycle, pair.mentee_id, pair.mentor_id, kind="keep")
    assert "never suggested again" in post(
        manager, "say", cycle, pair.mentee_id, pair.mentor_id, kind="never", reason="Old partners"
    )
    desk = page(manager, "pairs", cycle)
    assert "You have said otherwise of 1 pair since this draft" in desk
    assert "Old partners" in desk
    assert "You have said otherwise" in post(manager, "publish", cycle, run=pair.run_id)
    assert not Mentorship.objects.exists()
    assert "Taken back" in post(manager, "take_back", cycle, PairDecision.objects.get().pk)


def test_a_word_that_another_page_gave_meanwhile_is_not_silently_overridden(cycle: Cycle, manager: Client) -> None:
    pair = suggest_pairs(cycle=cycle, by=None).pairs.all()[0]
    both = (pair.mentee_id, pair.mentor_id)
    assert "meanwhile" not in post(manager, "say", cycle, *both, kind="never", seen="")
    assert "It was ruled out meanwhile; now it is kept." in post(manager, "say", cycle, *both, kind="keep", seen="")
    assert "meanwhile" not in post(manager, "say", cycle, *both, kind="keep", seen="")
    assert "It was kept meanwhile; now it is ruled out." in post(manager, "say", cycle, *both, kind="never", seen="")
    for shown in (page(manager, "pairs", cycle), page(manager, "pair", cycle, pair.pk)):
        assert '<input type="hidden" name="seen" value="never">' in shown
    assert "Keep this pair" in shown
    assert "meanwhile" not in post(manager, "say", cycle, *both, kind="keep", seen="never")
    kept = page(manager, "pair", cycle, pair.pk)
    assert "Keep this pair</span>" not in kept
    assert f'formaction="{reverse("desk:take_back", args=[cycle.pk, PairDecision.objects.get().pk])}"' in kept


def test_a_table_is_called_what_it_holds(cycle: Cycle, manager: Client) -> None:
    run = suggest_pairs(cycle=cycle, by=None)
    assert "Suggested pairs with how well they fit</caption>" in page(manager, "pairs", cycle)
    publish(run=run, by=None)
    published = page(manager, "pairs", cycle)
    assert "Published pairs with how well they fit and what became of them</caption>" in published
    assert "Suggested pairs with" not in published
    run.pairs.update(mentorship=None)
    assert '<span class="badge' not in page(manager, "pairs", cycle).partition("</caption>")[2].partition("</table>")[0]


def test_why_not_says_what_it_costs_and_what_may_be_said(cycle: Cycle, manager: Client) -> None:
    run = suggest_pairs(cycle=cycle, by=None)
    taken = run.pairs.values_list("mentor", flat=True)
    idle = cycle.enrollments.filter(role=Role.MENTOR).exclude(pk__in=taken).get()
    mentee = cycle.enrollments.filter(role=Role.MENTEE)[0]
    answer = page(manager, "why_not", cycle, mentee=mentee.pk, mentor=idle.pk)
    assert "What you may say" in answer
    assert "just as good" in answer, "all are alike here"
    assert "Try it" in answer
    assert "Notes on these two" not in page(manager, "why_not", cycle, mentee=uuid4(), mentor=idle.pk)


def test_the_list_is_searched_narrowed_and_told_when_it_is_empty(cycle: Cycle, manager: Client) -> None:
    suggest_pairs(cycle=cycle, by=None)
    assert "Mentee1 Vega" not in page(manager, "pairs", cycle, q="mentee0")
    assert "No such pair" in page(manager, "pairs", cycle, q="nobody at all")
    assert "No such pair" in page(manager, "pairs", cycle, show="kept")


def test_who_is_left_is_told_with_the_reason(sierra: Society, manager: Client) -> None:
    cycle = small_cycle(mentors=1, mentees=2)
    suggest_pairs(cycle=cycle, by=None)
    left = page(manager, "left", cycle)
    assert "every mentor who would suit has somebody else" in left
    assert reverse("desk:glance", args=[cycle.pk]) in left


def addresses(cycle: Cycle) -> list[tuple[str, str]]:
    """Every address of the desk, with the way to ask for it."""
    run = suggest_pairs(cycle=cycle, by=None)
    pair = run.pairs.first()
    assert pair is not None
    decision = PairDecision.objects.create(
        cycle=cycle, mentee=pair.mentee, mentor=pair.mentor, kind="keep", created_at=run.created_at
    )
    named: list[tuple[str, str, tuple[object, ...]]] = [
        ("get", "pairs", ()),
        ("get", "pair", (pair.pk,)),
        ("get", "left", ()),
        ("get", "why_not", ()),
        ("get", "publish", ()),
        ("post", "publish", ()),
        ("post", "suggest", ()),
        ("post", "say", (pair.mentee_id, pair.mentor_id)),
        ("post", "take_back", (decision.pk,)),
    ]
    return [(method, reverse(f"desk:{name}", args=[cycle.pk, *args])) for method, name, args in named]


@pytest.mark.parametrize("who", ["committee", "support", "participant", "manager of another program"])
def test_nobody_else_finds_the_desk(sierra: Society, cycle: Cycle, who: str) -> None:
    if who == "participant":
        person = cycle.enrollments.all()[0].person
    elif who == "manager of another program":
        person = make_staff(program_id=uuid4())
    else:
        person = make_staff(Kind(who))
    client, before = browser_of(person, sierra), PairDecision.objects.count()
    replies = [getattr(client, method)(address) for method, address in addresses(cycle)]
    assert {reply.status_code for reply in replies} == {404}
    assert PairDecision.objects.count() == before + 1


def test_a_stranger_signs_in_first(sierra: Society, cycle: Cycle, visitor: Callable[[str], Client]) -> None:
    replies = [getattr(visitor(sierra.host), method)(address) for method, address in addresses(cycle)]
    assert {reply.status_code for reply in replies} == {302}


def test_a_manager_of_this_program_alone_may(sierra: Society, cycle: Cycle) -> None:
    client = browser_of(make_staff(program_id=cycle.program_id), sierra)
    assert "No pairs yet" in page(client, "pairs", cycle)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions_for_any_number_of_pairs(
    sierra: Society, manager: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cycle = small_cycle(mentors=count, mentees=count)
    suggest_pairs(cycle=cycle, by=None)
    with django_assert_num_queries(41):
        page(manager, "pairs", cycle)


def test_the_published_list_names_how_each_pair_stands(cycle: Cycle, manager: Client) -> None:
    publish(run=suggest_pairs(cycle=cycle, by=make_person("Lee")), by=None)
    desk = page(manager, "pairs", cycle)
    assert desk.count('<span class="badge badge-info">Waiting for an answer') == 2
    assert "Waiting for an answer 2" in desk
    assert "0 mentees, 1 mentor" in desk
    mentor, _mentee = mentor_and_mentee(Mentorship.objects.all()[0])
    answer_no(participation=mentor, reason="Too busy")
    assert mentor.person.name in page(manager, "pairs", cycle, show="declined")
    assert "Too busy" in page(manager, "pair", cycle, mentor.mentorship.suggested_pair.pk)


def test_a_later_draft_stands_beside_all_that_was_published(cycle: Cycle, manager: Client) -> None:
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    take_part(cycle, Role.MENTEE, "Late")
    assert "1 pair suggested" in post(manager, "suggest", cycle)
    assert "Late Vega" in page(manager, "pairs", cycle)
    published = page(manager, "pairs", cycle, which="published")
    assert "Late Vega" not in published
    assert "Mentee0 Vega" in published
    publish(run=cycle.match_runs.get(state="draft"), by=None)
    everybody = page(manager, "pairs", cycle)
    assert "Late Vega" in everybody
    assert "Mentee0 Vega" in everybody


def test_the_published_list_shows_those_alone_who_stand_so(cycle: Cycle, manager: Client) -> None:
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    mentor, mentee = mentor_and_mentee(Mentorship.objects.all()[0])
    answer_no(participation=mentor)
    asked = page(manager, "pairs", cycle, which="published", show="proposed")
    declined = page(manager, "pairs", cycle, which="published", show="declined")
    assert (mentee.person.name in asked, mentee.person.name in declined) == (False, True)
    assert "No such pair" in page(manager, "pairs", cycle, which="published", show="active")
    assert "1 mentee, 2 mentors" in declined, "they wait again"


def test_a_biosketch_that_is_drafted_is_read_beside_the_pair_as_the_other_reads_it(sierra: Society) -> None:
    cycle, staff = small_cycle(mentors=1, mentees=1), make_staff()
    pair = suggest_pairs(cycle=cycle, by=None).pairs.get()
    Person.objects.filter(pk=pair.mentor.person_id).update(biosketch="")
    page = browser_of(staff, sierra).get(reverse("desk:pair", args=[cycle.pk, pair.pk])).content.decode()
    assert "I am Mentee0." in page
    assert "Drafted from their answers" in page
    assert "I am glad to help with leadership and research." in page
