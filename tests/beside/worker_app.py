"""The Celery application of a worker under test: the platform's, with the tests' own tasks and in haste."""

from __future__ import annotations

from chiron.celery_app import app

app.conf.imports = ["tests.beside.work"]
app.conf.broker_transport_options = {
    **app.conf.broker_transport_options,
    "unacked_restore_interval": 1,
}
