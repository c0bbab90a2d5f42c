"""What came of a check, before it is stored."""
