"""The application: Slack, terminal, wiring. Knows no SMTP and no PowerMTA."""
