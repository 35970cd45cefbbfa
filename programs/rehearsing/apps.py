from django.apps import AppConfig


class RehearsingConfig(AppConfig):
    """No tables: a rehearsal is a society of its own, and what is in it is as real as anywhere."""

    name = "programs.rehearsing"
    label = "rehearsing"

    def ready(self) -> None:
        from programs.rehearsing import due  # noqa: F401, it registers what becomes due
