"""Migrations of tomorrow, as the tests of migration write them."""

from tests.tenants.conftest import tomorrow

__all__ = ["tomorrow"]
