from django.apps import AppConfig


class RenewingConfig(AppConfig):
    name = "programs.renewing"
    label = "renewing"

    def ready(self) -> None:
        from programs.enrollment import admitting
        from programs.renewing import due, selectors  # noqa: F401, what becomes due registers itself

        admitting.admit_by(selectors.is_asked)
