"""The host name that PowerMTA says in EHLO is not a full one.

Receivers look the name up. One without a dot, or localhost, resolves nowhere, and many refuse the connection.

Bad:
    smtp-source-host 203.0.113.10 mta1

Good:
    smtp-source-host 203.0.113.10 mta1.example.com

Source: RFC 5321, section 4.1.1.1; PowerMTA 5.0 User's Guide, 3.3.1.19
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import is_network
from commands.pmta.language.words import bare

CODE = "PMTA513"
NAME = "short-host-name"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("{host|This} is not a name that receivers can look up.", "a full name, such as {label|mail}.example.com")

_LOCAL = (".local", ".localdomain", ".lan", ".internal")


def check(config: Config) -> Problems:
    for one in config.named("smtp-source-host"):
        host = bare(one.word(1)).lower().rstrip(".")
        is_full = "." in host and not host.endswith(_LOCAL)
        if is_full or not host or is_network(host) or len(one.texts) != 2:
            continue
        if is_network(bare(one.word(0))):
            yield at_word(
                one,
                1,
                host=host,
                label=host.split(".")[0],
            )
