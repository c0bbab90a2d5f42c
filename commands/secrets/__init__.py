"""What is secret in a text, found by its name and by its shape, and covered."""
