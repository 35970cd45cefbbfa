"""Why not: the whole answer for staff, what may be said to anybody, trying without keeping, holding, writing down."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import product
from typing import Any, get_args
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching import notes
from matching.engine import Explainer, verify, what_if
from matching.engine.explanation import Reason
from matching.engine.what_if import Changes
from matching.explaining import words
from matching.explaining.saying import may_be_said
from matching.explaining.why_not import Asked
from matching.models import HeldPair, MatchRun, PairDecision, PairNote
from matching.publishing.services import publish
from matching.services import decide_pair, suggest_pairs
from matching.snapshots import solved_of
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Mentorship
from programs.mentorships.services import answer_yes, mentor_and_mentee
from programs.policy.models import Cycle
from tenants.audit.models import Entry
from tenants.models import Society
from tests.desk.making import KEEP, NEVER, small_cycle, take_part
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def page(client: Client, cycle: Cycle, name: str = "why_not", **query: Any) -> str:
    reply = client.get(reverse(f"desk:{name}", args=[cycle.pk]), query, follow=True)
    assert reply.status_code == 200
    return reply.content.decode()


def post(client: Client, name: str, mentee: Enrollment, mentor: Enrollment, **data: object) -> str:
    reply = client.post(reverse(f"desk:{name}", args=[mentee.cycle_id, mentee.pk, mentor.pk]), data, follow=True)
    assert reply.status_code == 200
    return reply.content.decode()


def of(cycle: Cycle, role: Role) -> list[Enrollment]:
    return list(cycle.enrollments.filter(role=role).select_related("person", "cycle").order_by("person__given_name"))


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+", text) if part]


def test_every_reason_of_the_engine_has_its_words() -> None:
    assert set(get_args(Reason)) <= set(words.WHY_NOT)


def test_what_may_be_said_is_the_same_whatever_the_reason(sierra: Society) -> None:
    """Forbidden by a rule, ruled out by staff, full, or a lot: nobody hears a difference."""
    cycle = small_cycle(mentors=2, mentees=2)
    take_part(cycle, Role.MENTOR, "Hmong", languages=["Hmong"])
    take_part(cycle, Role.MENTOR, "Other", specialty="Cardiology")
    waits = take_part(cycle, Role.MENTEE, "Zed", languages=["Finnish"])
    mentees, mentors = of(cycle, Role.MENTEE), of(cycle, Role.MENTOR)
    decide_pair(cycle=cycle, mentee=mentees[0], mentor=mentors[1], kind=NEVER, reason="", by=make_person("Lee"))
    run = suggest_pairs(cycle=cycle, by=None)
    for _draft_then_published in range(2):
        first, last = mentees[0], mentees[-1]
        told_staff = {Asked(run, str(first.pk), str(other.pk)).answer().sentence for other in mentors}
        told_staff.add(Asked(run, str(last.pk), str(mentors[0].pk)).answer().sentence)
        assert len(told_staff) > 3, "staff read the reasons"
        for each in mentees:
            apart = [one for one in mentors if not run.pairs.filter(mentee=each, mentor=one).exists()]
            told = {may_be_said(run, each, one).to_mentee for one in apart}
            assert len(told) == 1, "and whoever asks hears the same of everybody"
        run = publish(run=run, by=None)
        run.cycle = cycle
    assert not run.pairs.filter(mentee=waits).exists()


def test_what_may_be_said_is_two_sentences_without_anybodys_name_or_answer(sierra: Society) -> None:
    cycle = small_cycle(mentors=3, mentees=3)
    take_part(cycle, Role.MENTEE, "Zed", languages=["Finnish"], specialty="Cardiology", aspects=["research"])
    run = suggest_pairs(cycle=cycle, by=None)
    said = set()
    mentees, mentors = of(cycle, Role.MENTEE), of(cycle, Role.MENTOR)
    for step in ("draft", "published", "asked", "introduced"):
        for mentee, mentor in product(mentees, mentors):
            both = may_be_said(run, mentee, mentor)
            said |= {both.to_mentee, both.to_mentor}
        if step == "draft":
            run = publish(run=run, by=None)
            run.cycle = cycle
        else:
            for mentorship in Mentorship.objects.all():
                asked = mentorship.participations.filter(answer="waiting").first()
                assert asked is None or answer_yes(participation=asked)
    assert len(said) == 5, "before, asked, introduced, with somebody else, waiting"
    words_of = {word for each in cycle.enrollments.all() for value in each.answers.values() for word in words_in(value)}
    names = {part for each in (*mentees, *mentors) for part in each.person.name.split()}
    for text in said:
        assert len(sentences(text)) == 2
        assert not {word for word in words_in(text) if word in names | words_of}
        assert not re.search(r"\d{2,}|points|score|rule", text), text


def words_in(value: object) -> set[str]:
    return {word for word in re.findall(r"[\w-]+", str(value)) if len(word) > 3}


def test_a_draft_is_told_to_nobody(sierra: Society) -> None:
    cycle = small_cycle()
    run = suggest_pairs(cycle=cycle, by=None)
    mentees, mentors = of(cycle, Role.MENTEE), of(cycle, Role.MENTOR)
    told = {may_be_said(run, mentee, mentor) for mentee in mentees for mentor in mentors}
    assert len(told) == 1, "pairs of the draft sound like all others"
    (said,) = told
    assert f"by {cycle.publish_on:%B}" in said.to_mentee
    with clock.moved_by(timedelta(days=900)):
        assert "as soon as it is" in may_be_said(run, mentees[0], mentors[0]).to_mentee


def test_a_mentee_who_was_not_asked_yet_learns_nothing_of_the_mentors_question(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=2)
    run = publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    run.cycle = cycle
    (pair,) = run.pairs.select_related("mentee__person", "mentor__person")
    other = next(one for one in of(cycle, Role.MENTEE) if one.pk != pair.mentee_id)
    assert may_be_said(run, pair.mentee, pair.mentor).to_mentee == may_be_said(run, other, pair.mentor).to_mentee
    assert "We have written to you about the two of you" in may_be_said(run, pair.mentee, pair.mentor).to_mentor
    mentor_side, mentee_side = mentor_and_mentee(Mentorship.objects.get())
    answer_yes(participation=mentor_side)
    assert "We have written to you about the two of you" in may_be_said(run, pair.mentee, pair.mentor).to_mentee
    mentee_side.refresh_from_db()
    answer_yes(participation=mentee_side)
    assert "You two know of each other" in may_be_said(run, pair.mentee, pair.mentor).to_mentee
    assert "came out otherwise" in may_be_said(run, other, pair.mentor).to_mentor
    assert "you stay signed up" in may_be_said(run, other, pair.mentor).to_mentee


def test_trying_says_what_solving_says_and_keeps_nothing(sierra: Society, manager: Client) -> None:
    cycle = small_cycle(mentors=2, mentees=2)
    take_part(cycle, Role.MENTEE, "Heart", specialty="Cardiology", aspects=["research"])
    take_part(cycle, Role.MENTOR, "Far", specialty="Cardiology", aspects=["research"], zip="95959")
    run = suggest_pairs(cycle=cycle, by=None)
    solved = solved_of(run)
    explainer = Explainer(solved.result, solved.problem)
    everybody = product(range(3), range(3))
    mentee, mentor = next(pair for pair in everybody if explainer.why_not(*pair).reason in ("full", "elsewhere"))
    ids = {(each["key"], each["role"]): each["enrollment"] for each in run.snapshot["people"]}
    asked = {
        "mentee": ids[solved.pool.mentees[mentee].key, "mentee"],
        "mentor": ids[solved.pool.mentors[mentor].key, "mentor"],
    }
    tried = Asked(run, asked["mentee"], asked["mentor"]).tried()
    delta = what_if(solved.result, solved.problem, Changes(pin=[(mentee, mentor)]))
    verify(delta.result, delta.problem)
    assert tried.points[1] == words.points(delta.result.total)
    assert tried.pairs[1] == len(delta.result.pairs)
    assert (tried.changes[0].made, len(tried.changes)) == (True, len(delta.gone) + len(delta.come))
    before = list(run.pairs.values_list("pk", "score"))
    shown = page(manager, cycle, "try_it", **asked)
    assert "Nothing has changed, and nothing will before you keep the pair." in shown
    assert list(run.pairs.values_list("pk", "score")) == before
    assert (MatchRun.objects.count(), PairDecision.objects.count()) == (1, 0)
    assert (
        "stay together"
        in manager.post(
            reverse("desk:say", args=[cycle.pk, asked["mentee"], asked["mentor"]]), {"kind": "keep"}, follow=True
        ).content.decode()
    )
    again = suggest_pairs(cycle=cycle, by=None)
    assert again.result["total"] == delta.result.total, "kept and suggested again it comes out as tried"


def test_what_cannot_be_tried_is_told(sierra: Society, manager: Client) -> None:
    cycle = small_cycle()
    hmong = take_part(cycle, Role.MENTOR, "Hmong", languages=["Hmong"])
    mentee = of(cycle, Role.MENTEE)[0]
    assert "People at a glance" in page(manager, cycle, "try_it", mentee=mentee.pk, mentor=hmong.pk), "no draft yet"
    suggest_pairs(cycle=cycle, by=None)
    assert "cannot be a pair in this draft" in page(manager, cycle, "try_it", mentee=mentee.pk, mentor=hmong.pk)
    assert "Choose a mentee and a mentor" in page(manager, cycle, "try_it", mentee=uuid4(), mentor=hmong.pk)
    shown = page(manager, cycle, mentee=mentee.pk, mentor=hmong.pk)
    assert "they have no common language" in shown
    assert "Try it" not in shown


def test_two_are_held_for_the_next_session_and_seen_there(sierra: Society, manager: Client) -> None:
    cycle = small_cycle()
    run = suggest_pairs(cycle=cycle, by=None)
    mentee, mentor = of(cycle, Role.MENTEE)[0], of(cycle, Role.MENTOR)[1]
    for _twice in range(2):
        assert "Held. If Mentee0 Vega and Mentor1 Vega both come" in post(manager, "hold", mentee, mentor)
    assert HeldPair.objects.count() == Entry.objects.filter(verb="pair.held").count() == 1
    assert "Held for the next session" in page(manager, cycle, "pairs")
    assert run.pairs.count() == 2, "in this session nothing changes"
    later = Cycle.objects.create(
        program=cycle.program,
        version=cycle.version,
        part=cycle.part,
        name="Later",
        state=Cycle.State.MATCHING,
        created_at=clock.now(),
        **{
            name: getattr(cycle, name) + timedelta(days=200)
            for name in ("sign_up_opens_on", "sign_up_closes_on", "publish_on", "starts_on", "ends_on")
        },
    )
    assert notes.back_again(later) == []
    for each in (mentee, mentor):
        each.pk, each.cycle, each._state.adding = uuid4(), later, True
        each.save()
    suggest_pairs(cycle=later, by=None)
    shown = page(manager, later, "pairs")
    assert "Held from an earlier session" in shown
    assert f"held in {cycle.name}" in shown
    decide_pair(cycle=later, mentee=mentee, mentor=mentor, kind=KEEP, reason="", by=make_person("Lee"))
    assert "Held from an earlier session" not in page(manager, later, "pairs"), "you have said what becomes of them"


def test_holding_is_taken_back_and_refused_for_whom_staff_ruled_out(sierra: Society, manager: Client) -> None:
    cycle = small_cycle()
    suggest_pairs(cycle=cycle, by=None)
    mentee, mentor = of(cycle, Role.MENTEE)[0], of(cycle, Role.MENTOR)[0]
    post(manager, "hold", mentee, mentor)
    for _twice in range(2):
        assert "are held no longer" in post(manager, "hold", mentee, mentor, let_go="yes")
    assert not HeldPair.objects.exists()
    assert Entry.objects.filter(verb="pair.let_go").count() == 1
    decide_pair(cycle=cycle, mentee=mentee, mentor=mentor, kind=NEVER, reason="", by=make_person("Lee"))
    assert "You have ruled this pair out" in post(manager, "hold", mentee, mentor)
    with pytest.raises(DomainError, match="A pair is a mentee and a mentor"):
        notes.hold_pair(cycle=cycle, mentee=mentor, mentor=mentee, by=make_person("Ann"))


def test_a_note_is_added_once_and_stays(sierra: Society, manager: Client) -> None:
    cycle = small_cycle()
    suggest_pairs(cycle=cycle, by=None)
    mentee, mentor = of(cycle, Role.MENTEE)[0], of(cycle, Role.MENTOR)[0]
    shown = page(manager, cycle, mentee=mentee.pk, mentor=mentor.pk)
    assert "Told the mentee: We look at everybody together" in shown
    key = uuid4()
    for _twice in range(2):
        assert "She called on Monday" in post(manager, "note", mentee, mentor, key=key, text="She called on Monday.")
    assert PairNote.objects.count() == Entry.objects.filter(verb="pair.noted").count() == 1
    assert "She called" not in str(Entry.objects.get(verb="pair.noted").facts), "the record holds nobody's words"
    assert "nothing to write down" in post(manager, "note", mentee, mentor, key=uuid4(), text=" ")
    other = of(cycle, Role.MENTOR)[1]
    assert "She called" not in page(manager, cycle, mentee=mentee.pk, mentor=other.pk)
