from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    name = "chiron.demo"

    def ready(self) -> None:
        from tenants.provisioning.tasks import upkeep_does

        if settings.DEMO:
            upkeep_does(_show_example)


def _show_example() -> None:
    """In the background, after the three societies: nobody who starts the demonstration waits for it."""
    from chiron.demo.example import show_in_demonstration  # so much that only its worker loads it

    show_in_demonstration()
