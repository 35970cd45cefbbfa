"""The Celery application: `celery -A chiron.celery_app worker` and `… beat`. Tasks live in `tenants.tasks`' terms."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.signals import celeryd_init
from django.conf import settings

from chiron.observability import queue  # noqa: F401, the labels that travel with a task
from chiron.settings import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiron.settings.production")

# A task that takes longer is ended; its message comes back to the queue well after that.
TIME_LIMIT = timedelta(minutes=10)
REDELIVERY = timedelta(minutes=15)

SETTINGS: dict[str, Any] = {
    # JSON alone: a message can never be code.
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_ignore_result": True,
    "enable_utc": True,
    # A message is done when its work is; a worker that dies gives it back.
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "task_time_limit": TIME_LIMIT.total_seconds(),
    "task_soft_time_limit": (TIME_LIMIT - timedelta(seconds=30)).total_seconds(),
    "broker_transport_options": {
        "visibility_timeout": REDELIVERY.total_seconds(),
        # Look for messages of dead workers every ten seconds, not every hundred.
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        # A request that pokes an absent broker must not wait for it: what is due lies in the database.
        "socket_connect_timeout": 2,
        "socket_timeout": 30,
    },
    "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2},
    "broker_connection_retry_on_startup": True,
    # The schedule is code, so there is no file to break.
    "beat_scheduler": "tenants.beat:OnlyBeat",
    "beat_schedule": {
        # A tick that found no worker for half a minute is stale: a newer one is in the queue behind it.
        "due": {"task": "tenants.due.tick", "schedule": timedelta(seconds=5), "options": {"expires": 30}},
        # Only the worker of this queue may make and drop schemas.
        "upkeep": {
            "task": "tenants.provisioning.upkeep",
            "schedule": timedelta(minutes=5),
            "options": {"queue": "provision", "expires": 300},
        },
        "billing": {"task": "billing.reconcile", "schedule": timedelta(hours=1), "options": {"expires": 3600}},
    },
    "beat_max_loop_interval": 5,
}

app = Celery("chiron")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.add_defaults(lambda: SETTINGS)


@celeryd_init.connect
def own_no_tables(*, options: dict[str, Any], **_: object) -> None:
    """Of the workers in production, the one that makes societies alone may have the owner's address."""
    if list(options.get("queues") or ()) == ["provision"]:
        return
    try:
        env.refuse_owner(settings.ENVIRONMENT, settings.DATABASE_ADMIN_URL)
    except env.SettingError as error:
        sys.exit(f"chiron: {error.message}")  # Celery swallows everything else that a signal's receiver raises
