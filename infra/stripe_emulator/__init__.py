"""A small server of the Stripe endpoints that the platform uses: for the desk, the demonstration and the tests.

No card is charged, no key of real money is taken, and it listens on this machine alone. What it knows lies in one
SQLite file. The platform has no branch for it: only the base address of its requests differs.
"""

API_VERSION = "2026-08-26.dahlia"
