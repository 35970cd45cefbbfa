"""Trying a program out, from sign-up to its end, with people who are invented."""
