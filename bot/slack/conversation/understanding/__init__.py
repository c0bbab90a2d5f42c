"""A text as a command: what all readers of it come to."""
