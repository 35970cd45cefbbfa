from __future__ import annotations

from importlib.metadata import version

from django.apps import AppConfig
from django.conf import settings


class ChironConfig(AppConfig):
    """What begins with the process, whichever it is: web, worker, beat or a command."""

    name = "chiron"
    verbose_name = "Chiron"

    def ready(self) -> None:
        # Tasks find their broker through this application, in the web process as in the worker.
        from chiron import celery_app  # noqa: F401
        from chiron.observability import reports

        reports.start(settings.SENTRY_DSN, environment=settings.ENVIRONMENT, release=version("chiron"))
