"""An address stands where the host name belongs.

The second argument of smtp-source-host is the name that PowerMTA says in EHLO. Receivers look it up and compare it
with the PTR record; an address is no name, and many refuse it.

Bad:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.25 203.0.113.26
    </virtual-mta>

Good:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.25 mta1.example.com
    </virtual-mta>

Source: PowerMTA 5.0 User's Guide, 3.3.1.19; RFC 5321, section 4.1.1.1
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import is_network
from commands.pmta.language.words import bare

CODE = "PMTA520"
NAME = "address-as-host-name"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("A host name belongs here, not an address.", "{address} HOSTNAME")


def check(config: Config) -> Problems:
    for one in config.named("smtp-source-host"):
        address, name = bare(one.word(0)), bare(one.word(1))
        if name[-1:].isdigit() and is_network(name) and is_network(address):
            yield at_word(one, 1, address=address)
