"""Settings that may be given several times in one stanza: documented to be, or lists by nature."""

REPEATABLE = frozenset(
    {
        "*", "/regex/", "address", "address-file", "alias", "api-key", "auto-cold-virtual-mta",
        "backoff-notify", "body-pattern-file", "cold-virtual-mta", "dkim-disallow-adding-headers",
        "dkim-headers", "domain", "domain-key", "domain-macro", "dummy-smtp-blacklist", "forward-errors-to",
        "forward-unmatched-to", "from-domain", "header", "host-name", "http-access", "http-api-key",
        "http-mgmt-source", "include", "include-headers-from", "ip-connection-limit", "mail-from",
        "map-header-to-field", "mx", "mx-connection-limit", "name-server", "no-http-mgmt-source",
        "pattern-list", "pickup", "postmaster", "rcpt-to", "record-fields", "records", "relay-address",
        "relay-domain", "remove-header", "reply", "second-dkim-headers", "sender-or-from", "smtp-ip",
        "smtp-listener", "smtp-port", "smtp-proxy-source-host", "smtp-source-host", "smtp-source-ip",
        "source-ip-max-connect-rate", "source-ip-max-data-volume-rate", "source-ip-max-msg-rate",
        "source-ip-max-smtp-out", "spool", "suppression-lists", "use-proxy", "virtual-mta",
    }
)  # fmt: skip
