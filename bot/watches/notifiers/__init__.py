"""Delivers what watches tell beside Slack (`bot.slack.alerts`): one file a notifier, one line in `registry`."""
