"""What a society keeps of somebody, for that person to read, print and take along."""
