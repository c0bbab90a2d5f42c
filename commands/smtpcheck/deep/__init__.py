"""What a deep check asks further, and what follows from it."""
