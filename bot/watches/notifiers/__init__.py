"""Delivers what watches tell: Slack, mail, webhooks. One file a notifier, one line in `registry`."""
