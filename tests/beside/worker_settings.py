"""Settings of a worker under test: those of a desk, with the test's own roles."""

from __future__ import annotations

from chiron.observability import logs
from chiron.settings.development import *  # noqa: F403

DATABASE_ROLE_PREFIX = environment.required("TEST_ROLE_PREFIX")  # noqa: F405
LOGGING = logs.configuration()
