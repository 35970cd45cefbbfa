"""Inviting many: counted, looked at, written by a worker, and nobody gets it twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.interests import say_interest
from programs.enrollment.services import sign_up
from programs.invitations import rounds, services
from programs.invitations.choosing import INTERESTED, Choice, chosen
from programs.invitations.due import go_on
from programs.invitations.models import Invitation, Round
from programs.policy.models import Cycle
from tenants import context, outbox
from tenants.models import Due, Society
from tenants.outbox import mailings
from tenants.outbox.models import Mailing, OutboxMail
from tenants.outbox.notices import Notice, take_notice
from tenants.people.models import Person, StaffRole
from tests.factories.staff import browser_of, make_staff
from tests.invitations.making import invited, member, open_cycle, path_of


@pytest.fixture
def cycle(commonwealth: Society) -> Cycle:
    return open_cycle()


def names(cycle: Cycle, role: str = "mentor", **choice: object) -> list[str]:
    """The first names of those whom a choice would write to."""
    return [each.given_name for each in chosen(cycle, role, Choice(**choice)).people]  # type: ignore[arg-type]


def send(cycle: Cycle, *, key: UUID | None = None, by: Person | None = None, **choice: object) -> Round:
    wanted = Choice(**choice)  # type: ignore[arg-type]
    staff = by or Person.objects.filter(given_name="Kit").first() or make_staff(given="Kit")
    return rounds.send_round(cycle=cycle, role="mentor", choice=wanted, key=key or uuid4(), by=staff)


def work() -> None:
    """Everything that is due about rounds, as a worker does it."""
    while refs := _due():
        with context.platform():
            Due.objects.filter(kind=rounds.KIND).delete()
        for ref in refs:
            go_on(ref)


def _due() -> list[str]:
    with context.platform():
        return list(Due.objects.filter(kind=rounds.KIND).values_list("ref", flat=True))


def written() -> list[str]:
    return sorted(OutboxMail.objects.filter(template="invitation").values_list("recipient", flat=True))


def test_a_choice_narrows_the_list(cycle: Cycle) -> None:
    member("Ada", zip="02139", training_completed_on="1979-06-30")
    bo = member("Bo", practice_state="NH", zip="03301", training_completed_on="2001-06-30")
    Person.objects.filter(pk=bo.pk).update(stage="late career", specialty="Cardiology")
    Person.objects.create(given_name="Cy", email="cy@example.org", created_at=clock.now())  # on no list
    assert names(cycle) == ["Ada", "Bo"]
    assert names(cycle, stage="retired") == ["Ada"]
    assert names(cycle, specialty="Cardiology") == ["Bo"]
    assert names(cycle, state="NH") == ["Bo"]
    assert names(cycle, zip_begins="021") == ["Ada"]
    assert names(cycle, years_least=40) == ["Ada"]
    assert names(cycle, years_most=40) == ["Bo"]
    assert names(cycle, years_least=20, years_most=30) == ["Bo"]


def test_the_rules_and_whom_one_seeks_leave_people_out_and_say_so(cycle: Cycle) -> None:
    member("Ada")
    student = member("Sid", membership_status="student", identity_underrepresented=True)
    Person.objects.filter(pk=student.pk).update(membership_status="student", stage="medical student")
    found = chosen(cycle, "mentor", Choice())
    assert ([each.given_name for each in found.people], dict(found.left_out)) == (["Ada"], {"refused": 1})
    assert names(cycle, by_rules=False) == ["Ada", "Sid"]
    sought = chosen(cycle, "mentee", Choice(by_rules=False, in_focus=True))
    assert sought.left_out["not in focus"] >= 1


def test_who_signed_up_was_invited_or_wants_none_is_left_out_and_counted(cycle: Cycle) -> None:
    for given in ("Ada", "Bo", "Cy", "Di", "Ed"):
        member(given)
    Person.objects.filter(given_name="Ed").update(email="")
    bo = Person.objects.get(given_name="Bo")
    sign_up(cycle=cycle, person=bo, role="mentor", answers={"stage": "retired"}, by=bo)
    invited(cycle, given_name="Cy", family_name="Okafor", email="Cy.Okafor@example.org")
    services.want_no_more(email="DI.okafor@example.org")
    found = chosen(cycle, "mentor", Choice())
    assert [each.given_name for each in found.people] == ["Ada"]
    assert dict(found.left_out) == {"signed up": 1, "invited": 1, "no more": 1, "no address": 1}
    round_ = send(cycle)
    assert round_.left_out == dict(found.left_out)


def test_a_worker_writes_them_some_at_a_time_and_each_once(cycle: Cycle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "AT_ONCE", 2)
    for given in ("Ada", "Bo", "Cy", "Di", "Ed"):
        member(given)
    round_ = send(cycle)
    assert (written(), _due()) == ([], [str(round_.pk)])
    go_on(str(round_.pk))
    assert len(written()) == 2, "and the rest is due"
    assert len(_due()) == 1
    work()
    go_on(str(round_.pk))  # a worker that came too late
    assert written() == [f"{given}.okafor@example.org" for given in ("ada", "bo", "cy", "di", "ed")]
    round_.refresh_from_db()
    assert round_.finished_at is not None


def test_a_double_click_and_two_tabs_write_to_nobody_twice(cycle: Cycle) -> None:
    member("Ada")
    member("Bo")
    key = uuid4()
    first = send(cycle, key=key)
    assert send(cycle, key=key) == first
    other_tab = send(cycle)
    assert other_tab != first
    work()
    assert written() == ["ada.okafor@example.org", "bo.okafor@example.org"]
    with pytest.raises(DomainError, match="leaves nobody"):
        send(cycle)


def test_who_signs_up_or_opts_out_before_the_worker_comes_gets_nothing(cycle: Cycle) -> None:
    for given in ("Ada", "Bo", "Cy"):
        member(given)
    send(cycle)
    bo = Person.objects.get(given_name="Bo")
    sign_up(cycle=cycle, person=bo, role="mentor", answers={"stage": "retired"}, by=bo)
    services.want_no_more(email="cy.okafor@example.org")
    work()
    assert written() == ["ada.okafor@example.org"]


def test_when_sign_up_closes_the_rest_is_not_written(cycle: Cycle) -> None:
    member("Ada")
    send(cycle)
    Cycle.objects.filter(pk=cycle.pk).update(sign_up_closes_on=clock.today() - timedelta(days=2))
    work()
    assert (written(), Round.objects.get().finished_at is None) == ([], False)


def test_a_round_is_kept_back(cycle: Cycle, commonwealth: Society) -> None:
    member("Ada")
    member("Bo")
    round_ = send(cycle)
    work()
    OutboxMail.objects.filter(recipient="bo.okafor@example.org").update(state="sent", sent_at=clock.now())
    told = browser_of(make_staff(), commonwealth).post(reverse("invited:stop", args=[round_.pk]), follow=True)
    assert "1 mail stays here" in told.content.decode()
    states = dict(OutboxMail.objects.values_list("recipient", "state"))
    assert states == {"ada.okafor@example.org": "canceled", "bo.okafor@example.org": "sent"}


def test_who_was_kept_back_can_be_chosen_anew(cycle: Cycle) -> None:
    member("Ada")
    rounds.stop_round(round_=_written_round(cycle), by=make_staff())
    assert (names(cycle), Invitation.objects.count()) == (["Ada"], 0)
    send(cycle)
    work()
    assert OutboxMail.objects.filter(state="waiting").count() == 1


def _written_round(cycle: Cycle) -> Round:
    round_ = send(cycle)
    work()
    return round_


def test_a_round_that_stops_by_itself_writes_to_nobody_more(cycle: Cycle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "AT_ONCE", 1)
    member("Ada")
    member("Bo")
    round_ = send(cycle)
    go_on(str(round_.pk))
    mailings.stop(mailing=Mailing.objects.get(), why=Mailing.Stopped.CAME_BACK)
    work()
    round_.refresh_from_db()
    assert (round_.finished_at is None, Invitation.objects.count(), len(written())) == (False, 0, 1)


def test_a_society_that_may_not_write_to_many_is_told_so_before_it_chooses_words(
    cycle: Cycle, commonwealth: Society
) -> None:
    for number in range(26):
        member(f"Ada{number}")
    where = reverse("invited:many", args=[cycle.pk])
    choice = {"role": "mentor", "source": "list", "by_rules": "on", "look": "yes"}
    looked = browser_of(make_staff(), commonwealth).post(where, choice).content.decode()
    assert "Not yet to so many" in looked
    assert reverse("mail:postal_address") in looked
    assert 'name="write"' not in looked
    with pytest.raises(DomainError, match="carries your postal address"):
        send(cycle)
    assert not Round.objects.exists()


def test_an_address_whose_last_mail_came_back_is_left_out(cycle: Cycle) -> None:
    member("Ada")
    (mail,) = outbox.mail("sign_in_unknown", to="ada.okafor@example.org")
    OutboxMail.objects.filter(pk=mail.pk).update(state="failed", came_back="bounce")
    found = chosen(cycle, "mentor", Choice())
    assert (found.people, dict(found.left_out)) == ([], {"came back": 1})


def test_an_invitation_says_whose_it_is_and_can_be_refused_by_one_press_and_by_no_filter(
    cycle: Cycle, commonwealth: Society
) -> None:
    commonwealth.postal_address = "88 Commonwealth Row, Boston, MA 02199"
    mail = invited(cycle).mail
    assert mail is not None
    for words in (mail.text, mail.html):
        assert f"{commonwealth.name}, 88 Commonwealth Row" in words
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    where = path_of(mail.headers["List-Unsubscribe"].strip("<>"), commonwealth)
    reader = Client(enforce_csrf_checks=True, headers={"host": commonwealth.host})
    reader.get(where)
    assert not services.wants_none("ida@example.org")
    assert reader.post(where, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert services.wants_none("ida@example.org")


def test_who_wants_no_more_gets_nothing_of_what_still_waits(cycle: Cycle) -> None:
    to, link = "ida@example.org", {"words": "", "link": ""}
    outbox.mail(
        "sign_in_unknown", to=to, context=link, wait=timedelta(hours=1), unsubscribe=lambda _reader: "https://x"
    )
    outbox.mail("sign_in_unknown", to=to, context=link, wait=timedelta(hours=1))
    services.want_no_more(email="IDA@example.org")
    stands = OutboxMail.objects.order_by("pk").values_list("state", flat=True)
    assert list(stands) == ["canceled", "waiting"], "what they need themselves still leaves"


def test_whoever_marks_it_as_spam_is_invited_no_more_and_on_no_list(cycle: Cycle) -> None:
    mail = invited(cycle).mail
    assert mail is not None
    ida = {"given_name": "Ida", "family_name": "N", "email": "IDA@example.org"}
    say_interest(program=cycle.program, **ida, role="mentor", stage="", text="")
    OutboxMail.objects.filter(pk=mail.pk).update(state="sent", sent_at=clock.now())
    assert take_notice(Notice(mail.message_id, "complaint"))
    assert services.wants_none("ida@example.org")
    assert not cycle.program.interests.exists()


def test_the_standing_list_is_invited_too(cycle: Cycle) -> None:
    for given, role in (("Ida", "mentor"), ("Odd", "mentee")):
        say_interest(
            program=cycle.program, given_name=given, family_name="N", email=f"{given}@example.org",
            role=role, stage="retired", text="",
        )  # fmt: skip
    assert names(cycle, source=INTERESTED) == ["Ida"]
    assert names(cycle, source=INTERESTED, stage="resident") == []


def test_staff_count_look_send_themselves_one_and_write(cycle: Cycle, commonwealth: Society) -> None:
    member("Ada")
    bo = member("Bo", practice_state="NH")
    Person.objects.filter(pk=bo.pk).update(called="Captain Bo")
    staff, where = browser_of(make_staff(), commonwealth), reverse("invited:many", args=[cycle.pk])
    assert "2 people" in staff.get(where).content.decode()
    choice = {"role": "mentor", "source": "list", "state": "NH", "by_rules": "on"}
    counted = staff.get(where, choice, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in counted
    assert "1 person" in counted
    looked = staff.post(where, choice | {"look": "yes"}).content.decode()
    assert "What Bo Okafor reads" in looked
    assert "Dear Captain Bo," in looked
    assert "Write to 1 person" in looked
    key = looked.partition('name="key" value="')[2][:36]
    sent = choice | {"key": key, "words": "We met at the picnic."}
    staff.post(where, sent | {"me": "yes"})
    [sample] = OutboxMail.objects.all()
    assert (sample.recipient, "We met at the picnic." in sample.text) == ("dana.whitfield@example.org", True)
    assert "/invitations/" not in sample.text, "the sample lets nobody in"
    for _double in range(2):
        assert staff.post(where, sent | {"write": "yes"})["Location"] == reverse("invited:list", args=[cycle.pk])
    work()
    [mail] = OutboxMail.objects.filter(recipient=bo.email)
    assert "We met at the picnic." in mail.text
    shown = staff.get(reverse("invited:list", args=[cycle.pk])).content.decode()
    assert "Leaves soon 1" in shown
    assert Invitation.objects.get().round == Round.objects.get()


def test_staff_of_one_program_invite_nobody_from_the_membership_list(cycle: Cycle, commonwealth: Society) -> None:
    member("Ada")
    kind = StaffRole.Kind.MANAGER
    partner = browser_of(make_staff(kind=kind, given="Pat", program_id=cycle.program_id), commonwealth)
    where = reverse("invited:many", args=[cycle.pk])
    for reply in (
        partner.get(where, {"role": "mentor", "source": "list"}),
        partner.post(where, {"role": "mentor", "source": "list", "look": "yes"}),
        partner.get(reverse("invited:one", args=[cycle.pk]), {"q": "Okafor"}),
    ):
        assert "Okafor</a>" not in reply.content.decode()
        assert "<li>Ada Okafor" not in reply.content.decode()
    partner.post(where, {"role": "mentor", "source": "list", "write": "yes"})
    work()
    assert written() == []


def test_the_pages_cost_the_same_however_many_there_are(cycle: Cycle, commonwealth: Society) -> None:
    staff = browser_of(make_staff(), commonwealth)
    pages = [reverse("invited:many", args=[cycle.pk]), reverse("invited:list", args=[cycle.pk])]
    member("Ada")
    invited(cycle)
    counts = []
    for more in range(2):
        for page in pages:
            staff.get(page)
            with CaptureQueriesContext(connection) as queries:
                staff.get(page)
            counts.append(len(queries))
        for number in range(3):
            member(f"Bo{more}{number}")
            invited(cycle, make_staff(given=f"K{more}{number}"), email=f"i{more}{number}@example.org")
    assert counts[:2] == counts[2:]
