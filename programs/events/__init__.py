"""Speed-mentoring evenings."""
