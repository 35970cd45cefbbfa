from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "matching.publishing"
    label = "publishing"

    def ready(self) -> None:
        from matching.publishing import due  # noqa: F401, it registers what becomes due
