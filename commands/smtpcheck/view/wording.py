"""Words of the answer around a check: the table, settings of mail clients, what a deep check does. Data only."""

from collections.abc import Mapping

DEEP_WAITS = "waits up to 35 s for each greeting and takes up to 2 min in all"
"""What a deep check does, in words (`wire.session.DEEP`)."""

TLS_UP = "works"
"""TLS in the table where the handshake was finished and the server hung up before its version could be read."""

NOT_ANNOUNCED = "not announced"
"""TLS in the table where a further connection came to it without its announcement."""

CLIENT_TLS: Mapping[str, str] = {"implicit": "SSL/TLS", "starttls": "STARTTLS (required)", "none": "no TLS"}
"""The modes as mail clients call them."""
