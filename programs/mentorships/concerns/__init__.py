"""Reporting a concern: to one of two named people whom the reporter picks, and to nobody else."""
