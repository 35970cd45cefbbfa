"""Caches whose keys carry whose they are, and always end."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends import base, locmem, redis

from tenants import context


def key_of_here(key: str, key_prefix: str, version: int) -> str:
    """The key of the place we stand in: the same word is another key in another society."""
    place = context.place()
    if not place:
        raise RuntimeError("A key belongs to a society or to the platform. Enter one of their doors to use the cache.")
    return f"{place}:{key_prefix}:{version}:{key}"


class _Ends(base.BaseCache):
    """Refuses keys that would stay for good."""

    def get_backend_timeout(self, timeout: Any = base.DEFAULT_TIMEOUT) -> Any:
        if timeout is None:
            raise ValueError("Every key has a time to live. Give a timeout.")
        return super().get_backend_timeout(timeout)


class LocalCache(_Ends, locmem.LocMemCache):
    """In this process alone: for tests, and for a desk without a cache."""


class RedisCache(_Ends, redis.RedisCache):
    """Redis or Valkey, shared by all processes."""
