"""Sample sheets of three invented societies. Nobody in them is real."""
