"""The waiting list: who waits, in which order and why, and who moves up when a place comes free."""

from __future__ import annotations

import pytest

from chiron.kernel.errors import DomainError
from programs.enrollment import waiting
from programs.enrollment.adopting import adopt_settings
from programs.enrollment.models import Enrollment, Lot
from programs.enrollment.services import apply_rules_again, decide_by_hand, sign_up, withdraw
from programs.policy.document import Policy
from programs.policy.models import Cycle
from programs.policy.services import publish_version
from tenants import context
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.desk.test_publishing import together
from tests.enrollment.making import capped, mentee, mentees, set_cap, states, with_cap
from tests.factories.programs import bring_samples, make_cycle, make_person
from tests.factories.staff import browser_of, make_staff


def queue(cycle: Cycle, role: str = "mentee") -> list[str]:
    return [each.person.given_name for each in waiting.in_order(cycle, role)]


def mails() -> list[tuple[str, str]]:
    return list(OutboxMail.objects.order_by("id").values_list("template", "recipient"))


def test_over_the_limit_people_wait_by_the_date_of_sign_up(sierra: Society) -> None:
    cycle = capped(2)
    mentees(cycle, "Ada", "Bo")
    late = mentee(cycle, "Cy", after=9)
    early = mentee(cycle, "Di", after=5)
    assert states(cycle) == {"Ada": "eligible", "Bo": "eligible", "Cy": "waitlisted", "Di": "waitlisted"}
    assert (late.state, early.state) == ("waitlisted", "waitlisted")
    assert queue(cycle) == ["Di", "Cy"]
    standing = waiting.standing_of(late)
    assert standing is not None
    assert (standing.number, standing.of, standing.most, standing.lot) == (2, 2, 2, None)
    assert waiting.standing_of(cycle.enrollments.get(person__given_name="Ada")) is None
    assert mails() == [], "whoever signs up sees it on the page"


def test_each_role_has_its_own_places(sierra: Society) -> None:
    cycle = capped(1)
    mentees(cycle, "Ada", "Bo")
    answers = {"stage": "mid career", "membership_status": "active"}
    mentor = sign_up(cycle=cycle, person=make_person("Cy"), role="mentor", answers=answers, by=None)
    assert mentor.state == "eligible"
    assert (queue(cycle), queue(cycle, "mentor")) == (["Bo"], [])


def test_who_waits_does_not_know_it_when_nothing_is_limited(sierra: Society) -> None:
    cycle = capped(None)
    mentees(cycle, "Ada", "Bo")
    assert set(states(cycle).values()) == {"eligible"}


def test_a_withdrawal_moves_the_first_up_and_writes_to_them_alone(sierra: Society) -> None:
    cycle = capped(1)
    ada, _bo, _cy = mentees(cycle, "Ada", "Bo", "Cy")
    for _twice in range(2):
        withdraw(enrollment=ada, by=ada.person)
    assert states(cycle) == {"Ada": "withdrawn", "Bo": "eligible", "Cy": "waitlisted"}
    assert mails() == [("waiting_list_place", "bo.rivera@example.org")]
    assert Entry.objects.filter(verb="sign_up.moved_up").count() == 1
    again = mentee(cycle, "Ada", person=ada.person, after=99)
    assert again.state == "waitlisted"
    assert queue(cycle) == ["Cy", "Ada"], "who comes back stands behind those who waited meanwhile"


@pytest.mark.parametrize("turned_away", ["by staff", "by the rules"])
def test_who_cannot_take_part_leaves_their_place_to_the_next(sierra: Society, turned_away: str) -> None:
    cycle = capped(1)
    ada, _bo = mentees(cycle, "Ada", "Bo")
    if turned_away == "by staff":
        decide_by_hand(enrollment=ada, accept=False, reason="Moved away", by=make_staff())
    else:
        Enrollment.objects.filter(pk=ada.pk).update(answers={"stage": "late career"})
        assert apply_rules_again(cycle=cycle) == 1
    assert states(cycle) == {"Ada": "not_eligible", "Bo": "eligible"}
    assert mails() == [("waiting_list_place", "bo.rivera@example.org")]


def test_the_rules_still_decide_about_who_waits(sierra: Society) -> None:
    cycle = capped(1)
    _ada, bo = mentees(cycle, "Ada", "Bo")
    Enrollment.objects.filter(pk=bo.pk).update(answers={"stage": "late career"})
    apply_rules_again(cycle=cycle)
    assert states(cycle)["Bo"] == "not_eligible"


def test_a_yes_of_staff_is_no_place(sierra: Society) -> None:
    cycle = capped(1)
    mentees(cycle, "Ada")
    person = make_person("Bo")
    bo = sign_up(cycle=cycle, person=person, role="mentee", answers={"stage": "late career"}, by=person)
    assert bo.state == "not_eligible"
    assert decide_by_hand(enrollment=bo, accept=True, reason="A guest", by=make_staff()).state == "waitlisted"
    withdraw(enrollment=cycle.enrollments.get(person__given_name="Ada"), by=person)
    assert states(cycle)["Bo"] == "eligible"


@pytest.mark.parametrize(("pairs", "moved"), [(2, ["bo.rivera"]), (None, ["bo.rivera", "cy.rivera"]), (1, [])])
def test_newer_settings_with_more_places_move_people_up(sierra: Society, pairs: int | None, moved: list[str]) -> None:
    cycle = capped(1)
    mentees(cycle, "Ada", "Bo", "Cy")
    policy = Policy.model_validate(with_cap(cycle, pairs) | {"purpose": "Something else."})
    adopt_settings(cycle=cycle, version=publish_version(program=cycle.program, policy=policy, by=None), by=None)
    assert [to.partition("@")[0] for _template, to in mails()] == moved
    assert states(cycle)["Ada"] == "eligible"


def test_fewer_places_take_none_away(sierra: Society) -> None:
    cycle = capped(3)
    mentees(cycle, "Ada", "Bo", "Cy")
    set_cap(cycle, 1)
    cycle = Cycle.objects.get(pk=cycle.pk)
    apply_rules_again(cycle=cycle)
    assert set(states(cycle).values()) == {"eligible"}
    mentee(cycle, "Di")
    withdraw(enrollment=cycle.enrollments.get(person__given_name="Ada"), by=make_staff())
    assert states(cycle)["Di"] == "waitlisted", "two have a place where one would"


def test_staff_move_somebody_up_with_a_reason_and_nobody_loses_their_place(sierra: Society) -> None:
    cycle, staff = capped(1), make_staff()
    _ada, _bo, cy = mentees(cycle, "Ada", "Bo", "Cy")
    with pytest.raises(DomainError, match="Write down why"):
        waiting.move_up(enrollment=cy, reason=" ", by=staff)
    waiting.move_up(enrollment=cy, reason="Leaves the state in May", by=staff)
    assert states(cycle) == {"Ada": "eligible", "Bo": "waitlisted", "Cy": "eligible"}
    cy.refresh_from_db()
    assert cy.decision["moved_up"]["reason"] == "Leaves the state in May"
    entry = Entry.objects.get(verb="sign_up.moved_up")
    assert (entry.actor_id, entry.subject_id) == (staff.pk, str(cy.pk))
    assert mails() == [("waiting_list_place", cy.person.email)]
    with pytest.raises(DomainError, match="does not wait on the list any more"):
        waiting.move_up(enrollment=cy, reason="Once more", by=staff)


def test_a_lot_is_drawn_once_and_stays_whoever_comes_later(sierra: Society) -> None:
    cycle = capped(1, order="lot")
    mentees(cycle, "Ada")
    assert not Lot.objects.exists(), "nobody waits, so nothing is drawn"
    mentees(cycle, *"BCDEFGH")
    lot, first = Lot.objects.get(), queue(cycle)
    assert first != sorted(first), "seven in the order of sign-up would be one chance in five thousand"
    mentees(cycle, *"IJKLM")
    assert [name for name in queue(cycle) if name in first] == first
    assert Lot.objects.get() == lot
    assert Entry.objects.filter(verb="waiting_list.drawn").count() == 1
    next_one = queue(cycle)[0]
    withdraw(enrollment=cycle.enrollments.get(person__given_name="Ada"), by=make_staff())
    assert states(cycle)[next_one] == "eligible"


def test_a_lot_is_never_drawn_again_in_silence(sierra: Society) -> None:
    cycle, staff = capped(1, order="lot"), make_staff()
    with pytest.raises(DomainError, match="No lot has been drawn"):
        waiting.draw_again(cycle=cycle, reason="A mistake", by=staff)
    mentees(cycle, *"ABCDEF")
    with pytest.raises(DomainError, match="Everybody who waits reads it"):
        waiting.draw_again(cycle=cycle, reason="", by=staff)
    lot = waiting.draw_again(cycle=cycle, reason="The first one was drawn before sign-up closed.", by=staff)
    assert waiting.lot_of(cycle) == lot
    assert Lot.objects.count() == 2, "the first one stays to be read"
    told = {to: OutboxMail.objects.get(recipient=to).text for template, to in mails()}
    assert {template for template, _to in mails()} == {"waiting_list_drawn"}
    for number, name in enumerate(queue(cycle), 1):
        text = told[f"{name.lower()}.rivera@example.org"]
        assert f"you are number {number} now" in " ".join(text.split())
        assert "before sign-up closed" in text


def test_the_order_knows_nothing_of_who_people_are(sierra: Society) -> None:
    """The same sign-ups with other people, answers and focus come out in the same order."""
    cycle = capped(1, order="lot")
    mentees(cycle, *"ABCDEFGH")
    before = queue(cycle)
    for enrollment in cycle.enrollments.filter(state="waitlisted"):
        traits = {"gender": enrollment.person.given_name, "heritage": "Hmong", "extra": {"underrepresented": True}}
        Enrollment.objects.filter(pk=enrollment.pk).update(answers=enrollment.answers | traits)
    assert queue(cycle) == before


def test_a_program_may_refuse_who_comes_too_late(sierra: Society) -> None:
    cycle = capped(1, beyond="refuse")
    ada = mentee(cycle, "Ada")
    with pytest.raises(DomainError, match=r"The only place for this role \(Mentee\) is taken"):
        mentee(cycle, "Bo")
    assert states(cycle) == {"Ada": "eligible"}
    assert mentee(cycle, "Ada", person=ada.person).state == "eligible", "one's own answers can still be changed"
    brought = sign_up(cycle=cycle, person=make_person("Cy"), role="mentee", answers={"stage": "resident"}, by=None)
    assert brought.state == "waitlisted", "whom staff bring are theirs to decide about"


def test_a_sheet_goes_through_the_list_in_the_order_of_its_dates_and_nobody_is_written_to(
    commonwealth: Society,
) -> None:
    cycle = make_cycle("commonwealth")
    bring_samples("commonwealth", cycle)
    most = waiting.most(cycle)
    assert most == 24
    for role in ("mentor", "mentee"):
        mine = cycle.enrollments.filter(role=role)
        placed = mine.filter(state="eligible")
        assert placed.count() == most
        last = placed.latest("signed_up_at").signed_up_at
        queue = waiting.in_order(cycle, role)
        assert queue
        assert all(each.signed_up_at >= last and each.waiting_since for each in queue)
    assert mails() == []
    withdraw(enrollment=placed[0], by=make_staff())
    assert mails() == [], "whom a sheet brought, and who never came, is not written to unasked"
    assert placed.count() == most


def test_drawing_again_writes_to_nobody_whom_a_sheet_brought_and_who_never_came(commonwealth: Society) -> None:
    cycle = make_cycle("commonwealth")
    set_cap(cycle, 20, order="lot")
    cycle = Cycle.objects.get(pk=cycle.pk)
    bring_samples("commonwealth", cycle)
    bo = waiting.in_order(cycle, "mentee")[0]
    browser_of(bo.person, commonwealth)
    assert waiting.to_be_told(cycle).get() == bo
    waiting.draw_again(cycle=cycle, reason="The first one was drawn too early.", by=make_staff())
    assert mails() == [("waiting_list_drawn", bo.person.email)]


@pytest.mark.django_db(transaction=True)
def test_one_place_is_given_once_to_two_who_sign_up_at_the_same_moment(societies: dict[str, Society]) -> None:
    sierra = societies["sierra"]
    with context.society(sierra):
        cycle = capped(1)
        people = [make_person(name) for name in ("Ada", "Bo", "Cy")]
    assert together(3, lambda number: mentee(cycle, "", person=people[number]), sierra) == [None] * 3
    with context.society(sierra):
        assert sorted(states(cycle).values()) == ["eligible", "waitlisted", "waitlisted"]


@pytest.mark.django_db(transaction=True)
def test_two_who_leave_at_the_same_moment_move_two_up(societies: dict[str, Society]) -> None:
    sierra = societies["sierra"]
    with context.society(sierra):
        cycle = capped(2)
        ada, bo, _cy, _di = mentees(cycle, "Ada", "Bo", "Cy", "Di")
    leaving = [ada, bo]
    assert together(2, lambda number: withdraw(enrollment=leaving[number], by=ada.person), sierra) == [None] * 2
    with context.society(sierra):
        assert states(cycle) == {"Ada": "withdrawn", "Bo": "withdrawn", "Cy": "eligible", "Di": "eligible"}
        assert len(mails()) == 2
