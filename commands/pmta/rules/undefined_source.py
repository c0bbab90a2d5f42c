"""A source, source group or proxy is named that does not exist.

A listener or user whose source is missing gets the settings by address instead, which may let in more than
was meant.

Bad:
    # whole file
    smtp-listener 0/0:587 source=clients

Good:
    # whole file
    smtp-listener 0/0:587 source=clients
    <source clients>
        require-auth yes
        allow-starttls yes
        require-starttls-before-auth yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7 and 3.3.1.24
"""

from commands.pmta.config import Config
from commands.pmta.model import DOCUMENTED, WARNING
from commands.pmta.references import missing_names
from commands.pmta.rule import Problems

CODE = "PMTA703"
NAME = "undefined-source"
SEVERITY = WARNING
BASIS = DOCUMENTED

_KINDS = {"source": "source", "source-group": "source-group", "proxy": "proxy"}


def check(config: Config) -> Problems:
    for kind, label in _KINDS.items():
        yield from missing_names(config, kind, label)
