"""One pool, solved and checked. Pure: no Django, nothing stored."""
