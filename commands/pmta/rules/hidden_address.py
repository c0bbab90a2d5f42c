"""An address is the placeholder that web pages show to robots.

`[email protected]` is what a page shows instead of an address until its script has run. Copying copies the
placeholder.

Bad:
    relay-address [email protected]

Good:
    relay-address user@example.com

Source: PowerMTA 5.0 User's Guide, 3.3.1.42.3 (the value is an address or a pattern)
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problem, Problems
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA118"
NAME = "hidden-address"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("A web page hid the address that stood here.", "Write the address itself.")


def check(config: Config) -> Problems:
    if "[email" not in config.text:
        return
    for one in config.directives:
        at = one.value.replace("\u00a0", " ").find("[email protected]")
        if at >= 0:
            start = one.value_at + at
            yield Problem(one, start, start + 17)
