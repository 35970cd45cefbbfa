"""Keeping in touch: asking now and then whether people have met, and what follows silence."""
