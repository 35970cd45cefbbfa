from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "programs.surveys"
    label = "surveys"
