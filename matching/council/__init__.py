"""The advisory council: seats that vote on what matters in a match, in secret, and what becomes of it."""
