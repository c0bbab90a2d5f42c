"""A user logs in with a password, and nothing here asks for TLS.

An <smtp-user> logs in with a password unless authentication-method says otherwise, and every source allows that
(allow-auth) without offering TLS (allow-starttls is off by default). The password is then read on its way (PLAIN,
LOGIN), or a login is recorded from which it can be guessed (CRAM-MD5).

Bad:
    <smtp-user foo>
        password barbaz
        authentication-method password
    </smtp-user>

Good:
    <smtp-user foo>
        password barbaz
        authentication-method password
    </smtp-user>
    <source 0/0>
        allow-starttls yes
        require-starttls-before-auth yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.12, 3.3.7.13 and 3.3.8.2; RFC 8314, section 3
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.tree import Block
from commands.pmta.language.words import bare

CODE = "PMTA425"
NAME = "password-without-tls"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = {
    "part": Saying(
        "The password may go without TLS: no <source> here asks for it (allow-starttls is off by default).",
        "allow-starttls yes and require-starttls-before-auth yes in the <source>",
    ),
    "whole": Saying(
        "The password goes without TLS (allow-starttls is off by default).",
        "allow-starttls yes and require-starttls-before-auth yes in the <source>",
    ),
}

_TLS = ("allow-starttls", "require-starttls-before-auth", "immediate-tls")


def check(config: Config) -> Problems:
    judged = [*config.named("require-auth", "allow-unencrypted-plain-auth")]  # other rules speak about these
    offered = any(one.block.is_on(one.key) for one in config.named(*_TLS))
    users = [block for block in config.tagged("smtp-user") if _has_password(block)]
    if judged or offered or not users:
        return
    first = users[0]
    one = first.first("authentication-method") or first.first("password")
    if one is not None:
        yield at_name(one, "part" if config.partial else "whole", severity=NOTICE if config.partial else "")


def _has_password(block: Block) -> bool:
    """The password of a system account travels, too."""
    return bare(block.value("authentication-method", "password")).lower() != "certificate"
