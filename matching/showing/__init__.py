"""What the desk shows of a draft."""
