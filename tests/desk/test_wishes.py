"""The desk where people said whom they would like: in points, or by the lists of both sides."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel.errors import DomainError
from matching.council.outlook import _why_not
from matching.explaining.saying import may_be_said
from matching.explaining.why_not import Asked
from matching.models import MatchRun
from matching.on_files.report import of_checked
from matching.on_files.runs import check_run
from matching.publishing.services import publish
from matching.services import decide_pair, suggest_pairs
from matching.showing.rows import first_wishes_of
from matching.snapshots import solved_of
from matching.taking_out import take_out_run
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.services import withdraw
from programs.mentorships.services import answer_yes
from programs.policy.models import Cycle
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.desk.making import KEEP, NEVER
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff
from tests.wishing.making import people, wish, wishing_cycle

INTERESTS = {"shared_interests": 1000}


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def page(client: Client, cycle: Cycle, name: str = "pairs", *args: object, **query: Any) -> str:
    reply = client.get(
        reverse(f"desk:{name}", args=[cycle.pk, *args], urlconf="chiron.urls_society"), query, follow=True
    )
    assert reply.status_code == 200
    return re.sub(r"\s+", " ", reply.content.decode())


def listed_cycle(**more: Any) -> Cycle:
    """Three and three, whose pairs follow the lists of both sides."""
    return wishing_cycle(ranked_by="both", pairs_by="lists", weights=INTERESTS, at_most=3, **more)


def sides(cycle: Cycle) -> tuple[list[Enrollment], list[Enrollment]]:
    return people(cycle, Role.MENTEE), people(cycle, Role.MENTOR)


def pairs(run: MatchRun) -> set[tuple[str, str]]:
    return {(pair.mentee.person.given_name, pair.mentor.person.given_name) for pair in run.pairs.all()}


def test_a_wish_counts_in_points_and_staff_see_it(manager: Client, sierra: Society) -> None:
    cycle = wishing_cycle()
    mentees, mentors = sides(cycle)
    for mentee, first in zip(mentees, reversed(mentors), strict=True):
        wish(mentee, first)
    run = suggest_pairs(cycle=cycle, by=None)
    assert pairs(run) == {("Mentee0", "Mentor2"), ("Mentee1", "Mentor1"), ("Mentee2", "Mentor0")}
    assert first_wishes_of(run) == (3, 3)
    assert [pair.facts["points"]["wished_for"]["share"] for pair in run.pairs.all()] == [500_000] * 3
    solved_of(run).answer.verify()
    draft = page(manager, cycle)
    assert "First wishes met" in draft
    assert "First wish of the mentee" in draft
    why = page(manager, cycle, "pair", run.pairs.all()[0].pk)
    assert "Whom they would like" in why
    assert "first wish of the mentee" in why
    assert "no better set of pairs exists" in draft


def test_without_wishes_nothing_of_them_is_seen(manager: Client, sierra: Society) -> None:
    cycle = wishing_cycle()
    run = suggest_pairs(cycle=cycle, by=None)
    assert "wishes" not in run.snapshot
    draft = page(manager, cycle) + page(manager, cycle, "pair", run.pairs.all()[0].pk)
    assert "First wishes" not in draft
    assert "named" not in draft


def test_pairs_follow_the_lists_of_both_sides(manager: Client, sierra: Society) -> None:
    cycle = listed_cycle()
    (one, two, three), (ada, bea, cat) = sides(cycle)
    wish(one, bea)
    wish(two, bea, cat)
    wish(bea, one)
    wish(three, ada)
    run = suggest_pairs(cycle=cycle, by=None)
    assert pairs(run) == {("Mentee0", "Mentor1"), ("Mentee1", "Mentor2"), ("Mentee2", "Mentor0")}
    assert run.by_lists
    assert {pair.margin for pair in run.pairs.all()} == {None}
    again = suggest_pairs(cycle=cycle, by=None)
    assert (pairs(again), again.result) == (pairs(run), run.result), "the same people and wishes give the same pairs"
    solved_of(again).answer.verify()
    draft = page(manager, cycle)
    assert "checked: no two would both rather have each other" in draft
    assert "How these pairs came about" in draft
    assert "Wished by both: the mentee’s first, the mentor’s first" in draft
    assert "no better set of pairs" not in draft
    assert "by the lists" in draft
    assert "what matters decides only among those whom nobody named" in page(manager, cycle, "weights")
    assert "pairs follow the lists" in _why_not(cycle)


def test_why_not_is_true_and_what_may_be_said_names_nobodys_wish(manager: Client, sierra: Society) -> None:
    cycle = listed_cycle()
    mentees, mentors = sides(cycle)
    (one, two, _three), (ada, bea, cat) = mentees, mentors
    wish(one, bea)
    wish(two, bea, cat)
    wish(bea, one)
    run = suggest_pairs(cycle=cycle, by=None)
    answers = {
        (mentee.pk, mentor.pk): Asked(run, str(mentee.pk), str(mentor.pk)).answer()
        for mentee, mentor in product(mentees, mentors)
    }
    rather = answers[two.pk, bea.pk]
    assert rather.sentence == (
        f"Everybody whom {bea.person.name} has, they would rather have than {two.person.name}, by their list and then "
        "by points. Of these two: first wish of the mentee."
    )
    assert rather.can_be_kept
    assert "has somebody whom they would rather have" in answers[one.pk, ada.pk].sentence
    assert answers[one.pk, bea.pk].sentence.startswith("They are a pair in this draft.")
    said = {may_be_said(run, *pair).to_mentee for pair in product(mentees, mentors)}
    assert len(said) == 1
    assert not any(word in str(said) for word in ("Mentor", "Mentee", "wish", "named"))
    shown = page(manager, cycle, "why_not", mentee=two.pk, mentor=bea.pk)
    assert "first wish of the mentee" in shown
    tried = page(manager, cycle, "try_it", mentee=two.pk, mentor=bea.pk)
    assert f"If {two.person.name} and" in tried
    assert ">new<" in tried


def test_keep_never_and_suggest_again_work_beside_lists(manager: Client, sierra: Society) -> None:
    cycle = listed_cycle()
    (one, two, _three), (_ada, bea, _cat) = sides(cycle)
    wish(one, bea)
    wish(bea, one)
    by = make_person("Lee")
    decide_pair(cycle=cycle, mentee=two, mentor=bea, kind=KEEP, reason="", by=by)
    kept = suggest_pairs(cycle=cycle, by=None)
    assert ("Mentee1", "Mentor1") in pairs(kept)
    solved_of(kept).answer.verify()
    assert (
        "There is no place left beside the pairs that you keep."
        in Asked(kept, str(one.pk), str(bea.pk)).answer().sentence
    )
    decide_pair(cycle=cycle, mentee=two, mentor=bea, kind=NEVER, reason="", by=by)
    never = suggest_pairs(cycle=cycle, by=None)
    assert ("Mentee0", "Mentor1") in pairs(never)
    assert "staff ruled this pair out" in Asked(never, str(two.pk), str(bea.pk)).answer().sentence
    assert "Who had whom before" in page(manager, cycle)
    assert page(manager, cycle, "fair", never.pk)
    assert page(manager, cycle, "swap", never.pairs.all()[0].pk)


def test_a_run_by_lists_is_checked_by_its_file_and_a_changed_wish_is_seen(sierra: Society) -> None:
    cycle = listed_cycle()
    mentees, mentors = sides(cycle)
    wish(mentees[0], mentors[1])
    wish(mentees[1], mentors[1], mentors[2])
    wish(mentors[1], mentees[0])
    run = suggest_pairs(cycle=cycle, by=None)
    data = json.loads(take_out_run(run=run, by=make_person("Lee")))
    text = json.dumps(data)
    assert not any(each.person.given_name in text for each in (*mentees, *mentors))
    checked = check_run(data)
    assert (checked.looked_at, checked.figures["pairs"]) == (9, 3)
    assert "checked: no two people would both rather have each other" in of_checked(checked)
    lists = data["lists"]
    other = data | {"lists": lists | {"pairs": [[0, 0], [1, 1], [2, 2]]}}
    with pytest.raises(DomainError, match="would rather have each other"):
        check_run(other)
    for broken in ({"by_mentee": [[0, 7, 1]]}, {"pairs": [[0, 0], [0, 1]]}, {"by_mentor": [["a", 1, 1]]}):
        with pytest.raises(DomainError):
            check_run(data | {"lists": lists | broken})
    with pytest.raises(DomainError, match="fingerprint"):
        check_run(data | {"lists": lists | {"by_mentee": [*lists["by_mentee"], [2, 0, 3]]}})


def test_a_draft_says_when_wishes_changed_or_can_still_change(manager: Client, sierra: Society) -> None:
    cycle = wishing_cycle()
    (one, *_rest), (ada, bea, *_others) = sides(cycle)
    wish(one, ada)
    suggest_pairs(cycle=cycle, by=None)
    changed = "Somebody has changed whom they would like since this draft."
    draft = page(manager, cycle)
    assert changed not in draft
    assert "People can say whom they would like until the end of" in draft
    wish(one, bea)
    assert changed in page(manager, cycle)
    suggest_pairs(cycle=cycle, by=None)
    withdraw(enrollment=bea, by=bea.person)
    assert changed in page(manager, cycle)


@pytest.mark.parametrize("by_lists", [False, True])
def test_no_mail_tells_what_the_other_said(sierra: Society, by_lists: bool) -> None:
    cycle = listed_cycle(mentors=1, mentees=1) if by_lists else wishing_cycle(mentors=1, mentees=1, ranked_by="both")
    (mentee,), (mentor,) = sides(cycle)
    wish(mentee, mentor)
    run = suggest_pairs(cycle=cycle, by=None)
    publish(run=run, by=None)
    mentorship = run.pairs.select_related("mentorship").get().mentorship
    assert mentorship is not None
    for role in (Role.MENTOR, Role.MENTEE):
        answer_yes(participation=mentorship.participations.get(role=role))
    to_mentor = " ".join(mail.text for mail in OutboxMail.objects.filter(recipient=mentor.person.email))
    to_mentee = " ".join(mail.text for mail in OutboxMail.objects.filter(recipient=mentee.person.email))
    assert "is one of those whom you would like" in to_mentee
    assert not any(words in to_mentor for words in ("you would like", "wish", "named"))
