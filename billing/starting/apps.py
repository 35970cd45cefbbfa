from django.apps import AppConfig


class StartingConfig(AppConfig):
    """Who began to start a society, and how far they came."""

    name = "billing.starting"
    label = "starting"

    def ready(self) -> None:
        from billing.starting import due  # noqa: F401, it registers what becomes due
