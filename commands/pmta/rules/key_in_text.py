"""A private key stands in this text.

Whoever has a DKIM key can sign as the domain, and whoever has a TLS key can pose as the server. A key that
was pasted into a chat has to be replaced. It is covered in everything that Portero shows or keeps.

Bad:
    domain-key s1,example.com,/etc/pmta/s1.pem
    -----BEGIN RSA PRIVATE KEY-----
    MIIB
    -----END RSA PRIVATE KEY-----

Good:
    domain-key s1,example.com,/etc/pmta/s1.pem

Source: RFC 6376, section 8 (who holds the key can sign)
"""

import re

from commands.pmta.findings.model import DANGER, INFERRED
from commands.pmta.findings.rule import Problem, Problems
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA410"
NAME = "key-in-text"
SEVERITY = DANGER
BASIS = INFERRED
SAYS = Saying("A private key was pasted.", "Make a new key and replace this one.")

_KEY = re.compile(r"-----BEGIN[^\r\n-]{0,40}PRIVATE KEY-----")


def check(config: Config) -> Problems:
    for found in _KEY.finditer(config.text) if "PRIVATE KEY" in config.text else ():
        yield Problem(None, found.start(), found.end())
