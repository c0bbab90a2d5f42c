"""Port 465 does not begin with TLS, or another port does.

On port 465 clients start TLS before the first word (RFC 8314); on 25 and 587 they wait for the greeting in
the clear. A listener that does it the other way round leaves them waiting until they give up. Only a
<smtp-listener> stanza can set immediate-tls.

Bad:
    smtp-listener 0/0:465

Good:
    <smtp-listener 0/0:465>
        immediate-tls yes
        tls-certificate /etc/pmta/mail.pem
    </smtp-listener>

Source: RFC 8314, section 3.3; PowerMTA 5.0 User's Guide (2019 ed.), 3.3.17.2
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_name, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import listener
from commands.pmta.language.words import bare

CODE = "PMTA516"
NAME = "implicit-tls-port"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = {
    "line": Saying(
        "Clients expect TLS from the first byte on port 465.", "<smtp-listener ...:465> with immediate-tls yes"
    ),
    "late": Saying("Clients expect TLS from the first byte on port 465.", "immediate-tls yes"),
    "early": Saying("Clients do not expect TLS from the first byte on port {port}.", "immediate-tls no"),
}


def check(config: Config) -> Problems:
    for one in config.placed("smtp-listener", "global"):
        found = listener(bare(one.word(0)))
        if found and found[1] == 465:
            yield at_word(
                one,
                0,
                "line",
            )
    for block in config.tagged("smtp-listener"):
        found = listener(block.argument)
        if found is None or block.opening is None:
            continue
        if found[1] == 465 and not block.is_on("immediate-tls"):
            yield at_name(block.opening, "late")
        elif found[1] in (25, 587) and block.is_on("immediate-tls"):
            yield at_name(block.opening, "early", port=found[1])
