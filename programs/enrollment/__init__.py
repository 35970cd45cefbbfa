"""How people come in: rosters, sign-ups, eligibility, the waiting list and the directory."""
