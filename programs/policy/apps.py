from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "programs.policy"
    label = "policy"
