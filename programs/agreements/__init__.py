"""Which text each person agreed to, and when. Rows are added and never changed: the database says so."""
