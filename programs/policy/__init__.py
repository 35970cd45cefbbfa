"""What a society decided about a program, as one versioned document; eligibility rules and templates."""
