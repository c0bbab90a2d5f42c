"""The web monitor's protection against forged requests is off.

A page that an administrator opens could then give commands to PowerMTA in his name.

Bad:
    http-csrf-protection no

Good:
    http-csrf-protection yes

Source: PowerMTA 5.0 User's Guide, 3.3.1.46.4
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA415"
NAME = "csrf-off"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("Forged requests can reach the web monitor.", "http-csrf-protection yes")


def check(config: Config) -> Problems:
    for one in config.placed("http-csrf-protection", "global"):
        if bare(one.word(0)).lower() in ("no", "false"):
            yield at_name(one)
