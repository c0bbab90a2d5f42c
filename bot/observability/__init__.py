"""What the process says of itself: a log without secrets, and metrics."""
