"""Whom participants would like: who names whom, until when, and what the matching reads of it."""
