from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "chiron.console"
    label = "console"
