from django.apps import AppConfig


class OwnCopyConfig(AppConfig):
    name = "programs.own_copy"
    label = "own_copy"
