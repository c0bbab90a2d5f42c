"""One folder per slash command. This file imports nothing, so that an engine can be imported without Slack."""
