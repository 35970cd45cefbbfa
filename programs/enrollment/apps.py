from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "programs.enrollment"
    label = "enrollment"

    def ready(self) -> None:
        from programs.enrollment import background, due  # noqa: F401, they register what becomes due
