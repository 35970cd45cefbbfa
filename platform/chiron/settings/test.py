"""Tests: nothing is read from the environment's services. tests/conftest.py gives the database when one is wanted."""

from __future__ import annotations

from chiron.settings.base import *

ENVIRONMENT = "test"
SECRET_KEY = "a key for tests that is as long as a real one has to be, and known to all"
SITE_SCHEME, SITE_PORT = "http", CHIRON_PORT
DATABASES["default"] |= {"NAME": ""}
DATABASE_ADMIN_URL = SENTRY_DSN = ""
STRIPE_SECRET_KEY = STRIPE_API_BASE = ""
STRIPE_WEBHOOK_SECRETS = ()
CELERY_BROKER_URL = "memory://"
CACHES = {
    "default": {
        "BACKEND": "tenants.cache.LocalCache",
        "LOCATION": "societies",
        "KEY_FUNCTION": "tenants.cache.key_of_here",
    },
    "platform": {"BACKEND": "tenants.cache.LocalCache", "LOCATION": "platform"},
}
# Static files from where they lie, so that a test sees what was last written and needs nothing collected.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
