"""The web, for gunicorn. It never owns tables: in production it does not start with the owner's address at hand."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chiron.settings.production")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from chiron.settings import env

application = get_wsgi_application()
env.refuse_owner(settings.ENVIRONMENT, settings.DATABASE_ADMIN_URL)
