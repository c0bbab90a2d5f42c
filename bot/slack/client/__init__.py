"""The Web API: session, client, retries and what Slack calls an error. Everything goes through here."""
