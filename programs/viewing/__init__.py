"""Looking at a program through the eyes of somebody invented."""
