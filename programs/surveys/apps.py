from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "programs.surveys"
    label = "surveys"

    def ready(self) -> None:
        from programs.surveys import due  # noqa: F401, it registers what becomes due
