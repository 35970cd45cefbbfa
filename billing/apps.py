from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Plans, subscriptions and what they allow."""

    name = "billing"

    def ready(self) -> None:
        from billing import ending, following, reconciling, webhooks  # noqa: F401, they register what becomes due
        from billing.meter import answer
        from tenants import allowance

        allowance.register(answer)
