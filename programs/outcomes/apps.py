from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "programs.outcomes"
    label = "outcomes"

    def ready(self) -> None:
        from programs.outcomes import due  # noqa: F401, it registers what becomes due, and what is planned
