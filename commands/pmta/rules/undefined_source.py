"""A source, source group or proxy is named that does not exist.

The settings that were meant for this listener or user, also those that protect, cannot apply. Whether PowerMTA
refuses such a config is not documented.

Bad:
    # whole file
    smtp-listener 0/0:587 source=clients

Good:
    # whole file
    smtp-server-tls-certificate /etc/pmta/mail.pem
    smtp-listener 0/0:587 source=clients
    <source clients>
        require-auth yes
        allow-starttls yes
        require-starttls-before-auth yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7 and 3.3.1.24
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.references import MISSING, missing_names
from commands.pmta.findings.rule import Problems
from commands.pmta.language.config import Config

CODE = "PMTA703"
NAME = "undefined-source"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = MISSING

_KINDS = {"source": "source", "source-group": "source-group", "proxy": "proxy"}


def check(config: Config) -> Problems:
    for kind, label in _KINDS.items():
        yield from missing_names(config, kind, label)
