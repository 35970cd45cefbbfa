"""Rows for tests, made through the same services as everywhere."""
