from __future__ import annotations

from uuid import UUID

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "programs.policy"
    label = "policy"

    def ready(self) -> None:
        from tenants.people import scopes

        scopes.name_by(_program_names)


def _program_names() -> dict[UUID, str]:
    from programs.policy.models import Program

    return dict(Program.objects.filter(archived_at=None).values_list("pk", "name"))
