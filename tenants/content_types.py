"""Content types are rows, with other numbers in each schema; Django keeps one cache of them for all."""

from __future__ import annotations

from typing import Any

from django.db import connections


class CacheBySchema(dict[Any, Any]):
    """The content-type manager's cache, where "default" means the default connection in the schema it stands in."""

    def __getitem__(self, alias: str) -> Any:
        return super().__getitem__(_here(alias))

    def setdefault(self, alias: str, default: Any = None) -> Any:
        return super().setdefault(_here(alias), default)


def _here(alias: str) -> tuple[str, str]:
    return alias, getattr(connections[alias], "schema_name", "")


def keep_one_cache_per_schema() -> None:
    """Give the content-type manager a cache that no society shares with another."""
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects._cache = CacheBySchema()  # type: ignore[attr-defined]
