"""The public site: what Chiron is, and the operators' console."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from billing import webhooks
from billing.portal.by_link import pay
from billing.starting.portal import urls as starting_urls
from chiron.front import views as front
from tenants.outbox import hook

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.landing, name="home"),
    path("plans/", front.prices, name="plans"),
    path("plans/tax-form/", front.tax_form, name="tax-form"),
    path("security/", front.security, name="security"),
    path("status/", front.status, name="status"),
    path("privacy/", front.privacy, name="privacy"),
    path("robots.txt", front.robots),
    path("favicon.ico", front.favicon),
    path("", include("tenants.accounts.urls")),
    path("start/", include(starting_urls.public)),
    path("", include(starting_urls.texts)),
    path("", include("billing.quotes.portal.urls")),
    path("plans/for/<str:token>/", pay, name="pay"),
    path("stripe/webhook/", webhooks.told, name="stripe-webhook"),
    path("console/", include("chiron.console.urls")),
    path("mail/notices/", hook.notices, name="mail-notices"),
]
if settings.DEMO:  # production refuses to start with it
    urlpatterns.append(path("mail/", include("tenants.outbox.sink")))

handler400 = "chiron.design.errors.bad_request"
handler403 = "chiron.design.errors.forbidden"
handler404 = "chiron.design.errors.not_found"
handler429 = "chiron.design.errors.too_many"
handler500 = "chiron.design.errors.server_error"
