"""One small request over HTTPS to a host that somebody else names: MTA-STS policies and webhooks."""
