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


def test_a_task_works_in_its_society_alone_under_the_labels_it_was_queued_with(
    worker: Worker, societies: dict[str, Society]
) -> None:
    sierra, northstar = societies["sierra"], societies["northstar"]
    with labels.labelled(request_id="r-of-the-web"), context.society(sierra):
        work.note.after_commit(verb="sierra")
        assert verbs(sierra) == []
    with context.platform():
        work.note_for_all.after_commit(verb="platform")
    with context.society(northstar):
        work.note.after_commit(verb="northstar")
    eventually(lambda: [verbs(sierra), verbs(northstar), verbs(None)] == [["sierra"], ["northstar"], ["platform"]])
    assert verbs(societies["commonwealth"]) == []
    lines = [line for line in worker.lines() if line["message"] == "noted"]
    assert [(line["society"], line.get("request_id"), line["task"]) for line in lines] == [
        ("sierra", "r-of-the-web", "tests.beside.work.note"),
        ("northstar", None, "tests.beside.work.note"),
    ]


def test_what_is_rolled_back_queues_nothing(worker: Worker, societies: dict[str, Society]) -> None:
    sierra = societies["sierra"]
    with context.society(sierra):
        with pytest.raises(LookupError), transaction.atomic():
            work.note.after_commit(verb="never")
            raise LookupError
        work.note.after_commit(verb="afterwards")
    eventually(lambda: verbs(sierra) != [])
    assert verbs(sierra) == ["afterwards"]


def test_a_task_of_a_suspended_society_is_dropped_with_a_line(worker: Worker, societies: dict[str, Society]) -> None:
    sierra, northstar = societies["sierra"], societies["northstar"]
    with context.platform():
        Society.objects.filter(pk=sierra.pk).update(state=Society.State.SUSPENDED)
    with context.society(sierra):
        work.note.after_commit(verb="dropped")
    with context.society(northstar):
        work.note.after_commit(verb="done")
    eventually(lambda: verbs(northstar) == ["done"])
    assert verbs(sierra) == []
    assert "dropped tests.beside.work.note: its society is suspended or gone" in [
        line["message"] for line in worker.lines()
    ]


def test_an_attempt_that_came_too_early_is_undone_and_made_again(
    worker: Worker, societies: dict[str, Society], tmp_path: Path
) -> None:
    sierra = societies["sierra"]
    with context.society(sierra):
        work.note_at_last.after_commit(verb="once", folder=str(tmp_path))
    eventually(lambda: verbs(sierra) != [])
    assert verbs(sierra) == ["once"]


def test_a_task_that_fails_leaves_no_row_and_no_words_in_the_log(worker: Worker, societies: dict[str, Society]) -> None:
    with labels.labelled(request_id="r-of-the-web"), context.society(societies["sierra"]):
        work.stumble.after_commit(verb="half done")
    eventually(lambda: any(line["level"] == "error" for line in worker.lines()))
    (line,) = [line for line in worker.lines() if line["level"] == "error"]
    assert (line["society"], line["request_id"], line["task"]) == (
        "sierra",
        "r-of-the-web",
        "tests.beside.work.stumble",
    )
    assert line["error"].endswith("builtins.LookupError")
    written = worker.log.read_text()
    assert [planted for planted in (NAME, ADDRESS, LETTER) if planted in written] == []
    assert verbs(societies["sierra"]) == []


@pytest.mark.parametrize("whom", ["worker", "child"])
def test_a_task_whose_worker_is_killed_runs_again_and_leaves_its_rows_once(
    worker: Worker, societies: dict[str, Society], tmp_path: Path, whom: str
) -> None:
    sierra, began = societies["sierra"], tmp_path / "began"
    with context.society(sierra):
        work.note_while.after_commit(verb="killed", folder=str(tmp_path))
        work.note.after_commit(verb="behind it")
    eventually(began.exists)
    assert verbs(sierra) == []
    if whom == "child":
        worker.kill_child()
    else:
        worker.kill()
        worker.long_ago()
    (tmp_path / "end").touch()
    with Worker(tmp_path / "second.log", broker=worker.environment["CELERY_BROKER_URL"]):
        eventually(lambda: len(verbs(sierra)) == 2)
    assert sorted(verbs(sierra)) == ["behind it", "killed"]


def test_a_mail_leaves_when_its_transaction_has_committed(
    worker: Worker, societies: dict[str, Society], mail_server: MailServer
) -> None:
    with context.society(societies["sierra"]):
        (mail,) = outbox.mail("hello", to="jo@example.org")
        assert mail_server.taken == []
    eventually(lambda: len(mail_server.taken) == 1)

    def is_marked() -> bool:
        with context.society(societies["sierra"]):
            return OutboxMail.objects.get(pk=mail.pk).state == OutboxMail.State.SENT

    eventually(is_marked)
