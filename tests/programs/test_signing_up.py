"""Signing up, deciding and leaving: what the services leave behind, and what they refuse."""

from __future__ import annotations

import pytest

from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.enrollment.services import apply_rules_everywhere, decide_by_hand, sign_up, withdraw
from programs.policy.models import Cycle
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.people.models import Person
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import make_staff


def mentor(cycle: Cycle, person: Person | None = None, **answers: object) -> Enrollment:
    """A sign-up of a mentor, whose membership the rules ask for."""
    person = person or make_person()
    return sign_up(cycle=cycle, person=person, role="mentor", answers={"stage": "mid career", **answers}, by=person)


@pytest.mark.parametrize(("status", "state"), [("active", "eligible"), ("student", "not_eligible"), (None, "to_check")])
def test_the_rules_decide_at_once_and_leave_their_reasons(sierra: Society, status: str | None, state: str) -> None:
    enrollment = mentor(make_cycle(), **({"membership_status": status} if status else {}))
    assert enrollment.state == state
    assert [reason["fact"] for reason in enrollment.decision["reasons"]] == ["membership.status"]


def test_signing_up_twice_changes_the_answers_of_one_sign_up(sierra: Society) -> None:
    cycle = make_cycle()
    first = mentor(cycle)
    second = mentor(cycle, first.person, membership_status="active")
    assert (second.pk, second.state, Enrollment.objects.count()) == (first.pk, "eligible", 1)


@pytest.mark.parametrize("state", ["draft", "running", "closing", "closed"])
def test_a_session_that_is_not_open_takes_nobody(sierra: Society, state: str) -> None:
    cycle = make_cycle()
    cycle.state = state
    with pytest.raises(DomainError, match="is finished" if state == "closed" else "is not open"):
        mentor(cycle)
    assert not Enrollment.objects.exists()


def test_a_program_that_rolls_takes_people_while_it_runs(northstar: Society) -> None:
    cycle = make_cycle("northstar")
    cycle.state = "running"
    assert mentor(cycle, attests=True).state == "applied", "and staff look at each"


def test_facts_that_become_known_settle_what_was_open(sierra: Society) -> None:
    open_one = mentor(make_cycle())
    person = open_one.person
    person.roster, person.on_roster_since = {"membership_status": "active"}, open_one.signed_up_at
    person.save()
    assert apply_rules_everywhere() == 1
    assert apply_rules_everywhere() == 0
    open_one.refresh_from_db()
    assert open_one.state == "eligible"


@pytest.mark.parametrize(("accept", "state"), [(True, "eligible"), (False, "not_eligible")])
def test_what_staff_decided_stands_whatever_becomes_known(sierra: Society, accept: bool, state: str) -> None:
    enrollment, staff = mentor(make_cycle()), make_staff()
    decided = decide_by_hand(enrollment=enrollment, accept=accept, reason=" Known to the dean ", by=staff)
    person = enrollment.person
    person.roster, person.on_roster_since = {"membership_status": "retired"}, enrollment.signed_up_at
    person.save()
    apply_rules_everywhere()
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.decided_by, enrollment.decided_at) == (state, staff, decided.decided_at)
    assert enrollment.decision["by_hand"] == {"accept": accept, "reason": "Known to the dean"}
    assert enrollment.decision["answer"] == "yes", "the rules' own answer is still told"
    assert Entry.objects.filter(verb="sign_up.decided_by_hand").count() == 1


def test_nothing_is_decided_without_a_reason_or_after_a_match(sierra: Society) -> None:
    enrollment, staff = mentor(make_cycle()), make_staff()
    with pytest.raises(DomainError, match="Write down why"):
        decide_by_hand(enrollment=enrollment, accept=True, reason="  ", by=staff)
    Enrollment.objects.update(state="matched")
    with pytest.raises(DomainError, match="there is nothing to decide"):
        decide_by_hand(enrollment=enrollment, accept=True, reason="Why not", by=staff)
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.decided_by) == ("matched", None)


def test_coming_again_after_leaving_begins_anew(sierra: Society) -> None:
    enrollment = mentor(make_cycle())
    decide_by_hand(enrollment=enrollment, accept=False, reason="Not this year", by=make_staff())
    for _twice in range(2):
        assert withdraw(enrollment=enrollment, by=enrollment.person).state == "withdrawn"
    assert Entry.objects.filter(verb="sign_up.withdrawn").count() == 1
    again = mentor(enrollment.cycle, enrollment.person, membership_status="active")
    assert (again.pk, again.state, again.decided_by) == (enrollment.pk, "eligible", None)
    assert "by_hand" not in again.decision


def test_nobody_slips_away_after_a_match(sierra: Society) -> None:
    enrollment = mentor(make_cycle())
    Enrollment.objects.update(state="matched")
    with pytest.raises(DomainError, match="You have been matched"):
        withdraw(enrollment=enrollment, by=enrollment.person)
