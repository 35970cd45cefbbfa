"""What the people of a mentorship write here: goals and notes. They are encrypted, and nobody else's to read."""
