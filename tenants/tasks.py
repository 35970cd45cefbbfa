"""Tasks: work that a worker does after the request. Ids in, one service call out, safe to run twice.

    @society_task
    def send_due_check_ins(*, cycle_id: UUID) -> None: ...

    send_due_check_ins.after_commit(cycle_id=cycle.id)

The worker enters the society's door and a transaction, and what raises undoes the attempt. A message can be lost if
the process dies between its commit and the broker: work that must happen is written down with `due.schedule` instead.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Generic, ParamSpec
from uuid import UUID

from celery import Task, shared_task
from django.db import OperationalError

from tenants import context

P = ParamSpec("P")
logger = logging.getLogger(__name__)

# Waits are short, for the broker holds a waiting message as if it were being worked on.
MOST_ATTEMPTS = 5
LONGEST_WAIT = 60


class TryAgainError(Exception):
    """Raised by work that found the world not ready: the attempt is undone, and made again in a while."""


class Queued(Generic[P]):
    """A function for a worker. Called, it runs here and now; `after_commit` leaves it to the worker."""

    def __init__(self, work: Callable[P, None], enqueue: Callable[[Mapping[str, Any]], None]) -> None:
        self._work, self._enqueue = work, enqueue
        self.__name__, self.__doc__ = work.__name__, work.__doc__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        self._work(*args, **kwargs)

    def after_commit(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Queue the work if and when the present transaction commits."""
        assert not args, "Tasks take named arguments, which can be read in a queue."
        self._enqueue(kwargs)


def society_task(work: Callable[P, None]) -> Queued[P]:
    """Make a task that works inside one society, the one it was queued in."""
    on: Callable[..., None] = work  # a message holds names and values, which no type checker sees

    @shared_task(bind=True, name=_name(work), max_retries=MOST_ATTEMPTS - 1)
    def run(task: Task[..., None], society_id: str, **kwargs: Any) -> None:
        if not context.is_open(UUID(society_id)):
            logger.warning("dropped %s: its society is suspended or gone", task.name)
            return
        _attempt(task, lambda: context.society(UUID(society_id)), lambda: on(**kwargs))

    def enqueue(kwargs: Mapping[str, Any]) -> None:
        society = context.current()
        assert society is not None, f"{_name(work)} is work of a society; queue it from inside one."
        society_id = str(society.pk)
        context.after_commit(lambda: run.apply_async(args=(society_id,), kwargs=dict(kwargs)))

    return Queued(work, enqueue)


def platform_task(work: Callable[P, None]) -> Queued[P]:
    """Make a task that works in the platform's own tables."""
    on: Callable[..., None] = work

    @shared_task(bind=True, name=_name(work), max_retries=MOST_ATTEMPTS - 1)
    def run(task: Task[..., None], **kwargs: Any) -> None:
        _attempt(task, context.platform, lambda: on(**kwargs))

    return Queued(work, lambda kwargs: context.after_commit(lambda: run.apply_async(kwargs=dict(kwargs))))


def _attempt(task: Task[..., None], door: Callable[[], AbstractContextManager[Any]], work: Callable[[], None]) -> None:
    """Work behind a door; a deadlock, a lock or `TryAgainError` undoes the attempt first and then asks for another."""
    try:
        with door():
            work()
    except (TryAgainError, OperationalError) as error:
        raise task.retry(exc=error, countdown=min(2**task.request.retries, LONGEST_WAIT)) from error


def _name(work: Callable[..., None]) -> str:
    return f"{work.__module__}.{work.__qualname__}"
