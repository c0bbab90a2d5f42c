"""Mail for every domain is accepted from anybody.

relay-domain and relay-address are open to everybody: they are for the domains that this server takes mail
for. A * makes an open relay.

Bad:
    relay-domain *

Good:
    relay-domain example.com
    relay-domain *.example.com

Source: PowerMTA 5.0 User's Guide, 3.3.1.42.2
"""

import re

from commands.pmta.findings.model import DANGER, DOCUMENTED
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA421"
NAME = "relay-everything"
SEVERITY = DANGER
BASIS = DOCUMENTED
SAYS = {
    "domains": Saying("Open relay: mail for every domain is accepted from anybody.", "your own domains"),
    "top": Saying(
        "Open relay: mail for every domain that ends in .{name|this} is accepted from anybody.", "your own domains"
    ),
    "addresses": Saying(
        "Open relay: mail for every address is accepted from anybody.", "a pattern for your own domains"
    ),
}

_ALL = frozenset({"*", "[*.]*", "*.*"})
_TOP = re.compile(r"(?:\[\*\.\]|\*\.)([a-z]+|(?:co|com|net|org|ac|gov)\.[a-z]{2})", re.IGNORECASE)
_ALL_ADDRESSES = frozenset({"//", "/.*/", "/./", "/@/", "/.+/", "/.*@.*/", "/^.*$/"})


def check(config: Config) -> Problems:
    for one in config.placed("relay-domain", "global"):
        named = bare(one.word(0))
        if named in _ALL:
            yield at_value(one, "domains")
        elif top := _TOP.fullmatch(named):
            yield at_value(one, "top", name=top[1])
    for one in config.placed("relay-address", "global"):
        if bare(one.word(0)) in _ALL_ADDRESSES:
            yield at_value(one, "addresses")
