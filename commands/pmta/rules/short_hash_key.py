"""The key that hides addresses in the accounting file does not fit.

An HMAC key of less than 32 bytes is weak and PowerMTA warns about it; a SipHash key has 16 bytes at most.

Bad:
    <acct-file /var/log/pmta/acct.csv>
        privacy-policy hmac-sha256 short
    </acct-file>

Good:
    <acct-file /var/log/pmta/acct.csv>
        privacy-policy hmac-sha256 32-or-more-random-bytes-of-your-own
    </acct-file>

Source: PowerMTA 5.0 User's Guide, 3.3.11.16
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA423"
NAME = "short-hash-key"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = {
    "hmac": Saying("The key of the HMAC has less than 32 bytes.", "a random key of 32 bytes or more"),
    "siphash": Saying("The key of SipHash has more than 16 bytes.", "a random key of 16 bytes"),
}


def check(config: Config) -> Problems:
    for one in config.placed("privacy-policy", "acct-file"):
        kind, key = one.word(0).lower(), bare(one.word(1))
        length = len(key.encode()) // (2 if kind.endswith("hexkey") else 1)
        if kind.startswith("hmac") and key and length < 32:
            yield at_word(one, 0, "hmac")
        elif kind.startswith("siphash") and length > 16:
            yield at_word(one, 0, "siphash")
