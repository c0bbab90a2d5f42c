"""A password or key stands in this text.

Passwords in a PowerMTA config are plain text by design, so every copy of the config is a copy of the
passwords. They are covered in everything that Portero shows or keeps, but what was typed into a channel stays
there.

Bad:
    <smtp-user foo>
        password barbaz
    </smtp-user>

Good:
    <smtp-user foo>
        authentication-method certificate
        tls-certificate /etc/pmta/foo.pem
    </smtp-user>

Source: PowerMTA 5.0 User's Guide, 3.3.8.1
"""

import re

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.catalogue import SECOND, VALUE, names_of_secrets
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA411"
NAME = "secret-in-text"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = {
    "one": Saying(
        "A secret stands in this text: covered here, but readable wherever the text itself is.",
        "Change it if others can read it.",
    ),
    "several": Saying(
        "{count} secrets stand in this text: covered here, but readable wherever the text itself is.",
        "Change it if others can read it.",
    ),
}

_HOLDERS = {kind: names_of_secrets(kind) for kind in (VALUE, SECOND)}
_COVERED = re.compile(r"\*+|<.*>|[xX]+")


def check(config: Config) -> Problems:
    said = [(one, bare(one.value)) for one in config.named(*_HOLDERS[VALUE])]
    said += [(one, bare(one.word(1))) for one in config.named(*_HOLDERS[SECOND])]
    found = [one for one, secret in said if secret and not _COVERED.fullmatch(secret)]
    if found:
        first = min(found, key=lambda one: one.start)
        yield at_name(first, "one" if len(found) == 1 else "several", count=len(found))
