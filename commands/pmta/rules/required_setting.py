"""A stanza lacks a setting that it cannot do without.

<vault> needs server-url and access-token, <signals> its api-key, <transmissions-api-listener> a
tls-certificate.

Bad:
    <vault>
        server-url https://vault.example.com:8200
    </vault>

Good:
    <vault>
        server-url https://vault.example.com:8200
        access-token a-token-of-the-vault
    </vault>

Source: PowerMTA 5.0 User's Guide, 3.3.23, 3.3.21 and (2019 ed.) 10.1.4
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA327"
NAME = "required-setting"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("<{tag}> needs {name}.", "{name} ...")

_NEEDS = {
    "vault": ("server-url", "access-token"),
    "signals": ("api-key",),
    "transmissions-api-listener": ("tls-certificate",),
}


def check(config: Config) -> Problems:
    for tag, names in _NEEDS.items():
        for block in config.tagged(tag):
            for name in names:
                inherited = name == "tls-certificate" and config.has("smtp-server-tls-certificate")
                if not block.has(name) and block.opening and not inherited:
                    yield at_name(block.opening, tag=tag, name=name)
