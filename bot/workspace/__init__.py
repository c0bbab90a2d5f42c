"""A strict local Slack: Web API, Socket Mode, signed HTTP, response_url. The demo and the tests use it."""
