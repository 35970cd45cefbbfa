"""Who is invited, nominated or signed up over the phone, and how each says yes."""
