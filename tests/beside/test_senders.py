"""Senders that work side by side, and senders that die in the middle of a mail."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from redis import Redis

from chiron.kernel import clock
from tenants import context, due, outbox
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.outbox.sending import WINDOW
from tests.beside.smtp import OK, MailServer
from tests.beside.workers import Worker, eventually

A_MINUTE = timedelta(minutes=1)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("letters")]


def mails(society: Society) -> list[OutboxMail]:
    with context.society(society):
        return list(OutboxMail.objects.all())


def test_two_senders_send_a_hundred_mails_once_each(societies: dict[str, Society], mail_server: MailServer) -> None:
    sierra = societies["sierra"]
    readers = {f"reader{number}@example.org" for number in range(100)}
    with context.society(sierra):
        outbox.mail("hello", to=readers)
    senders_at: dict[str, int] = {}
    both_are_there = threading.Barrier(2, timeout=30)

    def send(name: str) -> None:
        both_are_there.wait()
        while job := due.claim():
            due.run(job)
            senders_at[name] = senders_at.get(name, 0) + 1
        connection.close()

    threads = [threading.Thread(target=send, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(mail_server.taken) == 100
    assert {str(message["To"]) for message in mail_server.taken} == readers
    assert sum(senders_at.values()) == 100
    assert min(senders_at.values()) > 10
    assert {(mail.state, mail.attempts, mail.repeats) for mail in mails(sierra)} == {(OutboxMail.State.SENT, 1, 0)}


def test_a_sender_killed_before_it_knew_is_followed_by_another_after_the_window(
    worker: Worker, societies: dict[str, Society], mail_server: MailServer
) -> None:
    def kill_the_sender(server: object) -> str:
        worker.kill()
        return OK

    mail_server.on_data = kill_the_sender
    with context.society(societies["sierra"]):
        outbox.mail("hello", to="jo@example.org")
    eventually(lambda: len(mail_server.taken) == 1)
    eventually(lambda: worker.process.poll() is not None)
    mail_server.on_data = lambda server: OK

    with clock.moved_by(WINDOW - A_MINUTE):
        due.tick()
    (mail,) = mails(societies["sierra"])
    assert (mail.state, mail.attempts, len(mail_server.taken)) == (OutboxMail.State.LEAVING, 1, 1)

    with clock.moved_by(WINDOW + A_MINUTE):
        due.tick()
    (mail,) = mails(societies["sierra"])
    assert (mail.state, mail.attempts, mail.repeats) == (OutboxMail.State.SENT, 2, 1)
    first, second = mail_server.taken
    assert first["Message-ID"] == second["Message-ID"] == mail.message_id


def test_a_sender_killed_before_it_sent_loses_nothing(societies: dict[str, Society], mail_server: MailServer) -> None:
    with context.society(societies["sierra"]):
        outbox.mail("hello", to="jo@example.org")
    assert due.claim() is not None  # and then the sender dies
    with clock.moved_by(WINDOW + A_MINUTE):
        due.tick()
    (mail,) = mails(societies["sierra"])
    assert (mail.state, mail.attempts, mail.repeats, len(mail_server.taken)) == (OutboxMail.State.SENT, 1, 0, 1)


def test_a_mail_is_kept_and_leaves_later_when_the_broker_is_away(
    societies: dict[str, Society], mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, forget_broker: None
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:9/0")  # nothing listens there
    with context.society(societies["sierra"]):
        outbox.mail("hello", to="jo@example.org")
    assert [mail.state for mail in mails(societies["sierra"])] == [OutboxMail.State.WAITING]
    due.tick()
    assert [mail.state for mail in mails(societies["sierra"])] == [OutboxMail.State.SENT]


def test_many_mails_of_one_transaction_ask_for_a_worker_once(societies: dict[str, Society], broker_url: str) -> None:
    with context.society(societies["sierra"]):
        for number in range(5):
            outbox.mail("hello", to=f"reader{number}@example.org")
    with Redis.from_url(broker_url) as client:
        assert client.llen("celery") == 1
