"""`portero demo`: a strict local Slack, SMTP servers on loopback, and the bot between them. No credentials."""
