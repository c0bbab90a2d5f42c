"""A VirtualMTA has smtp-proxy-source-host together with smtp-source-host or use-proxy.

smtp-proxy-source-host says all of it in one line and excludes the other two in the same VirtualMTA.

Bad:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
        smtp-proxy-source-host 203.0.113.5 proxy.example.com:5000 10.0.0.5 mta1.example.com
    </virtual-mta>

Good:
    <virtual-mta mta1>
        smtp-proxy-source-host 203.0.113.5 proxy.example.com:5000 10.0.0.5 mta1.example.com
    </virtual-mta>

Source: PowerMTA 5.0 User's Guide, 3.3.12.7
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA322"
NAME = "proxy-and-source"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("{name} excludes {other} in the same VirtualMTA.", "Remove {other}.")


def check(config: Config) -> Problems:
    for one in config.placed("smtp-proxy-source-host", "virtual-mta"):
        for other in ("smtp-source-host", "use-proxy"):
            if one.block.has(other) and one is one.block.first(one.key):
                yield at_name(one, name=one.name, other=other)
