from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "programs.enrollment"
    label = "enrollment"

    def ready(self) -> None:
        from programs.enrollment import background  # noqa: F401, it registers what becomes due
