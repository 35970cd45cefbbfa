"""An invitation: written, entered without a code, taken back; and what a link that was passed on does not open."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.enrollment.services import sign_up
from programs.enrollment.signing_up import start_sign_up
from programs.invitations import services, visits
from programs.invitations.due import end_visit
from programs.invitations.models import Invitation, OptOut
from programs.invitations.selectors import fates_of
from programs.policy.models import Cycle
from tenants import context
from tenants.accounts.models import Account
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person, StaffRole
from tests.factories.staff import browser_of, make_staff
from tests.invitations.making import IDA, invited, member, open_cycle, page_of, path_of, visitor_of


@pytest.fixture
def cycle(commonwealth: Society) -> Cycle:
    return open_cycle()


def first_page(cycle: Cycle, role: str = "mentor") -> str:
    return reverse("enrollment:who", args=[cycle.pk, role])


def signed_in(client: Client) -> str:
    """The address of whoever is signed in."""
    account = Account.objects.filter(pk=client.session.get(SESSION_KEY)).first()
    return account.email if account else ""


def fate(cycle: Cycle) -> str:
    """What came of the one invitation."""
    [each] = fates_of(cycle.invitations.all())
    return each


def test_the_mail_says_what_it_is_about_and_how_to_get_no_more(cycle: Cycle, commonwealth: Society) -> None:
    invitation = invited(cycle, words="Your talk on retirement made us think of you.")
    [mail] = OutboxMail.objects.all()
    assert mail.subject == "Commonwealth Medical Society: an invitation to Physician to Physician, Pilot"
    for words in ("Dear Ida Nilsen", "Your talk on retirement", "about one hour a month", "/invitations/"):
        assert words in mail.text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (mail.leaves_at - mail.written_at) >= timedelta(minutes=9)
    assert fate(cycle) == "waiting"
    assert Entry.objects.filter(verb="invitation.made", subject_id=str(invitation.pk)).count() == 1


def test_on_the_first_visit_no_code_is_asked_and_the_list_is_filled_in(cycle: Cycle, commonwealth: Society) -> None:
    okafor = member("Bo")
    invitation = invited(cycle, person=okafor, given_name="Bo", family_name="Okafor", email=okafor.email)
    visitor, page = visitor_of(commonwealth), page_of(invitation, commonwealth)
    for _scanner in range(2):
        assert "Bo Okafor, you are invited" in visitor.get(page).content.decode()
    assert (signed_in(visitor), Account.objects.filter(email=okafor.email).exists()) == ("", False)
    reply = visitor.post(page, {"answer": "go"})
    assert reply["Location"] == first_page(cycle)
    assert signed_in(visitor) == okafor.email
    shown = visitor.get(reply["Location"]).content.decode()
    for known in ('value="Bo"', 'value="Okafor"', 'value="retired" id="id_stage_7" checked', 'value="06/1980"'):
        assert known in shown
    okafor.refresh_from_db()
    assert okafor.account is not None
    assert fate(cycle) == "opened"


def test_somebody_new_becomes_known_by_the_name_that_staff_typed(cycle: Cycle, commonwealth: Society) -> None:
    visitor = visitor_of(commonwealth)
    visitor.post(page_of(invited(cycle), commonwealth), {"answer": "go"})
    assert 'value="Nilsen"' in visitor.get(first_page(cycle)).content.decode()
    assert Person.objects.get(email="ida@example.org").account is not None


def test_it_works_again_until_it_is_used_and_then_asks_for_a_code(cycle: Cycle, commonwealth: Society) -> None:
    page = page_of(invited(cycle), commonwealth)
    for _device in range(2):
        visitor = visitor_of(commonwealth)
        assert visitor.post(page, {"answer": "go"})["Location"] == first_page(cycle)
    ida = Person.objects.get(email="ida@example.org")
    start_sign_up(person=ida, cycle=cycle, role="mentor", facts={"stage": "retired"})
    another = visitor_of(commonwealth)
    told = another.post(page, {"answer": "go"}).content.decode()
    assert "this time we ask for a code" in told
    assert f"/sign-in/?next={first_page(cycle).replace('/', '%2F')}" in told
    assert signed_in(another) == ""
    assert visitor.post(page, {"answer": "go"})["Location"] == first_page(cycle), "who is in stays in"


def has_signed_up(cycle: Cycle, person: Person) -> None:
    sign_up(cycle=cycle, person=person, role="mentee", answers={"stage": "resident"}, by=person)


def is_on_the_staff(cycle: Cycle, person: Person) -> None:
    StaffRole.objects.create(person=person, kind=StaffRole.Kind.SUPPORT, created_at=clock.now())


def has_written_about_themselves(cycle: Cycle, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(biosketch="I fly kites.")


@pytest.mark.parametrize("happens", [has_signed_up, is_on_the_staff, has_written_about_themselves])
def test_a_link_that_was_passed_on_opens_nothing_of_anybodys(
    cycle: Cycle, commonwealth: Society, happens: Callable[[Cycle, Person], None]
) -> None:
    okafor = member("Bo")
    happens(cycle, okafor)
    invitation = invited(cycle, person=okafor, given_name="Bo", family_name="Okafor", email=okafor.email)
    stranger = visitor_of(commonwealth)
    assert "we ask for a code" in stranger.post(page_of(invitation, commonwealth), {"answer": "go"}).content.decode()
    assert signed_in(stranger) == ""
    assert "I fly kites" not in stranger.get("/me/", follow=True).content.decode()


def test_the_first_code_ends_every_visit_that_the_link_had_opened(cycle: Cycle, commonwealth: Society) -> None:
    page = page_of(invited(cycle), commonwealth)
    passed_on = visitor_of(commonwealth)
    passed_on.post(page, {"answer": "go"})
    assert passed_on.get("/me/").status_code == 200
    herself = visitor_of(commonwealth)
    herself.force_login(Account.objects.get(email="ida@example.org"))  # as a code does it
    assert herself.get("/me/").status_code == 200
    assert passed_on.get("/me/").status_code == 302
    assert not Invitation.objects.filter(entered_by_link=True).exists()


def test_who_is_signed_in_as_somebody_else_is_asked_first(cycle: Cycle, commonwealth: Society) -> None:
    other = browser_of(make_staff(given="Rosalind"), commonwealth)
    page = page_of(invited(cycle), commonwealth)
    told = other.post(page, {"answer": "go"}).content.decode()
    assert "You are signed in as Rosalind Whitfield, and this invitation is for Ida Nilsen" in told
    assert signed_in(other) == "rosalind.whitfield@example.org"
    assert other.post(page, {"answer": "switch"})["Location"] == first_page(cycle)
    assert signed_in(other) == "ida@example.org"


def test_who_switches_to_somebody_known_is_signed_out_so_that_the_code_is_asked(
    cycle: Cycle, commonwealth: Society
) -> None:
    okafor = member("Bo")
    has_signed_up(cycle, okafor)
    invitation = invited(cycle, person=okafor, given_name="Bo", family_name="Okafor", email=okafor.email)
    other, page = browser_of(make_staff(given="Rosalind"), commonwealth), page_of(invitation, commonwealth)
    there = re.search(r'href="(/sign-in/[^"]*)"', other.post(page, {"answer": "switch"}).content.decode())
    assert there is not None
    assert other.get(there[1]).status_code == 200, "a page that asks for an address, and not the sign-up of Rosalind"


def test_who_comes_in_by_the_link_is_there_alone(cycle: Cycle, commonwealth: Society) -> None:
    """It may have been passed on: whoever came in before sees nothing of what is answered from now on."""
    page = page_of(invited(cycle), commonwealth)
    first, second = visitor_of(commonwealth), visitor_of(commonwealth)
    go_on = first.post(page, {"answer": "go"}).headers["Location"]
    assert first.get("/me/").status_code == 200
    for _twice in range(2):  # a double click
        assert second.post(page, {"answer": "go"}).headers["Location"] == go_on
    assert first.get("/me/").status_code == 302
    assert second.get("/me/").status_code == 200


def test_by_invitation_alone_nobody_else_comes_in(cycle: Cycle, commonwealth: Society) -> None:
    stranger = browser_of(member("Cy"), commonwealth)
    assert stranger.get(first_page(cycle)).status_code == 404
    invitation = invited(cycle, given_name="Cy", family_name="Okafor", email="cy.okafor@example.org")
    assert stranger.get(first_page(cycle)).status_code == 200
    assert stranger.get(first_page(cycle, "mentee")).status_code == 404, "in this role alone"
    services.take_back(invitation=invitation, by=make_staff(given="Kit"))
    assert stranger.get(first_page(cycle)).status_code == 404


def test_what_is_taken_back_lets_nobody_in_and_its_mail_stays(cycle: Cycle, commonwealth: Society) -> None:
    invitation, staff = invited(cycle), browser_of(make_staff(), commonwealth)
    for _twice in range(2):
        staff.post(reverse("invited:take_back", args=[invitation.pk]))
    assert OutboxMail.objects.get().state == "canceled"
    visitor, page = visitor_of(commonwealth), page_of(invitation, commonwealth)
    assert "was taken back" in visitor.get(page).content.decode()
    assert visitor.post(page, {"answer": "go"}).status_code == 422
    assert (signed_in(visitor), fate(cycle)) == ("", "taken back")
    assert Entry.objects.filter(verb="invitation.taken_back").count() == 1
    invited(cycle, by=make_staff(given="Kit"))
    assert visitor.post(page, {"answer": "go"}).status_code == 302, "invited anew"


def test_an_old_link_sends_a_new_one_to_the_same_address(cycle: Cycle, commonwealth: Society) -> None:
    page, visitor = page_of(invited(cycle), commonwealth), visitor_of(commonwealth)
    OutboxMail.objects.update(state="sent", sent_at=clock.now())
    with clock.moved_by(timedelta(days=31)):
        assert "more than a month old" in visitor.get(page).content.decode()
        assert visitor.post(page, {"answer": "go"}).status_code == 422
        for _twice in range(2):
            assert "A new link is on its way" in visitor.post(page, {"answer": "new"}).content.decode()
        assert visitor.post(page, {"answer": "go"}).status_code == 302
    assert [mail.recipient for mail in OutboxMail.objects.all()] == ["ida@example.org"] * 2


def test_when_sign_up_is_over_the_link_says_so(cycle: Cycle, commonwealth: Society) -> None:
    page, visitor = page_of(invited(cycle), commonwealth), visitor_of(commonwealth)
    Cycle.objects.filter(pk=cycle.pk).update(sign_up_closes_on=clock.today() - timedelta(days=2))
    assert "Tell us you’re interested" in visitor.get(page).content.decode()
    assert visitor.post(page, {"answer": "go"}).status_code == 422


def test_somebody_says_not_this_time_and_may_change_their_mind(cycle: Cycle, commonwealth: Society) -> None:
    page, visitor = page_of(invited(cycle), commonwealth), visitor_of(commonwealth)
    assert "Noted: not this time" in visitor.post(page, {"answer": "no"}).content.decode()
    assert fate(cycle) == "declined"
    assert visitor.post(page, {"answer": "go"}).status_code == 302
    assert fate(cycle) == "opened"


def test_a_link_of_one_society_is_none_in_another(cycle: Cycle, commonwealth: Society, sierra: Society) -> None:
    with context.society(commonwealth):
        page = page_of(invited(cycle), commonwealth)
    assert visitor_of(sierra).get(page).status_code == 404
    assert visitor_of(commonwealth).get(page.replace("/invitations/", "/invitations/x")).status_code == 404
    assert visitor_of(commonwealth).get(page).status_code == 200


def test_nobody_is_invited_twice_or_once_they_have_signed_up(cycle: Cycle) -> None:
    first = invited(cycle)
    by = make_staff(given="Kit")
    with pytest.raises(DomainError, match="was invited on"):
        invited(cycle, by, email="IDA@example.org")
    OutboxMail.objects.update(state="sent", sent_at=clock.now())
    with pytest.raises(DomainError, match="a moment ago"):
        services.write_again(invitation=first, by=by)
    okafor = member("Bo")
    sign_up(cycle=cycle, person=okafor, role="mentor", answers={"stage": "retired"}, by=okafor)
    with pytest.raises(DomainError, match="has signed up already"):
        invited(cycle, by, email=okafor.email)
    assert (Invitation.objects.count(), OutboxMail.objects.count()) == (1, 1)
    with clock.moved_by(timedelta(hours=1)):
        services.write_again(invitation=first, by=by)
    assert OutboxMail.objects.count() == 2


def test_a_mail_that_waits_is_sent_at_once(cycle: Cycle, commonwealth: Society) -> None:
    invitation, staff = invited(cycle), browser_of(make_staff(), commonwealth)
    shown = staff.get(reverse("invited:list", args=[cycle.pk])).content.decode()
    assert "Send it now" in shown
    staff.post(reverse("invited:again", args=[invitation.pk]))
    mail = OutboxMail.objects.get()
    assert mail.leaves_at <= clock.now()
    with context.platform():
        assert Due.objects.get(kind="mail").due_at == mail.leaves_at


def test_signing_up_by_whatever_way_uses_the_invitation(cycle: Cycle, commonwealth: Society) -> None:
    invited(cycle)
    ida = Person.objects.create(**IDA, created_at=clock.now())
    enrollment = sign_up(cycle=cycle, person=ida, role="mentor", answers={"stage": "retired"}, by=ida)
    assert fate(cycle) == "signed up"
    Enrollment.objects.filter(pk=enrollment.pk).update(state="withdrawn")
    assert fate(cycle) == "waiting"


def test_nobody_is_invited_to_what_is_closed(commonwealth: Society) -> None:
    cycle = open_cycle()
    Cycle.objects.filter(pk=cycle.pk).update(state=Cycle.State.DRAFT)
    cycle.refresh_from_db()
    with pytest.raises(DomainError, match="is not open"):
        invited(cycle)
    assert not Invitation.objects.exists()


def test_a_member_without_an_address_gets_the_one_that_staff_type(cycle: Cycle) -> None:
    okafor, by = member("Bo"), make_staff(given="Kit")
    Person.objects.filter(pk=okafor.pk).update(email="")
    okafor.refresh_from_db()
    with pytest.raises(DomainError, match="Somebody else has this address"):
        invited(cycle, by, person=okafor, email=by.email)
    with pytest.raises(DomainError, match="No mail address is known"):
        invited(cycle, by, person=okafor, email="")
    assert invited(cycle, by, person=okafor, email="Bo@example.org").email == "bo@example.org"
    okafor.refresh_from_db()
    assert okafor.email == "bo@example.org"


@pytest.mark.parametrize("form", [{"answer": "none"}, {"List-Unsubscribe": "One-Click"}])
def test_one_tap_and_an_address_gets_no_more(cycle: Cycle, commonwealth: Society, form: dict[str, str]) -> None:
    invited(cycle)
    mail = OutboxMail.objects.get()
    page = path_of(mail.headers["List-Unsubscribe"].strip("<>"), commonwealth)
    mail_program = Client(headers={"host": commonwealth.host}, enforce_csrf_checks=True)
    mail_program.get(page)
    assert not OptOut.objects.exists(), "opening it changes nothing"
    for _twice in range(2):
        assert "sends no more invitations to ida@example.org" in mail_program.post(page, form).content.decode()
    assert (fate(cycle), OutboxMail.objects.get().state) == ("no more", "canceled")
    with pytest.raises(DomainError, match="asked to get no invitations"):
        invited(cycle, make_staff(given="Kit"), role="mentee")
    mail_program.post(page, {"answer": "again"})
    assert not OptOut.objects.exists()
    assert [entry.verb for entry in Entry.objects.filter(verb__startswith="invitation.").order_by("pk")][-2:] == [
        "invitation.no_more", "invitation.wanted_again",
    ]  # fmt: skip


def do_what_is_due() -> None:
    """What is due about visits, as a worker does it."""
    with context.platform():
        refs = list(Due.objects.filter(kind=visits.KIND, due_at__lte=clock.now()).values_list("ref", flat=True))
    for ref in refs:
        end_visit(ref)


def is_taken_back(invitation: Invitation) -> None:
    services.take_back(invitation=invitation, by=make_staff(given="Kit"))


def is_wanted_no_more(invitation: Invitation) -> None:
    services.want_no_more(email=invitation.email)


def runs_out(invitation: Invitation) -> None:
    """The month is over; a worker comes by."""
    with clock.moved_by(timedelta(days=30, minutes=1)):
        do_what_is_due()


def is_known_by_a_code(client: Client) -> None:
    client.force_login(Account.objects.get(email=IDA["email"]))


@pytest.mark.parametrize("happens", [is_taken_back, is_wanted_no_more, runs_out])
def test_the_visit_that_a_link_opened_ends_with_the_invitation(
    cycle: Cycle, commonwealth: Society, happens: Callable[[Invitation], None]
) -> None:
    invitation, visitor = invited(cycle), visitor_of(commonwealth)
    visitor.post(page_of(invitation, commonwealth), {"answer": "go"})
    ida = Person.objects.get(email=IDA["email"])
    start_sign_up(person=ida, cycle=cycle, role="mentor", facts={"stage": "retired"})
    assert visitor.get("/me/").status_code == 200
    happens(invitation)
    assert visitor.get("/me/").status_code == 302
    assert signed_in(visitor) == ""
    assert Entry.objects.filter(verb="account.visits_by_link_ended").count() == 1


@pytest.mark.parametrize("happens", [is_taken_back, is_wanted_no_more, runs_out])
def test_a_visit_that_a_code_opened_outlives_the_invitation(
    cycle: Cycle, commonwealth: Society, happens: Callable[[Invitation], None]
) -> None:
    invitation, visitor = invited(cycle), visitor_of(commonwealth)
    visitor.post(page_of(invitation, commonwealth), {"answer": "go"})
    is_known_by_a_code(visitor)
    happens(invitation)
    assert visitor.get("/me/").status_code == 200


def test_a_month_begins_anew_with_the_newest_mail(cycle: Cycle, commonwealth: Society) -> None:
    invitation, visitor = invited(cycle), visitor_of(commonwealth)
    OutboxMail.objects.update(state="sent", sent_at=clock.now())
    visitor.post(page_of(invitation, commonwealth), {"answer": "go"})
    with clock.moved_by(timedelta(days=20)):
        services.write_again(invitation=invitation, by=None)
    with clock.moved_by(timedelta(days=31)):
        do_what_is_due()
        assert signed_in(visitor) == IDA["email"]
        assert visitor.get("/me/").status_code == 200
    with clock.moved_by(timedelta(days=51)):
        do_what_is_due()
        assert visitor.get("/me/").status_code == 302


def test_a_visit_lasts_as_long_as_one_of_the_invitations_that_opened_it(cycle: Cycle, commonwealth: Society) -> None:
    as_mentor, as_mentee = invited(cycle), invited(cycle, role="mentee", by=make_staff(given="Bea"))
    visitor = visitor_of(commonwealth)
    for each in (as_mentor, as_mentee):
        assert visitor.post(page_of(each, commonwealth), {"answer": "go"}).status_code == 302
    is_taken_back(as_mentor)
    assert visitor.get("/me/").status_code == 200
    services.take_back(invitation=as_mentee, by=make_staff(given="Ann"))
    assert visitor.get("/me/").status_code == 302


def test_whoever_came_in_by_another_invitation_stays(cycle: Cycle, commonwealth: Society) -> None:
    as_mentor, as_mentee = invited(cycle), invited(cycle, role="mentee", by=make_staff(given="Bea"))
    first, second = visitor_of(commonwealth), visitor_of(commonwealth)
    first.post(page_of(as_mentor, commonwealth), {"answer": "go"})
    second.post(page_of(as_mentee, commonwealth), {"answer": "go"})
    is_taken_back(as_mentor)
    assert second.get("/me/").status_code == 200, "the first visit ended when the second began"


def test_who_wants_no_invitations_is_asked_for_a_code_if_they_come_after_all(
    cycle: Cycle, commonwealth: Society
) -> None:
    page, visitor = page_of(invited(cycle), commonwealth), visitor_of(commonwealth)
    is_wanted_no_more(Invitation.objects.get())
    assert "we ask for a code" in visitor.post(page, {"answer": "go"}).content.decode()
    assert signed_in(visitor) == ""
