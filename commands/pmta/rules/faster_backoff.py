"""Backoff mode is faster than normal mode.

Backoff mode is for a receiver that asks to slow down. Its rate should be lower, its connections fewer, and
its retries further apart.

Bad:
    <domain gmail.com>
        max-msg-rate 100/h
        backoff-max-msg-rate 500/h
    </domain>

Good:
    <domain gmail.com>
        max-msg-rate 500/h
        backoff-max-msg-rate 100/h
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.34, 3.3.10.40 and 3.3.10.76
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Own, Saying, count
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import UNLIMITED, per_second, seconds
from commands.pmta.language.words import bare

CODE = "PMTA503"
NAME = "faster-backoff"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = {
    "rate": Saying("More than {name} {rate}.", "a lower rate"),
    "time": Saying("Sooner than retry-after {time|in normal mode}.", "a longer time"),
    "connections": Saying("More than max-smtp-out {count|says}.", "fewer connections"),
}

_RATES = (("backoff-max-msg-rate", "max-msg-rate"), ("backoff-max-connect-rate", "max-connect-rate"))


def check(config: Config) -> Problems:
    for slow, normal in _RATES:
        for one in config.placed(slow, "domain"):
            rate, usual = per_second(bare(one.value).lower()), per_second(one.block.value(normal).lower())
            if rate is not None and usual is not None and UNLIMITED > rate > usual:
                yield at_value(one, "rate", name=normal, rate=Own(one.block.value(normal)))
    for one in config.placed("backoff-retry-after", "domain"):
        later, sooner = _first(one.value), _first(one.block.value("retry-after"))
        if later is not None and sooner is not None and later < sooner:
            yield at_value(one, "time", time=one.block.value("retry-after"))
    for one in config.placed("backoff-max-smtp-out", "domain"):
        usual_count = one.block.value("max-smtp-out")
        if one.value.isdigit() and usual_count.isdigit() and int(one.value) > int(usual_count) > 0:
            yield at_value(one, "connections", count=count(usual_count))


def _first(value: str) -> int | None:
    return seconds(value.split(",", maxsplit=1)[0].strip()) if value else None
