"""Who can sign in: a mail address and nothing more. Every schema has accounts of its own."""
