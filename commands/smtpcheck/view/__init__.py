"""A check as people see it: in Slack and in a terminal."""
