"""The project: what makes the rooms one running platform."""
