from django.apps import AppConfig


class CouncilConfig(AppConfig):
    name = "matching.council"
    label = "council"

    def ready(self) -> None:
        from matching.council import due  # noqa: F401, what becomes due registers itself
