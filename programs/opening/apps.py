from django.apps import AppConfig


class OpeningConfig(AppConfig):
    """No tables: what is done shows in what is there."""

    name = "programs.opening"
    label = "opening"
