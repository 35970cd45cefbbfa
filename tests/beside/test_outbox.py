"""A mail is written with what it tells, leaves afterwards, and says what became of it. Sent to a real mail server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail as django_mail
from django.db import IntegrityError, transaction

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import context, due, outbox
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tenants.outbox.selectors import mail_log
from tenants.outbox.sending import GIVES_UP_AFTER, SECRET_GIVES_UP_AFTER, WINDOW
from tests.beside.smtp import MailServer, break_off

State = OutboxMail.State
pytestmark = pytest.mark.usefixtures("letters")
WORDS = {"words": "You & Dr. B. both like hiking.", "link": "https://sierra.localhost/me/"}
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Reader:
    name: str
    email: str


JO = Reader("Jo Rivera, MD", "jo@example.org")


def write(**options: object) -> OutboxMail:
    (written,) = outbox.mail("hello", **{"to": JO, "context": WORDS} | options)  # type: ignore[arg-type]
    return written


def read(mail: OutboxMail) -> OutboxMail:
    return OutboxMail.objects.get(pk=mail.pk)


def still_due() -> list[tuple[str, str]]:
    with context.platform():
        return list(Due.objects.values_list("kind", "ref"))


def test_a_mail_reaches_its_reader_in_the_name_of_the_society(sierra: Society, mail_server: MailServer) -> None:
    mail = write(reply_to="dr-lead@example.org")
    assert mail_server.taken == []
    due.tick()
    (message,) = mail_server.taken
    assert {name: message[name] for name in ("From", "To", "Subject", "Reply-To", "Message-ID", "Auto-Submitted")} == {
        "From": "Sierra Medical Society <sierra@localhost>",
        "To": '"Jo Rivera, MD" <jo@example.org>',
        "Subject": "Sierra Medical Society: Hello Jo Rivera, MD",
        "Reply-To": "dr-lead@example.org",
        "Message-ID": f"<{mail.pk}.sierra@localhost>",
        "Auto-Submitted": "auto-generated",
    }
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == [
        "Sierra Medical Society",
        "",
        "Hello",
        "",
        "You & Dr. B. both like hiking.",
        "",
        "Open it: https://sierra.localhost/me/",
        "",
        "You get this mail because you took part in a test.",
        "",
        "Questions? dr-lead@example.org",
    ]
    assert '<html lang="en-US">' in html.get_content()
    assert html.get_content().count('class="button"') == 1
    assert (read(mail).state, still_due()) == (State.SENT, [])


def test_answers_go_to_the_society_unless_the_mail_says_otherwise(sierra: Society) -> None:
    assert write().reply_to == "mentoring@sierra.example.org"


def test_the_platform_writes_in_its_own_name(platform_door: None, mail_server: MailServer) -> None:
    write()
    due.tick()
    assert [str(message["From"]) for message in mail_server.taken] == ["Chiron <hello@localhost>"]


def test_everybody_with_an_address_gets_a_mail_of_their_own(sierra: Society, mail_server: MailServer) -> None:
    outbox.mail("hello", to=[JO, Reader("No Address", ""), "sam@example.org"], context=WORDS)
    due.tick()
    assert sorted(str(message["To"]) for message in mail_server.taken) == [
        '"Jo Rivera, MD" <jo@example.org>',
        "sam@example.org",
    ]


def test_a_mail_that_waits_leaves_in_its_time(sierra: Society, mail_server: MailServer) -> None:
    write(wait=timedelta(minutes=30))
    with clock.moved_by(timedelta(minutes=29)):
        due.tick()
    assert mail_server.taken == []
    with clock.moved_by(timedelta(minutes=31)):
        due.tick()
    assert len(mail_server.taken) == 1


def test_a_mail_can_be_taken_back_while_it_waits(sierra: Society, mail_server: MailServer) -> None:
    mail = write(wait=timedelta(minutes=30))
    assert outbox.take_back(mail=mail).state == State.CANCELED
    with clock.moved_by(timedelta(hours=1)):
        due.tick()
    assert (mail_server.taken, still_due()) == ([], [])


def test_a_mail_that_has_left_cannot_be_taken_back(sierra: Society, mail_server: MailServer) -> None:
    mail = write()
    due.tick()
    with pytest.raises(DomainError, match="can no longer be taken back"):
        outbox.take_back(mail=mail)
    assert read(mail).state == State.SENT


def test_a_refusal_for_good_is_told_and_not_tried_again(sierra: Society, mail_server: MailServer) -> None:
    mail_server.answer_to = lambda address: "550 5.1.1 No such person here"
    mail = write()
    due.tick()
    failed = read(mail)
    assert (failed.state, failed.attempts, still_due()) == (State.FAILED, 1, [])
    assert failed.trouble == "The mail server refused it for good: 550 5.1.1 No such person here"


def test_a_message_refused_after_it_was_read_is_told_too(sierra: Society, mail_server: MailServer) -> None:
    mail_server.on_data = lambda server: "554 5.7.1 Looks like spam"
    mail = write()
    due.tick()
    assert (read(mail).state, read(mail).trouble) == (
        State.FAILED,
        "The mail server refused it for good: 554 5.7.1 Looks like spam",
    )


def test_a_server_that_says_later_is_asked_later(sierra: Society, mail_server: MailServer) -> None:
    mail_server.answer_to = lambda address: "451 4.7.1 Greylisted"
    mail = write()
    due.tick()
    due.tick()
    waiting = read(mail)
    assert (waiting.state, waiting.attempts) == (State.WAITING, 1)
    assert waiting.trouble == "The mail server asked us to try later: 451 4.7.1 Greylisted"
    mail_server.answer_to = lambda address: "250 OK"
    with clock.moved_by(A_MINUTE * 1.1):
        due.tick()
    sent = read(mail)
    assert (sent.state, sent.attempts, sent.repeats, sent.trouble) == (State.SENT, 2, 0, "")


def test_a_mail_outlives_a_mail_server_that_is_away(
    sierra: Society, mail_server: MailServer, settings: pytest.FixtureRequest
) -> None:
    settings.EMAIL_PORT = 9  # nothing listens there
    mail = write()
    due.tick()
    assert (read(mail).state, read(mail).trouble) == (State.WAITING, "Our mail server could not be reached.")
    settings.EMAIL_PORT = mail_server.port
    with clock.moved_by(A_MINUTE * 1.1):
        due.tick()
    assert (read(mail).state, read(mail).repeats, len(mail_server.taken)) == (State.SENT, 0, 1)


@pytest.mark.parametrize(("secret", "patience"), [(False, GIVES_UP_AFTER), (True, SECRET_GIVES_UP_AFTER)])
def test_at_last_it_is_given_up(sierra: Society, mail_server: MailServer, secret: bool, patience: timedelta) -> None:
    mail_server.answer_to = lambda address: "451 4.7.1 Greylisted"
    mail = write(secret=secret)
    for moment in (timedelta(0), patience - A_MINUTE, patience + A_MINUTE):
        with clock.moved_by(moment):
            due.tick()
    assert (read(mail).state, read(mail).attempts, still_due()) == (State.FAILED, 3, [])


def test_a_mail_that_may_have_left_is_sent_again_only_after_the_window_and_counted(
    sierra: Society, mail_server: MailServer
) -> None:
    mail_server.on_data = break_off
    mail = write()
    due.tick()
    mail_server.on_data = lambda server: "250 OK"
    with clock.moved_by(WINDOW - A_MINUTE):
        due.tick()
    assert (len(mail_server.taken), read(mail).state) == (1, State.LEAVING)
    with clock.moved_by(WINDOW + A_MINUTE):
        due.tick()
    first, second = mail_server.taken
    assert first["Message-ID"] == second["Message-ID"] == mail.message_id
    assert (read(mail).state, read(mail).repeats, still_due()) == (State.SENT, 1, [])


def test_nothing_sends_a_mail_that_may_have_left_before_the_window_is_over(
    sierra: Society, mail_server: MailServer
) -> None:
    mail_server.on_data = break_off
    mail = write()
    due.tick()
    due.schedule("mail", str(mail.pk), at=clock.now())
    due.tick()
    assert (len(mail_server.taken), read(mail).attempts) == (1, 1)
    with clock.moved_by(WINDOW + A_MINUTE):
        due.tick()
    assert (len(mail_server.taken), read(mail).repeats) == (2, 1)


def test_a_code_is_gone_once_it_was_sent(sierra: Society, mail_server: MailServer) -> None:
    mail = write(secret=True, context={"words": "Your code is 493817"})
    due.tick()
    (message,) = mail_server.taken
    assert "493817" in str(message)
    kept = read(mail)
    assert (kept.state, kept.subject, kept.text, kept.html) == (State.SENT, "", "", "")


def test_a_sealed_mail_is_read_by_its_reader_and_by_nobody_who_reads_the_database(
    sierra: Society, mail_server: MailServer
) -> None:
    mail = write(sealed=True, reply_to="reporter@example.org", context={"words": "He asked me to change a chart."})
    kept = read(mail)
    assert not {"chart", "reporter"} & set(re.findall(r"[a-z]+", f"{kept.text} {kept.html} {kept.reply_to}".lower()))
    due.tick()
    (message,) = mail_server.taken
    assert "change a chart" in str(message)
    assert message["Reply-To"] == "reporter@example.org"
    kept = read(mail)
    assert (kept.state, kept.subject, kept.text, kept.html, kept.reply_to) == (State.SENT, "", "", "", "")


@pytest.mark.parametrize("ending", ["refused", "canceled"])
def test_a_code_is_gone_however_its_mail_ends(sierra: Society, mail_server: MailServer, ending: str) -> None:
    mail = write(secret=True)
    if ending == "canceled":
        outbox.take_back(mail=mail)
    else:
        mail_server.answer_to = lambda address: "550 No"
        due.tick()
    assert (read(mail).is_done, read(mail).subject, read(mail).text, read(mail).html) == (True, "", "", "")


def test_the_database_refuses_to_keep_a_code(sierra: Society) -> None:
    mail = write(secret=True)
    with pytest.raises(IntegrityError, match="no_secret_outlives_its_mail"), transaction.atomic():
        OutboxMail.objects.filter(pk=mail.pk).update(state=State.CANCELED)


def test_staff_see_what_became_of_mails_but_no_words_and_no_code(sierra: Society, mail_server: MailServer) -> None:
    write()
    write(secret=True, context={"words": "Your code is 493817"})
    code, hello = mail_log()
    assert (hello["about"], hello["recipient"], hello["state"]) == (
        "Sierra Medical Society: Hello Jo Rivera, MD",
        "jo@example.org",
        State.WAITING,
    )
    assert (code["about"], code["recipient"], code["state"]) == ("", "jo@example.org", State.WAITING)
    assert WORDS["words"] in OutboxMail.objects.last().text  # type: ignore[union-attr]
    shown = repr(list(mail_log()))
    assert "493817" not in shown
    assert "hiking" not in shown


def test_one_society_does_not_see_the_mails_of_another(sierra: Society, societies: dict[str, Society]) -> None:
    write()
    with context.society(societies["commonwealth"]):
        assert list(mail_log()) == []
    with context.platform():
        assert list(mail_log()) == []
    assert len(mail_log()) == 1


def test_a_list_can_be_left_with_one_click(sierra: Society, mail_server: MailServer) -> None:
    write(unsubscribe=lambda reader: f"https://sierra.localhost/leave/{reader.email}")
    due.tick()
    (message,) = mail_server.taken
    assert message["List-Unsubscribe"] == "<https://sierra.localhost/leave/jo@example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_mail_of_a_row_that_is_gone_is_forgotten(sierra: Society, mail_server: MailServer) -> None:
    due.schedule("mail", str(uuid4()), at=clock.now())
    due.tick()
    assert (mail_server.taken, still_due()) == ([], [])


def test_what_libraries_send_goes_through_the_outbox_as_a_secret(
    sierra: Society, mail_server: MailServer, settings: pytest.FixtureRequest
) -> None:
    settings.EMAIL_BACKEND = "tenants.outbox.backend.OutboxBackend"
    django_mail.send_mail("Code: 493817", "Type it.", None, ["jo@example.org"], html_message="<p>Type it.</p>")
    (mail,) = OutboxMail.objects.all()
    assert (mail.secret, mail.state, mail.html) == (True, State.WAITING, "<p>Type it.</p>")
    due.tick()
    assert mail_server.subjects() == ["Code: 493817"]
    assert str(mail_server.taken[0]["From"]) == "Sierra Medical Society <sierra@localhost>"
    assert read(mail).subject == ""
