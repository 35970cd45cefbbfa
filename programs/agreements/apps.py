from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "programs.agreements"
    label = "agreements"
