from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class PeopleConfig(AppConfig):
    name = "tenants.people"
    label = "people"

    def ready(self) -> None:
        user_logged_in.connect(_join, dispatch_uid="join a person to the account that proved their address")


def _join(user: Any, **_: object) -> None:
    from tenants import context
    from tenants.people.services import join_person

    if context.current() is not None:
        join_person(account=user)
