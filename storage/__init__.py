"""What is kept and may be asked; below it, how each database does that. Knows nothing of SMTP, PowerMTA or Slack."""
