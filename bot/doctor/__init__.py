"""What an operator should know before the first user does: a table of checks, run at once, each bounded in time."""
