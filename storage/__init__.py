"""Rows, migrations, queries. Knows nothing of SMTP, PowerMTA or Slack, and imports nothing here."""
