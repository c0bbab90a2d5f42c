"""What Bolt calls, and what goes back to Slack."""
