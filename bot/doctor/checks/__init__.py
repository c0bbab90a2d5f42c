"""The checks: small functions, each with what it needs as parameters."""
