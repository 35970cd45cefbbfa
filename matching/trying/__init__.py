"""Trying other weights: what would change, before anything does."""
