"""What Slack sends: payloads, files, and deliveries that it repeats."""
