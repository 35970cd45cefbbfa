"""Staff fill in a sign-up for somebody on the phone; it counts nowhere before that person's own yes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.enrollment.signing_up import start_sign_up
from programs.invitations import spoken
from programs.invitations.links import spoken_link
from programs.invitations.models import SpokenSignUp
from programs.policy.models import Cycle
from programs.surveys.models import Response
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person, StaffRole
from tests.factories.staff import browser_of, make_staff
from tests.invitations.making import IDA, member, open_cycle, path_of, visitor_of
from tests.programs.answering import ANSWERS, MENTOR, MOST_QUESTIONS, ticked

FACTS = {"stage": "retired", "training_completed_on": "06/1980", "member": "retired"}


@pytest.fixture
def cycle(commonwealth: Society) -> Cycle:
    return open_cycle()


@pytest.fixture
def support(cycle: Cycle, commonwealth: Society) -> Client:
    return browser_of(make_staff(kind=StaffRole.Kind.SUPPORT, given="Curtis"), commonwealth)


def fill_in_by_pages(support: Client, cycle: Cycle) -> SpokenSignUp:
    """Everything up to the last question, as staff do it on their pages; what may stay empty stays empty."""
    where = reverse("by_phone:start", args=[cycle.pk])
    reply = support.post(where, {"role": "mentor", **IDA, **FACTS})
    assert reply.status_code == 302, reply.content.decode()
    found = SpokenSignUp.objects.select_related("cycle__version", "person").latest("created_at")
    for _question in range(MOST_QUESTIONS):
        question = spoken.draft(found).next
        if question is None:
            return found
        page = reverse("by_phone:question", args=[found.pk, question.ask])
        assert support.get(page).status_code == 200
        reply = support.post(page, {**ANSWERS, **MENTOR})
        assert reply.status_code == 302, reply.context["form"].errors
    raise AssertionError("The questions do not end.")


def filled_in(cycle: Cycle, role: str = "mentor") -> SpokenSignUp:
    """The same without pages."""
    by = make_staff(given="Nell")
    found = spoken.start(cycle=cycle, role=role, person=None, **IDA, facts={"stage": "retired"}, by=by)
    while question := spoken.draft(found).next:
        form = spoken.draft(found).form(question, {**ANSWERS, **MENTOR})
        assert form.is_valid(), form.errors
        spoken.fill_in(spoken=found, question=question, said=form.answers(), by=by)
    return found


def asked(cycle: Cycle) -> SpokenSignUp:
    """Filled in, and the mail written."""
    return spoken.ask_for_yes(spoken=filled_in(cycle), by=Person.objects.get(given_name="Nell"))


def test_nothing_counts_before_the_persons_own_yes(cycle: Cycle, support: Client, commonwealth: Society) -> None:
    found = fill_in_by_pages(support, cycle)
    support.post(reverse("by_phone:look", args=[found.pk]))
    [mail] = OutboxMail.objects.all()
    assert (mail.template, mail.recipient) == ("spoken_sign_up", "ida@example.org")
    assert not Enrollment.objects.exists()
    assert "Waits for their yes" in support.get(reverse("by_phone:start", args=[cycle.pk])).content.decode()
    visitor, page = visitor_of(commonwealth), path_of(spoken_link(found), commonwealth)
    shown = visitor.get(page).content.decode()
    assert "Ida Nilsen, is this right?" in shown
    assert "English" in shown
    assert "Are you a member of the society?" in shown, "what decides is said back too"
    assert "Yes, as a retired member" in shown
    assert not Enrollment.objects.exists(), "opening it changes nothing"
    assert visitor.post(page, {"answer": "yes"}).status_code == 422, "nothing is agreed to for anybody"
    assert not Enrollment.objects.exists()
    for _twice in range(2):
        told = visitor.post(page, {"answer": "yes", **ticked(shown)}, follow=True).content.decode()
        assert "You have signed up" in told
    enrollment = Enrollment.objects.get()
    assert (enrollment.person.email, enrollment.role) == ("ida@example.org", "mentor")
    assert [each.name for each in enrollment.person.agreed.all()] == ["conduct", "time_commitment"]
    assert "_auth_user_id" not in visitor.session, "the link signs nobody in"
    assert Entry.objects.filter(verb="spoken_sign_up.confirmed", actor_id=enrollment.person_id).count() == 1
    assert "They said yes" in support.get(reverse("by_phone:look", args=[found.pk])).content.decode()


def test_a_no_forgets_what_was_filled_in(cycle: Cycle, support: Client, commonwealth: Society) -> None:
    found = asked(cycle)
    visitor, page = visitor_of(commonwealth), path_of(spoken_link(found), commonwealth)
    for _twice in range(2):
        assert "We have forgotten it" in visitor.post(page, {"answer": "no"}).content.decode()
    assert (Response.objects.count(), Enrollment.objects.count()) == (0, 0)
    assert "They said no" in support.get(reverse("by_phone:look", args=[found.pk])).content.decode()


def test_who_somebody_is_and_what_others_read_is_not_asked_over_the_phone(cycle: Cycle, support: Client) -> None:
    found = filled_in(cycle)
    theirs = [question for question in spoken.draft(found).questions if spoken.is_theirs(question)]
    assert len(theirs) >= 2
    for question in theirs:
        page = reverse("by_phone:question", args=[found.pk, question.ask])
        assert support.get(page).status_code == 302
        with pytest.raises(DomainError, match="theirs to answer"):
            spoken.fill_in(spoken=found, question=question, said={}, by=make_staff(given=question.ask))
    assert "theirs to add" in support.get(reverse("by_phone:look", args=[found.pk])).content.decode()


def test_what_they_add_themselves_meanwhile_is_read_by_nobody_else(
    cycle: Cycle, support: Client, commonwealth: Society
) -> None:
    """The link may have been passed on, and staff are told what was said to them and no more."""
    found = asked(cycle)
    response = spoken.draft(found).response
    for question in filter(spoken.is_theirs, spoken.draft(found).questions):
        planted = {blank.name: f"planted {blank.name}" for blank in question.blanks if "text" in blank.kind}
        response.answers[question.ask] = planted
    response.save()
    lines = [line for line in spoken.draft(found).lines() if "planted" in line.answer]
    assert len(lines) >= 2
    page = visitor_of(commonwealth).get(path_of(spoken_link(found), commonwealth)).content.decode()
    assert "English" in page
    assert "planted" not in page
    assert "planted" not in support.get(reverse("by_phone:look", args=[found.pk])).content.decode()


def test_what_somebody_has_begun_themselves_is_not_shown_to_staff(cycle: Cycle, support: Client) -> None:
    okafor = member("Bo")
    start_sign_up(person=okafor, cycle=cycle, role="mentor", facts={"stage": "early career"})
    where = reverse("by_phone:start", args=[cycle.pk])
    told = support.post(f"{where}?person={okafor.pk}", {"role": "mentor", "given_name": "Bo", **FACTS})
    assert "has begun to sign up by themselves" in told.content.decode()
    assert not SpokenSignUp.objects.exists()


def test_a_member_is_picked_from_the_list_and_needs_an_address(cycle: Cycle, support: Client) -> None:
    okafor = member("Bo")
    Person.objects.filter(pk=okafor.pk).update(email="")
    where = reverse("by_phone:start", args=[cycle.pk])
    assert f"?person={okafor.pk}" in support.get(where, {"q": "Okafor"}).content.decode()
    shown = support.get(where, {"person": okafor.pk}).content.decode()
    assert 'value="Okafor"' in shown
    form = {"role": "mentor", "given_name": "Bo", "family_name": "Okafor", **FACTS}
    assert "This needs an answer" in support.post(f"{where}?person={okafor.pk}", form).content.decode()
    assert support.post(f"{where}?person={okafor.pk}", form | {"email": "bo@example.org"}).status_code == 302
    assert SpokenSignUp.objects.get().person == okafor


def test_nothing_is_asked_of_them_while_a_question_is_open(cycle: Cycle, support: Client) -> None:
    where = reverse("by_phone:start", args=[cycle.pk])
    support.post(where, {"role": "mentor", **IDA, **FACTS})
    found = SpokenSignUp.objects.get()
    told = support.post(reverse("by_phone:look", args=[found.pk]), follow=True).content.decode()
    assert "There is still a question open" in told
    assert not OutboxMail.objects.exists()


def test_staff_let_it_be_and_the_link_leads_nowhere(cycle: Cycle, support: Client, commonwealth: Society) -> None:
    found = asked(cycle)
    page = path_of(spoken_link(found), commonwealth)
    support.post(reverse("by_phone:take_away", args=[found.pk]))
    assert visitor_of(commonwealth).get(page).status_code == 404
    assert not Response.objects.exists()


def test_whoever_signed_up_themselves_meanwhile_stays_as_they_are(
    cycle: Cycle, support: Client, commonwealth: Society
) -> None:
    found = asked(cycle)
    Enrollment.objects.create(
        cycle=cycle, person=found.person, role="mentor", state="eligible", answers={"stage": "retired"},
        signed_up_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    visitor, page = visitor_of(commonwealth), path_of(spoken_link(found), commonwealth)
    shown = visitor.get(page).content.decode()
    visitor.post(page, {"answer": "yes", **ticked(shown)})
    assert Enrollment.objects.get().answers == {"stage": "retired"}
    told = support.post(reverse("by_phone:start", args=[cycle.pk]), {"role": "mentor", **IDA, **FACTS})
    assert "has signed up already" in told.content.decode()
