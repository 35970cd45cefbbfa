"""Relationships: from the proposal over the yes of both to the end."""
