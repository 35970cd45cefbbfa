"""Django's PostgreSQL backend with doors: each transaction runs in one schema, under the role that has rights there."""
