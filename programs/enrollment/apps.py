from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "programs.enrollment"
    label = "enrollment"
