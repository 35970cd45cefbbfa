"""Writing to many: in steps, with an address, as long as little of it comes back. Sent to a real mail server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import allowance, context, due, outbox
from tenants.allowance import Refusal
from tenants.brands import brand_of
from tenants.models import Due, Society
from tenants.outbox import mailings, notices
from tenants.outbox.models import Mailing, OutboxMail
from tenants.outbox.notices import Notice, read_mail, signed, take_notice
from tests.beside.smtp import OK, MailServer
from tests.factories.staff import browser_of, make_staff

State, Back = OutboxMail.State, OutboxMail.CameBack
TEN_MINUTES, HOOK = timedelta(minutes=10), "/mail/notices/"
Visitor = Callable[[str], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters")]


@pytest.fixture
def addressed(sierra: Society) -> Society:
    sierra.postal_address = "1201 Orchard Street, Sierra Valley, CA 95900"
    return sierra


def begin(people: int, *, key: str = "hello:1", told: str = "") -> Mailing:
    by = make_staff(given="Kit") if told else None
    return mailings.begin(key=key, title="Hello to many", people=people, wait=TEN_MINUTES, by=by)


def write(mailing: Mailing, people: int, *, since: int = 0) -> list[OutboxMail]:
    readers = [f"reader{number}@example.org" for number in range(since, since + people)]
    return outbox.mail(
        "hello", to=readers, context={"words": "", "link": ""}, unsubscribe=lambda reader: "https://x/", mailing=mailing
    )


def let_pass(wait: timedelta) -> None:
    with clock.moved_by(wait):
        due.tick()


def states(mailing: Mailing) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in mailing.mails.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def due_mails() -> int:
    with context.platform():
        return Due.objects.filter(kind="mail").count()


def test_fifty_leave_first_and_the_rest_an_hour_later(addressed: Society) -> None:
    mailing = begin(60)
    now = clock.now()
    times = [mail.leaves_at - now for part in (30, 30) for mail in write(mailing, part, since=0 if part else 30)]
    assert [time > timedelta(minutes=60) for time in times] == [False] * 50 + [True] * 10
    assert max(times[:50]) <= TEN_MINUTES


def test_it_stops_by_itself_before_the_rest_leaves(addressed: Society, mail_server: MailServer) -> None:
    mailing = begin(60, told="Kit")
    write(mailing, 60)
    refused = {"reader3@example.org", "reader7@example.org"}
    mail_server.answer_to = lambda address: "550 no such user" if address in refused else OK
    let_pass(TEN_MINUTES)
    stands = states(mailing)
    assert (stands[State.FAILED], stands[State.CANCELED] >= 10, sum(stands.values())) == (2, True, 60)
    mailing.refresh_from_db()
    assert mailing.why_stopped == Mailing.Stopped.CAME_BACK
    (told,) = OutboxMail.objects.filter(template="mailing_stopped")
    assert (told.recipient, "2 mails came back" in told.text) == (mailing.told, True)
    let_pass(timedelta(hours=2))
    assert states(mailing) == stands
    assert len(mail_server.taken) == stands[State.SENT] + 1, "and one told who began it"


def test_one_of_fifty_is_no_reason_to_stop(addressed: Society, mail_server: MailServer) -> None:
    mailing = begin(60)
    write(mailing, 60)
    mail_server.answer_to = lambda address: "550 no such user" if address == "reader3@example.org" else OK
    let_pass(timedelta(hours=2))
    assert states(mailing) == {State.SENT: 59, State.FAILED: 1}
    assert mailings.undeliverable() == {"reader3@example.org"}


def test_stopped_by_hand_what_has_not_left_stays_and_twice_changes_nothing(addressed: Society) -> None:
    mailing = begin(60)
    write(mailing, 55)
    before = due_mails()
    assert [mailings.stop(mailing=mailing) for _press in range(2)] == [55, 0]
    assert before - due_mails() == 55
    assert mailings.find(mailing.key) is None, "so nobody writes the five that are left"
    assert begin(60).stopped_at is not None


def test_a_society_that_nobody_has_confirmed_writes_to_few(addressed: Society) -> None:
    addressed.confirmed_at = None
    with pytest.raises(DomainError, match=r"We do not know yet that .* it can invite 25 people by mail altogether"):
        begin(26)
    write(begin(20), 20)
    assert mailings.refusal(5) == ""
    assert mailings.refusal(6) != "", "those count whom it has invited so far, however many pieces it cuts the list in"
    addressed.confirmed_at = clock.now()
    assert mailings.refusal(500) == ""


def test_many_are_written_to_only_with_a_postal_address_and_by_a_plan_that_allows_it(
    addressed: Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "_answers", [lambda *_asked, hold: Refusal("The plan says no.")])
    assert (mailings.refusal(25), mailings.refusal(26)) == ("", "The plan says no.")
    addressed.postal_address = ""
    assert "postal address" in mailings.refusal(26)
    reminded = mailings.begin(key="agree:1", title="Reminders", people=400, invites=False)
    assert reminded.people == 400, "what runs goes on"


def test_an_address_counts_again_once_a_mail_reached_it(addressed: Society) -> None:
    (first,) = write(begin(1), 1)
    OutboxMail.objects.filter(pk=first.pk).update(state=State.FAILED, came_back=Back.BOUNCE)
    assert mailings.undeliverable() == {"reader0@example.org"}
    (code,) = outbox.mail("hello", to="Reader0@example.org", context={"words": "", "link": ""})
    OutboxMail.objects.filter(pk=code.pk).update(state=State.SENT, sent_at=clock.now())
    assert mailings.undeliverable() == set()


# What comes back later


def sent(mailing: Mailing | None = None) -> OutboxMail:
    (mail,) = outbox.mail("hello", to="jo@example.org", context={"words": "", "link": ""}, mailing=mailing)
    OutboxMail.objects.filter(pk=mail.pk).update(state=State.SENT, sent_at=clock.now())
    return OutboxMail.objects.get(pk=mail.pk)


@pytest.fixture
def complained() -> Iterator[list[str]]:
    heard: list[str] = []
    notices._complained.append(heard.append)
    yield heard
    notices._complained.remove(heard.append)


def test_a_notice_is_written_down_once_and_in_its_own_society(
    addressed: Society, societies: dict[str, Society], complained: list[str]
) -> None:
    mail = sent(begin(10))
    notice = Notice(mail.message_id, Back.COMPLAINT)
    with context.society(societies["northstar"]):
        assert [take_notice(notice) for _twice in range(2)] == [True, False]
    mail.refresh_from_db()
    assert (mail.came_back, mail.state, complained) == (Back.COMPLAINT, State.SENT, ["jo@example.org"])


@pytest.mark.parametrize(
    "message_id", ["", "<x@y>", "<ID.sierra@localhost>", "<ID.nobody@localhost>", "<a.b.c@d> <e@f>"]
)
def test_a_notice_about_no_mail_of_ours_changes_nothing(addressed: Society, message_id: str) -> None:
    message_id = message_id.replace("ID", str(uuid4()))
    assert take_notice(Notice(message_id, Back.BOUNCE)) is False


def test_complaints_stop_a_mailing_too(addressed: Society) -> None:
    mailing = begin(60)
    mails = write(mailing, 60)
    mailing.mails.filter(pk__in=[mail.pk for mail in mails[:50]]).update(state=State.SENT, sent_at=clock.now())
    assert take_notice(Notice(mails[0].message_id, Back.COMPLAINT))
    mailing.refresh_from_db()
    assert mailing.stopped_at is None
    assert take_notice(Notice(mails[1].message_id, Back.COMPLAINT))
    mailing.refresh_from_db()
    assert mailing.why_stopped == Mailing.Stopped.COMPLAINTS


def test_the_hook_believes_what_is_signed_a_moment_ago_and_nothing_else(
    addressed: Society, visitor: Visitor, settings: Settings
) -> None:
    mail, site = sent(), visitor("localhost")
    body = json.dumps({"notices": [{"message_id": mail.message_id, "kind": "bounce", "said": "550 gone"}]}).encode()

    def post(content: bytes, secret: str, *, ago: int = 0) -> tuple[int, dict[str, object]]:
        at = str(int(clock.now().timestamp()) - ago)
        headers = {"Chiron-Timestamp": at, "Chiron-Signature": f"v1={signed(content, at, secret)}"}
        reply = site.post(HOOK, content, content_type="application/json", headers=headers)
        return reply.status_code, reply.json() if "json" in reply["Content-Type"] else {}

    settings.MAIL_NOTICE_SECRETS = ()
    assert post(body, "")[0] == 404
    settings.MAIL_NOTICE_SECRETS = ("new", "old")
    assert [post(body, "another")[0], post(body, "new", ago=400)[0]] == [403, 403]
    assert site.post(HOOK, body, content_type="application/json").status_code == 403
    assert OutboxMail.objects.get(pk=mail.pk).came_back == ""
    assert post(body, "old") == (200, {"taken": 1, "of": 1})
    assert post(body, "new") == (200, {"taken": 0, "of": 1})
    assert OutboxMail.objects.get(pk=mail.pk).trouble == "550 gone"
    for broken in (
        b"{",
        b"[]",
        b'{"notices": [{"kind": "bounce"}]}',
        b'{"notices": [{"message_id": "x", "kind": "?"}]}',
    ):
        status, said = post(broken, "new")
        assert (status, bool(said["refused"])) == (422, True)


REPORT = """From: MAILER-DAEMON@mx.example.net
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

I am sorry.
--b
Content-Type: {status}

{about}
--b
Content-Type: {original}

Message-ID: <{uuid}.sierra@localhost>
Subject: Hello

--b--
"""


def report(status: str, about: str, original: str = "message/rfc822") -> bytes:
    kind = "feedback-report" if "feedback" in status else "delivery-status"
    text = REPORT.format(kind=kind, status=status, about=about, original=original, uuid="0" * 36)
    return text.replace("\n", "\r\n").encode()


def test_reports_of_mail_servers_are_read() -> None:
    about = f"<{'0' * 36}.sierra@localhost>"
    failed = "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; jo@example.org\nAction: failed\nStatus: 5.1.1\n"
    for original in ("message/rfc822", "text/rfc822-headers"):
        assert read_mail(report("message/delivery-status", failed, original)) == [Notice(about, "bounce", "5.1.1")]
    assert read_mail(report("message/delivery-status", failed.replace("failed", "delayed"))) == []
    (complaint,) = read_mail(report("message/feedback-report", "Feedback-Type: abuse\nVersion: 1\n"))
    assert (complaint.message_id, complaint.kind) == (about, "complaint")
    for other in (b"", b"Subject: I am away\n\nBack on Monday.\n"):
        with pytest.raises(DomainError, match="neither a report"):
            read_mail(other)


# Pages


def test_staff_see_how_far_it_is_stop_it_and_type_the_address(sierra: Society) -> None:
    staff = browser_of(make_staff(), sierra)
    assert "Type it on the page" in staff.get("/staff/mail/many/").content.decode()
    assert staff.post("/staff/mail/postal-address/", {"postal_address": "Here"}).status_code == 422
    kept = staff.post("/staff/mail/postal-address/", {"postal_address": "PO Box 4400\r\nNorthfield, MN 55057"})
    assert kept["Location"] == "/staff/mail/many/"
    with context.platform():
        sierra = Society.objects.get(pk=sierra.pk)
    assert brand_of(sierra).postal_address == "PO Box 4400, Northfield, MN 55057"
    with context.society(sierra):
        mailing = begin(60)
        mails = write(mailing, 60)
        OutboxMail.objects.filter(pk=mails[0].pk).update(
            state=State.FAILED, came_back=Back.BOUNCE, came_back_at=clock.now(), trouble="550 no such user"
        )
    where = f"/staff/mail/many/{mailing.pk}/"
    page = staff.get(where).content.decode()
    assert all(said in page for said in ("550 no such user", "reader0@example.org", "The next ones leave", "Keep back"))
    assert "59 mails stay here" in staff.post(f"{where}stop/", follow=True).content.decode()
    assert "Stopped by hand" in staff.get("/staff/mail/many/").content.decode()
