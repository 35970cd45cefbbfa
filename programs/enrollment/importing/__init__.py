"""Bringing spreadsheets in: members, sign-ups and pairs that exist already."""
