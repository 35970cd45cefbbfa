from django.apps import AppConfig


class LeavingConfig(AppConfig):
    name = "billing.leaving"
    label = "leaving"

    def ready(self) -> None:
        from billing.leaving import due, services  # noqa: F401, it registers what becomes due
        from tenants.provisioning.tasks import upkeep_does

        upkeep_does(services.delete_who_left)
