"""Runs watches and tells of them: scheduler, looks, outbox, Slack, mail, webhooks, gauges."""
