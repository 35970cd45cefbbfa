"""Drafts: the same pairs as `chiron match`, staff's word, and what a later draft leaves alone."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.commands import match
from matching.engine import verify
from matching.models import MatchRun, PairDecision, SuggestedPair
from matching.publishing.services import publish
from matching.selectors import contradicted, draft_before, joined_since, new_pairs, people_changed
from matching.services import decide_pair, forget_decision, suggest_pairs
from matching.snapshots import solved_of
from programs.enrollment.answers import key_of
from programs.enrollment.models import Role
from programs.mentorships.models import Mentorship
from programs.mentorships.services import answer_no, mentor_and_mentee
from programs.policy import templates
from programs.policy.document import store_policy
from programs.policy.models import Cycle
from tenants.models import Society
from tests.desk.making import KEEP, MENTOR, NEVER, matching_cycle, small_cycle, take_part
from tests.factories.programs import TEMPLATES, make_cycle, make_person, sample

Key = tuple[str, str]


def keys(run: MatchRun) -> set[Key]:
    pairs = run.pairs.select_related("mentee__person", "mentor__person")
    return {(key_of(pair.mentee.person), key_of(pair.mentor.person)) for pair in pairs}


def pair_of(run: MatchRun) -> SuggestedPair:
    pair = run.pairs.select_related("mentee__person", "mentor__person").first()
    assert pair is not None
    return pair


@pytest.mark.parametrize("slug", ["sierra", "commonwealth", "northstar"])
def test_a_draft_has_the_pairs_and_points_of_the_command_on_the_same_sheets(
    slug: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    request.getfixturevalue(slug)
    cycle = matching_cycle(slug, roster=False)
    # The command knows no waiting list: it looks at everybody who can take part, up to as many pairs as there may be.
    cycle.enrollments.filter(state="waitlisted").update(state="eligible")
    run = suggest_pairs(cycle=cycle, by=None, seed=0)
    for name in ("mentors", "mentees"):
        (tmp_path / f"{name}.csv").write_bytes(sample(f"{slug}-{name}"))
    policy = Path(templates.__file__).parent / f"{TEMPLATES[slug]}.yaml"
    ran = CliRunner().invoke(
        match,
        [
            *("--policy", str(policy), "--starts", cycle.starts_on.isoformat(), "--out", str(tmp_path / "pairs.csv")),
            *("--mentors", str(tmp_path / "mentors.csv"), "--mentees", str(tmp_path / "mentees.csv")),
        ],
    )
    assert ran.exit_code == 0, ran.output
    with (tmp_path / "pairs.csv").open() as file:
        told = {(row["mentee_id"], row["mentor_id"]): int(row["points"]) for row in csv.DictReader(file)}
    assert len(told) > 20
    pairs = run.pairs.select_related("mentee__person", "mentor__person")
    assert {(key_of(p.mentee.person), key_of(p.mentor.person)): p.score for p in pairs} == told
    assert all(sum(each["share"] for each in pair.facts["points"].values()) == pair.score for pair in pairs)
    assert publish(run=run, by=None).state == MatchRun.State.PUBLISHED
    assert Mentorship.objects.filter(cycle=cycle).count() == len(told)


def test_a_stored_draft_can_be_checked_and_explained_again(sierra: Society) -> None:
    run = suggest_pairs(cycle=small_cycle(), by=None)
    solved = solved_of(MatchRun.objects.get(pk=run.pk))
    assert verify(solved.result, solved.problem).value == solved.certificate.value
    assert len(solved.pairs) == run.pairs.count() == 2


def test_a_new_draft_takes_the_place_of_the_old_one_and_knows_what_changed(sierra: Society) -> None:
    cycle, staff = small_cycle(), make_person("Dana", "Whitfield")
    first = suggest_pairs(cycle=cycle, by=staff)
    pair = pair_of(first)
    decide_pair(cycle=cycle, mentee=pair.mentee, mentor=pair.mentor, kind=NEVER, reason="", by=staff)
    second = suggest_pairs(cycle=cycle, by=staff)
    assert [run.state for run in cycle.match_runs.order_by("created_at")] == ["replaced", "draft"]
    assert draft_before(second) == first
    assert new_pairs(second, first).count() == 2, "two and two people: one pair undone changes both"


def test_the_same_people_get_the_same_pairs_however_often_they_are_asked_for(sierra: Society) -> None:
    cycle = small_cycle(mentors=6, mentees=6)
    first = suggest_pairs(cycle=cycle, by=None)
    again = suggest_pairs(cycle=cycle, by=None)
    assert (again.seed, keys(again)) == (first.seed, keys(first)), "all are alike, so a lot is drawn"
    chosen = suggest_pairs(cycle=cycle, by=None, seed=first.seed + 1)
    assert suggest_pairs(cycle=cycle, by=None).seed == chosen.seed


def test_staff_s_word_counts_in_every_later_draft_until_it_is_taken_back(sierra: Society) -> None:
    cycle, staff = small_cycle(), make_person("Dana", "Whitfield")
    first = suggest_pairs(cycle=cycle, by=staff, seed=0)
    pair = pair_of(first)
    never = decide_pair(cycle=cycle, mentee=pair.mentee, mentor=pair.mentor, kind=NEVER, reason="Feud", by=staff)
    second = suggest_pairs(cycle=cycle, by=staff, seed=0)
    assert keys(second).isdisjoint(keys(first))
    decide_pair(cycle=cycle, mentee=pair.mentee, mentor=pair.mentor, kind=KEEP, reason="", by=staff)
    assert PairDecision.objects.count() == 1, "the later word counts"
    assert keys(suggest_pairs(cycle=cycle, by=staff, seed=0)) == keys(first)
    forget_decision(decision=never, by=staff)
    assert not PairDecision.objects.exists()


def test_a_pair_that_may_not_be_is_refused_with_the_reason(sierra: Society) -> None:
    cycle = small_cycle()
    cycle.enrollments.filter(role=Role.MENTOR).update(answers=MENTOR | {"languages": ["French"]})
    mentee, mentor = cycle.enrollments.filter(role=Role.MENTEE)[0], cycle.enrollments.filter(role=Role.MENTOR)[0]
    with pytest.raises(DomainError, match="no common language"):
        decide_pair(cycle=cycle, mentee=mentee, mentor=mentor, kind=KEEP, reason="", by=make_person())
    assert not PairDecision.objects.exists()


def test_no_more_pairs_can_be_kept_than_there_are_places(sierra: Society) -> None:
    cycle, staff = small_cycle(mentors=1), make_person("Dana", "Whitfield")
    first, second = cycle.enrollments.filter(role=Role.MENTEE)
    mentor = cycle.enrollments.get(role=Role.MENTOR)
    for _twice in range(2):
        decide_pair(cycle=cycle, mentee=first, mentor=mentor, kind=KEEP, reason="", by=staff)
    with pytest.raises(DomainError, match="no place left"):
        decide_pair(cycle=cycle, mentee=second, mentor=mentor, kind=KEEP, reason="", by=staff)


def test_a_later_draft_leaves_published_pairs_alone_and_uses_the_places_that_are_left(sierra: Society) -> None:
    cycle = small_cycle(mentors=2, mentees=2, places=2)
    published = publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    before = set(Mentorship.objects.values_list("pk", "state"))
    late = take_part(cycle, Role.MENTEE, "Late")
    later = suggest_pairs(cycle=Cycle.objects.get(pk=cycle.pk), by=None)
    assert [pair.mentee_id for pair in later.pairs.all()] == [late.pk]
    assert draft_before(later) is None
    publish(run=later, by=None)
    assert before < set(Mentorship.objects.values_list("pk", "state"))
    assert keys(published).isdisjoint(keys(later))
    with pytest.raises(DomainError, match="nobody to match"):
        suggest_pairs(cycle=Cycle.objects.get(pk=cycle.pk), by=None)


def test_whoever_declined_is_not_suggested_the_same_person_again(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=1)
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    mentor, _mentee = mentor_and_mentee(Mentorship.objects.get())
    answer_no(participation=mentor)
    again = suggest_pairs(cycle=Cycle.objects.get(pk=cycle.pk), by=None)
    assert keys(again) == set()
    assert [each.forbidden for each in solved_of(again).not_matched()] == [{"asked_before": 1}]


def test_pairs_that_stand_count_against_the_cap(commonwealth: Society) -> None:
    cycle = small_cycle(society="commonwealth", mentors=3, mentees=3)
    document = store_policy(cycle.version.policy)
    for part in document["parts"]:
        part["cap"] = {"pairs": 2}
    type(cycle.version).objects.update(document=document)
    first = suggest_pairs(cycle=Cycle.objects.get(pk=cycle.pk), by=None)
    assert first.pairs.count() == 2
    publish(run=first, by=None)
    assert suggest_pairs(cycle=Cycle.objects.get(pk=cycle.pk), by=None).pairs.count() == 0


def test_what_people_changed_since_the_draft_is_seen(sierra: Society) -> None:
    cycle = small_cycle()
    run = suggest_pairs(cycle=cycle, by=None)
    assert (list(people_changed(run, cycle)), joined_since(run), contradicted(run).count()) == ([], 0, 0)
    changed = pair_of(run).mentor
    type(changed).objects.filter(pk=changed.pk).update(changed_at=clock.now() + timedelta(minutes=1))
    take_part(cycle, Role.MENTEE, "Late")
    assert list(people_changed(run, cycle)) == [changed]
    assert joined_since(run) == 1


def test_sign_up_must_be_closed_and_somebody_there(sierra: Society) -> None:
    with pytest.raises(DomainError, match="once sign-up is closed"):
        suggest_pairs(cycle=make_cycle(), by=None)
    cycle = Cycle.objects.get()
    cycle.state = Cycle.State.MATCHING
    cycle.save()
    with pytest.raises(DomainError, match="nobody to match"):
        suggest_pairs(cycle=cycle, by=None)
