"""Copying one society out, bringing it back, and letting it go."""
