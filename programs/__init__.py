"""What one society offers its people, and who takes part."""
