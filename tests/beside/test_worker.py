"""Tasks on a real broker, in real workers that die. Each test looks at the rows that are left."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction

from chiron.observability import labels
from tenants import context, outbox
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.beside import work
from tests.beside.planted import ADDRESS, LETTER, NAME
from tests.beside.smtp import MailServer
from tests.beside.trail import noted
from tests.beside.workers import Worker, eventually

pytestmark = pytest.mark.django_db(transaction=True)


def verbs(society: Society | None) -> list[str]:
    with context.society(society) if society else context.platform():
        return noted()


def test_a_task_works_in_its_society_alone_under_the_labels_it_was_queued_with_or_is_dropped_with_a_line(
    worker: Worker, societies: dict[str, Society]
) -> None:
    sierra, northstar, suspended = societies["sierra"], societies["northstar"], societies["commonwealth"]
    with context.platform():
        Society.objects.filter(pk=suspended.pk).update(state=Society.State.SUSPENDED)
    with context.society(suspended):
        work.note.after_commit(verb="dropped")
    with labels.labelled(request_id="r-of-the-web"), context.society(sierra):
        work.note.after_commit(verb="sierra")
        assert verbs(sierra) == []
    with context.platform():
        work.note_for_all.after_commit(verb="platform")
    with context.society(northstar):
        work.note.after_commit(verb="northstar")
    eventually(lambda: [verbs(sierra), verbs(northstar), verbs(None)] == [["sierra"], ["northstar"], ["platform"]])
    assert verbs(suspended) == []
    assert "dropped tests.beside.work.note: its society is suspended or gone" in [
        line["message"] for line in worker.lines()
    ]
    lines = [line for line in worker.lines() if line["message"] == "noted"]
    assert [(line["society"], line.get("request_id"), line["task"]) for line in lines] == [
        ("sierra", "r-of-the-web", "tests.beside.work.note"),
        ("northstar", None, "tests.beside.work.note"),
    ]


def test_a_task_and_a_mail_leave_when_their_transaction_has_committed_and_none_is_left_of_a_rollback(
    worker: Worker, societies: dict[str, Society], mail_server: MailServer
) -> None:
    sierra = societies["sierra"]
    with context.society(sierra):
        with pytest.raises(LookupError), transaction.atomic():
            work.note.after_commit(verb="never")
            raise LookupError
        work.note.after_commit(verb="afterwards")
        (mail,) = outbox.mail("hello", to="jo@example.org")
        assert mail_server.taken == []
    eventually(lambda: verbs(sierra) != [])
    assert verbs(sierra) == ["afterwards"]
    eventually(lambda: len(mail_server.taken) == 1)

    def is_marked() -> bool:
        with context.society(sierra):
            return OutboxMail.objects.get(pk=mail.pk).state == OutboxMail.State.SENT

    eventually(is_marked)


def test_an_attempt_that_fails_is_undone_without_a_word_in_the_log_and_made_again_if_it_came_too_early(
    worker: Worker, societies: dict[str, Society], tmp_path: Path
) -> None:
    sierra = societies["sierra"]
    with labels.labelled(request_id="r-of-the-web"), context.society(sierra):
        work.stumble.after_commit(verb="half done")
        work.note_at_last.after_commit(verb="once", folder=str(tmp_path))
    eventually(lambda: verbs(sierra) != [])
    assert verbs(sierra) == ["once"]
    (line,) = [line for line in worker.lines() if line["level"] == "error"]
    assert (line["society"], line["request_id"], line["task"]) == (
        "sierra",
        "r-of-the-web",
        "tests.beside.work.stumble",
    )
    assert line["error"].endswith("builtins.LookupError")
    written = worker.log.read_text()
    assert [planted for planted in (NAME, ADDRESS, LETTER) if planted in written] == []


def test_a_task_whose_process_or_worker_is_killed_runs_again_and_leaves_its_rows_once(
    worker: Worker, societies: dict[str, Society], tmp_path: Path
) -> None:
    sierra = societies["sierra"]

    def begin(verb: str) -> Path:
        """Have the worker begin a task, with another behind it; answers the file that lets it end."""
        folder = tmp_path / verb
        folder.mkdir()
        with context.society(sierra):
            work.note_while.after_commit(verb=verb, folder=str(folder))
            work.note.after_commit(verb=f"behind {verb}")
        eventually((folder / "began").exists)
        return folder / "end"

    end = begin("first")
    assert verbs(sierra) == []
    worker.kill_child()
    end.touch()
    eventually(lambda: len(verbs(sierra)) == 2)

    end = begin("second")
    assert sorted(verbs(sierra)) == ["behind first", "first"]
    worker.kill()
    worker.long_ago()
    end.touch()
    with Worker(tmp_path / "second.log", broker=worker.environment["CELERY_BROKER_URL"]):
        eventually(lambda: len(verbs(sierra)) == 4)
    assert sorted(verbs(sierra)) == ["behind first", "behind second", "first", "second"]
