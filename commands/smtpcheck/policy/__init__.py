"""A domain's mail policy: DANE, MTA-STS, TLS-RPT."""
