from __future__ import annotations

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Installed in both kinds of schema: the schema decides who writes."""

    name = "tenants.outbox"
    label = "outbox"
