from django.apps import AppConfig


class ViewingConfig(AppConfig):
    """No tables: whoever is looked through is there for the length of a request."""

    name = "programs.viewing"
    label = "viewing"
