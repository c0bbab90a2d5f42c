"""Anybody may open PowerMTA's web monitor.

admin and operator from everywhere let anybody pause queues, delete mail and change the config; monitor shows
queues, domains and customers.

Bad:
    http-access 0/0 admin

Good:
    http-access 127.0.0.1 admin
    http-access 10.0.0.0/8 monitor

Source: PowerMTA 5.0 User's Guide, 3.3.1.46.3
"""

from commands.pmta.findings.model import DANGER, DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import network
from commands.pmta.language.words import bare

CODE = "PMTA402"
NAME = "open-http-access"
SEVERITY = DANGER
BASIS = DOCUMENTED
SAYS = Saying("Everybody gets {level|some} rights on the web monitor.", "your own network instead of 0/0")

_LEVELS = frozenset({"monitor", "admin"})


def check(config: Config) -> Problems:
    for one in config.named("http-access"):
        found, level = network(bare(one.word(0))), one.word(1).lower()
        if found is None or found.prefixlen or level in ("none", ""):
            continue
        severity = WARNING if level.startswith("monitor") else ""
        yield at_value(
            one,
            level=Own(level) if level in _LEVELS else level,
            severity=severity,
        )
