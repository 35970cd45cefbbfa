from __future__ import annotations

from importlib.metadata import version

from django.apps import AppConfig
from django.conf import settings


class ChironConfig(AppConfig):
    """What begins with the process, whichever it is: web, worker, beat or a command."""

    name = "chiron"
    verbose_name = "Chiron"

    def ready(self) -> None:
        from chiron.celery_app import app
        from chiron.observability import reports

        # Each process knows its broker, every room's tasks, and who handles what is due.
        app.autodiscover_tasks(force=True)
        app.autodiscover_tasks(["tenants.provisioning"], force=True)
        reports.start(settings.SENTRY_DSN, environment=settings.ENVIRONMENT, release=version("chiron"))
