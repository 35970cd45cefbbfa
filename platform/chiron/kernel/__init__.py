"""What everything may use and what uses nothing of ours: errors, the clock, ids, signed values."""
