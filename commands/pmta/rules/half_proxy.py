"""A <proxy> lacks its server or its client.

Both are required: where the proxy is, and which of its addresses it sends from.

Bad:
    <proxy p1>
        server proxy.example.com:5000
    </proxy>

Good:
    <proxy p1>
        server proxy.example.com:5000
        client 203.0.113.5 mta1.example.com
    </proxy>

Source: PowerMTA 5.0 User's Guide, 3.3.22
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config

CODE = "PMTA326"
NAME = "half-proxy"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("This <proxy> has no {name}.", "{name} ...")


def check(config: Config) -> Problems:
    for block in config.tagged("proxy"):
        for name in ("server", "client"):
            if not block.has(name) and block.opening:
                yield at_name(block.opening, name=Own(name))
