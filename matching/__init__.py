"""From sign-ups to published pairs: runs, the desk, publication and explanations."""
