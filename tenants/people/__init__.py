"""The people one society knows, and what its staff may do."""
