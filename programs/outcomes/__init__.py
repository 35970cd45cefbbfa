"""What a session was worth: its surveys from asking to reading, and the page for the board."""
