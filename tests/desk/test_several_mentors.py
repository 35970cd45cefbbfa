"""Several mentors for one mentee, each for one thing; and everybody a first one before anybody a second one."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.urls import reverse

from chiron.kernel.errors import DomainError
from matching.commands import match
from matching.explaining.why_not import Asked
from matching.models import MatchRun, PairDecision, SuggestedPair
from matching.pool.alone import alone
from matching.pool.recruiting import worth
from matching.pool.supply import Supply
from matching.publishing.changing import add_pair, change_pair
from matching.publishing.models import NextBest
from matching.publishing.services import publish
from matching.selectors import draft_of, new_pairs
from matching.services import decide_pair, suggest_pairs
from matching.showing.changes import changes_between
from matching.snapshots import solved_of
from matching.swapping import swap_pairs, swaps_of
from matching.taking_out import take_out_run
from matching.trying.trial import People, Trial, tried_at_length
from matching.waiting import Waiting
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Mentorship
from programs.mentorships.requests import ask, show_in_directory
from programs.mentorships.services import answer_no, answer_yes, mentor_and_mentee
from programs.policy import templates
from programs.policy.document import store_policy
from programs.policy.models import Cycle, PolicyVersion
from programs.policy.services import change_state, create_program, open_cycle
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person
from tests.desk.making import KEEP, take_part
from tests.desk.test_leaving import when_due
from tests.factories.staff import browser_of, make_staff

RESEARCH, LEADS, TEACHES = "research", "leadership", "teaching"


@pytest.fixture
def menu(sierra: Society) -> Cycle:
    """Ann would like three mentors, Bea one. For research there is one place."""
    program = create_program(policy=templates.load("primary-care"), by=None)
    cycle = open_cycle(
        program=program, part="A menu of mentors", starts_on=date(2027, 9, 15), today=date(2026, 12, 1), by=None
    )
    cycle = change_state(cycle=cycle, to=Cycle.State.RECRUITING, by=None)
    take_part(cycle, Role.MENTOR, "Rita", aspects=[RESEARCH], places=1)
    take_part(cycle, Role.MENTOR, "Leo", aspects=[LEADS, "Research "], places=1)
    take_part(cycle, Role.MENTOR, "Tess", aspects=[TEACHES], places=2)
    take_part(cycle, Role.MENTEE, "Ann", aspects=[RESEARCH, LEADS, TEACHES], places=3)
    take_part(cycle, Role.MENTEE, "Bea", aspects=[RESEARCH], places=1, challenges=[])
    return change_state(cycle=cycle, to=Cycle.State.MATCHING, by=None)


def called(pair: SuggestedPair) -> tuple[str, str, str]:
    return pair.mentee.person.given_name, pair.mentor.person.given_name, pair.aspect


def pairs(run: MatchRun) -> set[tuple[str, str, str]]:
    return {called(pair) for pair in run.pairs.select_related("mentee__person", "mentor__person")}


def who(cycle: Cycle, given: str) -> Enrollment:
    return cycle.enrollments.select_related("person", "cycle").get(person__given_name=given)


def the(run: MatchRun, mentee: str, mentor: str) -> SuggestedPair:
    there = run.pairs.select_related("mentee__person", "mentor__person", "run__cycle")
    return there.get(mentee__person__given_name=mentee, mentor__person__given_name=mentor)


def manager() -> Person:
    return Person.objects.filter(staff_roles__isnull=False).first() or make_staff()


def keep(cycle: Cycle, mentee: str, mentor: str, what: str = "") -> None:
    decide_pair(
        cycle=cycle,
        mentee=who(cycle, mentee),
        mentor=who(cycle, mentor),
        kind=KEEP,
        reason="",
        by=manager(),
        aspect=what,
    )


def said(reply: Any) -> str:
    assert reply.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reply.content.decode())).split())


def asked_of(run: MatchRun, mentee: str, mentor: str) -> Asked:
    return Asked(run, str(who(run.cycle, mentee).pk), str(who(run.cycle, mentor).pk))


def test_each_mentor_is_for_one_thing_and_nobody_waits_for_a_first_one(menu: Cycle) -> None:
    run = suggest_pairs(cycle=menu, by=None)
    found = pairs(run)
    assert ("Ann", "Tess", TEACHES) in found
    ann = [(mentor, what) for mentee, mentor, what in found if mentee == "Ann"]
    assert len(ann) == len({what for _mentor, what in ann}) == len({mentor for mentor, _what in ann}) == 2
    assert [what for mentee, _mentor, what in found if mentee == "Bea"] == [RESEARCH], "the one thing that she wants"
    first = [pair for pair in run.pairs.all() if not pair.is_one_more]
    assert sorted(called(pair)[0] for pair in first) == ["Ann", "Bea"]
    assert {pair.facts["points"]["aspects_covered"]["points"] for pair in run.pairs.all()} == {1000}, "it all fits"
    restored = solved_of(MatchRun.objects.get(pk=run.pk))
    assert restored.answer.verify() == restored.certificate
    assert run.in_rounds
    assert (restored.mentors_short, list(restored.not_matched())) == (1, [])


def test_off_nothing_of_it_is_there(menu: Cycle) -> None:
    """The same people in a program that does not ask for it: pairs are for everything, and one round settles all."""
    document = store_policy(menu.version.policy)
    document["parts"][0]["roles"]["mentee"]["mentors"] |= {"by_aspect": False, "first_before_second": False}
    PolicyVersion.objects.filter(pk=menu.version_id).update(document=document)
    menu = Cycle.objects.get(pk=menu.pk)
    run = suggest_pairs(cycle=menu, by=None)
    assert {what for _mentee, _mentor, what in pairs(run)} == {""}
    assert not run.in_rounds
    assert all("first" not in pair.facts for pair in run.pairs.all())


def test_a_pair_is_kept_for_what_it_is_for_and_suggested_again(menu: Cycle) -> None:
    run = suggest_pairs(cycle=menu, by=None)
    leads = the(run, "Ann", "Leo") if ("Ann", "Leo", LEADS) in pairs(run) else None
    keep(menu, "Ann", "Leo", RESEARCH)
    again = suggest_pairs(cycle=menu, by=None)
    assert ("Ann", "Leo", RESEARCH) in pairs(again)
    assert ("Bea", "Rita", RESEARCH) in pairs(again), "research of somebody else"
    changed = {change.mentee.person.given_name for change in changes_between(run, again)}
    assert ("Ann" in changed) == (pairs(run) != pairs(again))
    assert new_pairs(again, run).count() == len(pairs(again) - pairs(run))
    assert leads is None or "Ann" in changed, "the same mentor for something else is a change"
    keep(menu, "Ann", "Leo")
    assert ("Ann", "Leo") in {pair[:2] for pair in pairs(suggest_pairs(cycle=menu, by=None))}, "for what suits best"


def test_two_pairs_exchange_mentors_and_stay_for_what_they_are_for(menu: Cycle) -> None:
    take_part(menu, Role.MENTOR, "Lou", aspects=[LEADS, RESEARCH])
    for mentee, mentor, what in (("Ann", "Leo", LEADS), ("Bea", "Lou", RESEARCH)):
        keep(menu, mentee, mentor, what)
    run = suggest_pairs(cycle=menu, by=None)
    pair, bea = the(run, "Ann", "Leo"), the(run, "Bea", "Lou")
    assert [swap.other for swap in swaps_of(pair)] == [bea], "none of her own, and Tess helps with neither"
    swap_pairs(pair=pair, other=bea, reason="", by=manager())
    assert {("Ann", "Lou", LEADS), ("Bea", "Leo", RESEARCH)} <= pairs(suggest_pairs(cycle=menu, by=None))


def test_why_not_is_answered_for_what_comes_nearest_and_in_both_rounds(menu: Cycle) -> None:
    run = suggest_pairs(cycle=menu, by=None)
    bea, tess = asked_of(run, "Bea", "Tess").answer(), asked_of(run, "Ann", "Tess").answer()
    assert bea.sentence == "This pair may never be: the mentor does not offer the help that is wanted."
    assert tess.sentence == "They are a pair in this draft."
    (mentor,) = {"Rita", "Leo"} - {mentor for mentee, mentor, _what in pairs(run) if mentee == "Ann"}
    asked = asked_of(run, "Ann", mentor)
    answer = asked.answer()
    assert answer.can_be_kept
    assert answer.aspect in (RESEARCH, LEADS)
    tried = asked.tried()
    assert (mentor, answer.aspect) in {(each.mentor.split()[0], each.aspect) for each in tried.changes if each.made}
    assert "all pairs together" not in answer.sentence, "each round is a question of its own"
    kept = [*Waiting.of(menu).keep, ("", "", "")]
    assert kept == [("", "", "")], "trying keeps nothing"


def test_what_other_weights_would_do_is_the_same_moved_live_and_at_length(menu: Cycle) -> None:
    suggest_pairs(cycle=menu, by=None)
    people = People.of(menu)
    trial = Trial.begin(people)
    for wanted in ({"aspects_covered": 1000}, {"lived_my_challenge": 1000}):
        outcome = trial.tried(wanted)
        assert outcome == tried_at_length(people, wanted)
        assert len({moved.mentee for moved in outcome.moved}) == len(outcome.moved), "each mentee once"
        assert all(", for " in mentor for moved in outcome.moved for mentor in (*moved.now, *moved.then))
    assert trial.ranges(menu).keys() <= trial.weights.keys()


def test_the_pool_counts_wishes_by_what_they_are_for(menu: Cycle) -> None:
    take_part(menu, Role.MENTEE, "Cy", aspects=["negotiation"])
    supply = Supply.of(menu)
    wanted = {line.value: (line.mentees, line.wanted, line.places) for line in supply.lines("help")}
    assert wanted[RESEARCH] == (2, 2, 1)
    assert wanted[TEACHES] == (1, 1, 2)
    assert supply.whole.wanted == 5, "Ann three, the others one"
    (cy,) = alone(supply)
    assert (cy.there.participant.given_name, cy.why) == (
        "Cy",
        "3 mentors: the mentor does not offer the help that is wanted",
    )
    steps = worth(supply)
    assert steps.kinds
    assert all(step.pairs >= 0 for step in (*steps.kinds, *steps.places))


def test_the_file_proves_both_rounds_without_a_database(menu: Cycle, tmp_path: Path) -> None:
    run = suggest_pairs(cycle=menu, by=None)
    path = tmp_path / "run.json"
    path.write_bytes(take_out_run(run=MatchRun.objects.get(pk=run.pk), by=make_staff()))
    said = CliRunner().invoke(match, ["--verify", str(path)])
    assert said.exit_code == 0, said.output
    assert "checked: 2 first mentors: nobody more can have one" in said.output
    data = json.loads(path.read_text())
    assert data["asked"]["person_of"] == [0, 0, 0, 1]
    del data["first"]
    path.write_text(json.dumps(data))
    assert CliRunner().invoke(match, ["--verify", str(path)]).exit_code == 1


def test_published_each_is_asked_for_what_it_is_for(menu: Cycle, sierra: Society) -> None:
    publish(run=suggest_pairs(cycle=menu, by=None), by=None)
    teaches = next(one for one in Mentorship.objects.all() if one.aspects == [TEACHES])
    asked = OutboxMail.objects.get(template="mentorship_asked", recipient="tess.vega@example.org")
    assert "It would be for teaching: each mentor here is for one thing." in asked.text
    for place in mentor_and_mentee(teaches):
        answer_yes(participation=place)
    introduced = OutboxMail.objects.filter(template="mentorship_introduced")
    assert "is your mentor for teaching." in introduced.get(recipient="ann.vega@example.org").text
    assert "for teaching." in introduced.get(recipient="tess.vega@example.org").text
    client = browser_of(who(menu, "Ann").person, sierra)
    page = said(client.get(reverse("mentorships:detail", args=[teaches.pk])))
    assert "Your mentor for teaching" in page
    assert "your mentor for teaching" in said(client.get("/"))


def test_after_a_no_the_next_best_is_for_what_is_still_wanted(menu: Cycle) -> None:
    publish(run=suggest_pairs(cycle=menu, by=None), by=None)
    waiting = Waiting.of(menu)
    assert TEACHES not in next(
        waiting.participant(each).aspects for each in waiting.enrollments if each.person.given_name == "Ann"
    ), "a mentor of hers is being asked for it"
    take_part(menu, Role.MENTOR, "Uma", aspects=[TEACHES])
    taught = next(one for one in Mentorship.objects.all() if one.aspects == [TEACHES])
    answer_no(participation=mentor_and_mentee(taught)[0])
    when_due()
    found = NextBest.objects.filter(mentor__person__given_name="Uma")
    assert [(each.mentee.person.given_name, each.aspect) for each in found] == [("Ann", TEACHES)]


def test_pairs_by_hand_are_for_what_suits_and_a_change_for_the_same(menu: Cycle) -> None:
    staff = make_staff()
    publish(run=suggest_pairs(cycle=menu, by=None), by=None)
    take_part(menu, Role.MENTOR, "Uma", aspects=[TEACHES, RESEARCH, LEADS])
    taught = next(one for one in Mentorship.objects.all() if one.aspects == [TEACHES])
    changed = change_pair(mentorship=taught, mentor=who(menu, "Uma"), reason="Moves away", by=staff)
    assert changed.mentorship is not None
    assert changed.mentorship.aspects == [TEACHES]
    take_part(menu, Role.MENTEE, "Dee", aspects=[TEACHES], places=2)
    added = add_pair(cycle=menu, mentee=who(menu, "Dee"), mentor=who(menu, "Tess"), reason="They asked", by=staff)
    assert added.mentorship is not None
    assert added.mentorship.aspects == [TEACHES]
    assert "Dee" not in {each.person.given_name for each in Waiting.of(menu).enrollments}, "she has all that she wants"


def test_somebody_with_a_mentor_waits_for_those_who_have_none(menu: Cycle) -> None:
    publish(run=suggest_pairs(cycle=menu, by=None), by=None)
    take_part(menu, Role.MENTEE, "Eve", aspects=[LEADS, RESEARCH], places=1)
    take_part(menu, Role.MENTOR, "Lou", aspects=[LEADS, RESEARCH], places=1)
    run = suggest_pairs(cycle=Cycle.objects.get(pk=menu.pk), by=None)
    assert {pair[:2] for pair in pairs(run)} == {("Eve", "Lou")}, "Ann has mentors already"


def test_pages_of_the_desk_say_what_each_is_for(menu: Cycle, sierra: Society) -> None:
    client = browser_of(make_staff(), sierra)
    run = suggest_pairs(cycle=menu, by=None)
    page = said(client.get(reverse("desk:pairs", args=[menu.pk])))
    assert "for teaching" in page
    assert "one more mentor" in page
    assert "checked: no better first mentors, and beside them no better further ones" in page
    pair = the(run, "Ann", "Tess")
    shown = said(client.get(reverse("desk:pair", args=[menu.pk, pair.pk])))
    assert "A mentor for teaching, so only what fits that counts." in shown
    say = reverse("desk:say", args=[menu.pk, pair.mentee_id, pair.mentor_id])
    client.post(say, {"kind": "keep", "seen": "", "aspect": pair.aspect})
    assert PairDecision.objects.get().aspect == TEACHES
    both = f"?mentee={pair.mentee_id}&mentor={pair.mentor_id}"
    for name, query in (("why_not", both), ("try_it", both), ("glance", ""), ("weights", ""), ("publish", "")):
        assert client.get(reverse(f"desk:{name}", args=[menu.pk]) + query).status_code == 200
    assert "for teaching" in said(client.get(reverse("desk:swap", args=[menu.pk, pair.pk])))
    assert draft_of(menu) == run


def test_who_asks_by_themselves_asks_for_one_thing_and_for_none_twice(menu: Cycle, sierra: Society) -> None:
    ann, rita, leo = (who(menu, name) for name in ("Ann", "Rita", "Leo"))
    for each in (ann, rita, leo):
        show_in_directory(enrollment=each, shown=True)
    client = browser_of(ann.person, sierra)
    page = said(client.get(reverse("directory_of_people:person", args=[leo.pk])))
    assert "It would be for research: each mentor here is for one thing." in page
    first = ask(mine=ann, other=leo)
    assert isinstance(first, Mentorship)
    assert first.aspects == [RESEARCH]
    with pytest.raises(DomainError, match="helps with nothing for which you still look for a mentor"):
        ask(mine=ann, other=rita)
    with pytest.raises(DomainError, match="looks for nobody any more for what you help with"):
        ask(mine=rita, other=ann)
    answer_no(participation=mentor_and_mentee(first)[0])
    second = ask(mine=ann, other=rita)
    assert isinstance(second, Mentorship)
    assert second.aspects == [RESEARCH]


def test_two_pairs_cannot_be_kept_for_the_same_thing(menu: Cycle) -> None:
    keep(menu, "Ann", "Leo", RESEARCH)
    with pytest.raises(DomainError, match="You keep Leo Vega for research with Ann Vega already"):
        keep(menu, "Ann", "Rita", RESEARCH)
    keep(menu, "Ann", "Leo", LEADS)
    keep(menu, "Ann", "Rita", RESEARCH)
    assert {("Ann", "Leo", LEADS), ("Ann", "Rita", RESEARCH)} <= pairs(suggest_pairs(cycle=menu, by=None))
