from django.apps import AppConfig


class WishingConfig(AppConfig):
    name = "programs.wishing"
    label = "wishing"

    def ready(self) -> None:
        from programs.wishing import asking, due  # noqa: F401, what is planned and what becomes due registers itself
