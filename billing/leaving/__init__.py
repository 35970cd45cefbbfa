"""How a society leaves: told to everybody, thirty days to read and take along, deleted, and proved."""
