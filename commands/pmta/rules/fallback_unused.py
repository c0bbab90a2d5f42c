"""invalid-virtual-mta-fallback is ignored, because messages for an unknown VirtualMTA are rejected.

The fallback acts only for sources with reject-invalid-virtual-mta false. The default is true.

Bad:
    # whole file
    invalid-virtual-mta-fallback mta1

Good:
    # whole file
    invalid-virtual-mta-fallback mta1
    <source 10.0.0.0/8>
        reject-invalid-virtual-mta no
    </source>
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
    </virtual-mta>

Source: PowerMTA 5.0 User's Guide, 3.3.1.43.2
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA312"
NAME = "fallback-ignored"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("Ignored because no source has reject-invalid-virtual-mta no.", "reject-invalid-virtual-mta no")


def check(config: Config) -> Problems:
    if config.partial or any(one.block.is_off(one.key) for one in config.named("reject-invalid-virtual-mta")):
        return
    for one in config.named("invalid-virtual-mta-fallback"):
        yield at_name(one)
