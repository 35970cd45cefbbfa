from django.apps import AppConfig


class QuotesConfig(AppConfig):
    name = "billing.quotes"
    label = "quotes"

    def ready(self) -> None:
        from billing.quotes import due  # noqa: F401, it registers what becomes due
