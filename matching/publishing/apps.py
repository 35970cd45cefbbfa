from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "matching.publishing"
    label = "publishing"

    def ready(self) -> None:
        from matching.publishing import due, selectors  # noqa: F401, what becomes due and what counts register themselves
