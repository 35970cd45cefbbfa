"""How Stripe's larger objects look when they are new."""
