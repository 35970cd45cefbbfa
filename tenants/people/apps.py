from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class PeopleConfig(AppConfig):
    name = "tenants.people"
    label = "people"

    def ready(self) -> None:
        from tenants.people import (
            demonstration,
            due,  # noqa: F401, it registers what becomes due
        )

        user_logged_in.connect(_join, dispatch_uid="join a person to the account that proved their address")
        demonstration.offer_staff()


def _join(user: Any, **_: object) -> None:
    from chiron.kernel import clock
    from tenants import context
    from tenants.models import Society
    from tenants.people.services import join_person

    if (society := context.current()) is not None:
        join_person(account=user)
        with context.platform():
            # Not saved as a whole, for that makes every process look for its hosts again.
            Society.objects.filter(pk=society.pk).update(last_active_at=clock.now())
