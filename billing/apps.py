from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Plans, subscriptions and what they allow."""

    name = "billing"
