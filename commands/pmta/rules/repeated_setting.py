"""The same setting stands twice in one stanza, with different values.

The guide does not say whether the first or the last one counts. Keep the one that is meant.

Bad:
    <domain gmail.com>
        max-smtp-out 10
        max-smtp-out 20
    </domain>

Good:
    <domain gmail.com>
        max-smtp-out 20
    </domain>

Source: not documented; seen in public configs
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.catalogue import DIRECTIVES, names_in
from commands.pmta.language.config import Config
from commands.pmta.language.tree import Block

CODE = "PMTA320"
NAME = "repeated-setting"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("{name} is set in line {line} already, to another value.", "Keep one of them.")

# Documented to be given several times, or lists by nature.
_REPEATABLE = frozenset(
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


def _has_repeated(block: Block) -> bool:
    """Few stanzas have anything twice."""
    return len({one.key for one in block.settings}) < len(block.settings)


def check(config: Config) -> Problems:
    for block in filter(_has_repeated, (config.root, *config.blocks)):
        for name, found in block.named.items():
            if len(found) < 2 or name in _REPEATABLE or name not in DIRECTIVES or name not in names_in(block.tag):
                continue
            if len({one.value.lower() for one in found}) > 1:
                first = found[0]
                yield at_name(found[-1], name=name, line=first.line)
