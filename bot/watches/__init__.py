"""Runs watches and tells of them: runner, looks, outbox, Slack, mail, webhooks, gauges."""
