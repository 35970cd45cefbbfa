"""A task carries the labels of the work that queued it, so its lines can be found by the same request id."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from celery import Task
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun

from chiron.observability import labels


@before_task_publish.connect
def send_along(*, headers: dict[str, Any], **_: object) -> None:
    """Put the labels on the message."""
    headers["labels"] = dict(labels.current())


@task_prerun.connect
def take_over(*, task: Task[..., Any], task_id: str, **_: object) -> None:
    """Work under the labels of the message, until the task is over and its end has been logged."""
    carried: dict[str, str] = task.request.get("labels") or {}
    worn = ExitStack()
    worn.enter_context(labels.labelled(**{**carried, "task": task.name, "task_id": task_id}))
    task.request.update(worn=worn)


@task_postrun.connect
def hand_back(*, task: Task[..., Any], **_: object) -> None:
    """Forget the labels of the finished task."""
    task.request.get("worn").close()


@setup_logging.connect
def leave_logging_alone(**_: object) -> None:
    """Celery would set levels and formats of its own, if nobody answered this signal."""
