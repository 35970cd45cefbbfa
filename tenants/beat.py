"""The scheduler behind `celery beat`: of several, one ticks. The others stand by and take over when it is gone."""

from __future__ import annotations

import logging
from typing import Any

import psycopg
from celery.beat import Scheduler
from django.db import connection

logger = logging.getLogger(__name__)

# Any number, as long as nothing else in this database locks the same.
LOCK = 0x6368_6972_6F6E
STAND_BY = 5.0


class OnlyBeat(Scheduler):
    """Ticks while it holds an advisory lock. The schedule is code, so nothing is kept on disk."""

    _held: psycopg.Connection[Any] | None = None
    _leading = False

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """One round of the schedule, or a pause if another beat has the lock."""
        if not self._leads():
            return STAND_BY
        wait: float = super().tick(*args, **kwargs)
        return wait

    def close(self) -> None:
        self._let_go()
        super().close()

    def _leads(self) -> bool:
        """Whether the lock is ours, and the connection that holds it still alive."""
        try:
            if self._held is None:
                self._held = _open()
            if self._leading:
                self._held.execute("SELECT")
            elif row := self._held.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK]).fetchone():
                self._leading = row[0]
                logger.info("this beat ticks" if self._leading else "another beat ticks; this one stands by")
        except psycopg.Error:
            logger.warning("the database is away; beat waits for it", exc_info=True)
            self._let_go()
        return self._leading

    def _let_go(self) -> None:
        self._leading = False
        if self._held is not None:
            self._held.close()
            self._held = None


def _open() -> psycopg.Connection[Any]:
    """A connection in a transaction that lasts as long as this process.

    The lock belongs to that transaction rather than to the session, so a pooler that gives out connections by
    transaction holds it as well. It has read nothing and written nothing, so it keeps no vacuum waiting.
    """
    held: psycopg.Connection[Any] = psycopg.connect(**connection.get_connection_params())
    held.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    held.execute("SET LOCAL transaction_timeout = 0")
    return held
