"""`chiron match`: two sheets and a policy in, pairs with reasons out. No server, no database, no Django."""
