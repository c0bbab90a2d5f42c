"""A value is beyond its documented limit.

PowerMTA moves some of these values into their range silently and refuses others; either way the config does
not say what happens.

Bad:
    <domain *>
        connection-idle-timeout 30m
    </domain>

Good:
    <domain *>
        connection-idle-timeout 10m
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.82, 3.3.10.39, 3.3.11.4, 3.3.11.21 and 3.3.1.40
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.lists import parts
from commands.pmta.language.quantities import seconds, size

CODE = "PMTA220"
NAME = "out-of-range"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = {
    "idle": Saying("connection-idle-timeout is at most 10m.", "10m"),
    "interval": Saying("http-webhook-max-interval is at least 1m.", "1m"),
    "times": Saying("{name} takes at most 30 times."),
    "edns": Saying("edns-udp-length is between 512 and 2048.", "1232"),
    "webhook": Saying("For a webhook max-size is between 50K and 10M."),
    "file": Saying("For a file max-size is at least 1M.", "1M"),
}


def check(config: Config) -> Problems:
    for one in config.named("connection-idle-timeout"):
        if (seconds(one.value) or 0) > 600:
            yield at_value(one, "idle")
    for one in config.named("http-webhook-max-interval"):
        if 0 < (seconds(one.value) or 0) < 60:
            yield at_value(one, "interval")
    for one in config.named("retry-after", "backoff-retry-after"):
        if len(parts(one.value)) > 30:
            yield at_value(one, "times", name=one.name)
    for one in config.named("edns-udp-length"):
        if one.value.isdigit() and not 512 <= int(one.value[:9]) <= 2048:
            yield at_value(one, "edns")
    yield from _sizes(config)


def _sizes(config: Config) -> Problems:
    for one in config.placed("max-size", "acct-file"):
        found = size(one.value)
        is_webhook = one.block.has("http-webhook-url")
        if found is not None and is_webhook and not size("50K") <= found <= size("10M"):  # type: ignore[operator]
            yield at_value(one, "webhook")
        elif found is not None and not is_webhook and found < (size("1M") or 0):
            yield at_value(one, "file")
