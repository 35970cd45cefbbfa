"""A society starts by itself: three questions, an address, and it is there."""
