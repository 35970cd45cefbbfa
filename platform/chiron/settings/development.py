"""A desk: plain HTTP on this machine. `chiron up` gives the addresses of what it has started."""

from __future__ import annotations

from chiron.observability import logs
from chiron.settings.base import *

ENVIRONMENT = "development"
SECRET_KEY = environment.secret("SECRET_KEY", at_least=1, default="a desk has no secrets, and no people either")
SITE_SCHEME, SITE_PORT = "http", CHIRON_PORT
LOGGING = logs.configuration(lines=False)
