"""Bringing every schema to the current version by SQL that was recorded once."""
