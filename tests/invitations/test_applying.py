"""Where people apply, a yes by the rules waits for staff, who read each sign-up; the person hears of it by mail."""

from __future__ import annotations

import pytest
from django.urls import reverse

from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.models import Enrollment
from programs.enrollment.selectors import to_check
from programs.enrollment.services import apply_rules_again, decide_by_hand, sign_up
from programs.policy.models import Cycle
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.factories.programs import bring_samples, make_cycle, make_person
from tests.factories.staff import browser_of, make_staff


def applied(cycle: Cycle) -> Enrollment:
    person = make_person()
    return sign_up(cycle=cycle, person=person, role="mentee", answers={"stage": "pre-med", "attests": True}, by=person)


def test_whoever_applies_waits_for_staff_and_reads_so(northstar: Society) -> None:
    enrollment = applied(make_cycle("northstar"))
    assert (enrollment.state, enrollment.decision["answer"]) == ("applied", "yes")
    assert list(to_check(Cycle.objects.all())) == [enrollment]
    agree(enrollment=enrollment, agreed=owed_for(enrollment).agreements)
    page = reverse("enrollment:signed_up", args=[enrollment.cycle_id, "mentee"])
    assert "reads each of them and decides" in browser_of(enrollment.person, northstar).get(page).content.decode()
    assert "you read it and decide" in browser_of(make_staff(), northstar).get("/staff/").content.decode()


@pytest.mark.parametrize(("accept", "state", "says"), [(True, "eligible", "glad"), (False, "not_eligible", "not this")])
def test_staff_decide_and_the_person_hears_of_it(northstar: Society, accept: bool, state: str, says: str) -> None:
    enrollment = applied(make_cycle("northstar"))
    decide_by_hand(enrollment=enrollment, accept=accept, reason="Read it", by=make_staff())
    [mail] = OutboxMail.objects.filter(template="sign_up_decided")
    assert (mail.recipient, "Read it" in mail.text) == (enrollment.person.email, False)
    assert says in (mail.subject + mail.text)
    apply_rules_again(cycle=enrollment.cycle)
    enrollment.refresh_from_db()
    assert enrollment.state == state


def test_whom_a_sheet_of_staff_brought_was_chosen_already(northstar: Society) -> None:
    cycle = make_cycle("northstar")
    bring_samples("northstar", cycle)
    assert cycle.enrollments.filter(state="eligible").count() > 50
    assert not cycle.enrollments.filter(state="applied").exists()


def test_where_anybody_may_sign_up_nobody_waits_or_is_written_to(sierra: Society) -> None:
    person = make_person()
    enrollment = sign_up(
        cycle=make_cycle(), person=person, role="mentor", answers={"membership_status": "active"}, by=person
    )
    assert enrollment.state == "eligible"
    decide_by_hand(enrollment=enrollment, accept=False, reason="Asked to wait", by=make_staff())
    assert not OutboxMail.objects.exists()
