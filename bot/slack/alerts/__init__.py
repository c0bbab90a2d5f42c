"""Alerts of watches in Slack: the notifier, the channels that they go to, and posts that are not repeated."""
