from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "chiron.console"
    label = "console"

    def ready(self) -> None:
        from chiron.console import demonstration

        demonstration.offer_operator()
