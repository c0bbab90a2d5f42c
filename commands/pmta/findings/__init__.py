"""What a rule is, what it says, and the findings that come of it."""
