from __future__ import annotations

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Societies, their walls and the doors in them."""

    name = "tenants"

    def ready(self) -> None:
        from tenants import content_types, hosts

        content_types.keep_one_cache_per_schema()
        hosts.forget_when_societies_change()
