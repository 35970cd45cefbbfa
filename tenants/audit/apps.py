from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Installed in both kinds of schema: the schema decides whose trail it is."""

    name = "tenants.audit"
    label = "audit"
