"""What a society sees between its start and its first open sign-up, and what it shares from then on."""
