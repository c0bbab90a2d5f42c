"""What the checks can find, and what that means."""
