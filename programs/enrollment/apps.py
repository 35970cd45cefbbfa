from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "programs.enrollment"
    label = "enrollment"

    def ready(self) -> None:
        from programs.enrollment import due, interests, moving  # noqa: F401, they register what becomes due
        from programs.enrollment.importing import background  # noqa: F401, they register what becomes due
        from tenants.outbox import notices

        notices.when_complained(interests.forget_address)
