"""The real thing: every address is given, cookies travel by HTTPS alone, and nothing of the demonstration is left."""

from __future__ import annotations

from chiron.settings import env
from chiron.settings.base import *

ENVIRONMENT = "production"
SECRET_KEY = environment.secret("SECRET_KEY", at_least=50)
for _name in ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "EMAIL_URL", "CHIRON_BASE_HOST"):
    environment.required(_name)
if CELERY_BROKER_URL.startswith("redis") and env.server(CELERY_BROKER_URL) == env.server(CACHE_URL):
    raise env.SettingError(
        "CACHE_URL", "is the broker's server. A cache forgets when it is full; give it one of its own."
    )
if DEMO:
    raise env.SettingError("CHIRON_DEMO", "is for a desk alone. Production has no demonstration; take it out.")
if STRIPE_API_BASE:
    raise env.SettingError("STRIPE_API_BASE", "is for a desk alone. Production talks to Stripe itself; take it out.")
if STRIPE_SECRET_KEY and not STRIPE_WEBHOOK_SECRETS:
    raise env.SettingError(
        "STRIPE_WEBHOOK_SECRETS", "is not set, and without it nothing that Stripe tells is believed."
    )

# A proxy in front speaks TLS, and says so.
SITE_SCHEME, SITE_PORT = "https", None
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# It names the visitor last; without this, all visitors would be one to the limits on sign-in.
ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
# Browsers take a cookie of this name from its own host only, never from a parent domain.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
