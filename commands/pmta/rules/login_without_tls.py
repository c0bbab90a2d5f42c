"""Logins are required, and TLS is not offered.

allow-starttls is off by default. A client that has to log in can then do so without TLS only: somebody on the
way reads the mail, and reads the password (PLAIN, LOGIN) or records a login from which it can be guessed (CRAM-MD5).
<smtp-user> with authentication-method password has nothing else that protects the password.

Bad:
    <source 0/0>
        require-auth yes
    </source>

Good:
    <source 0/0>
        require-auth yes
        allow-starttls yes
        require-starttls-before-auth yes
        smtp-max-auth-failure-rate 10/min
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.9 and 3.3.7.12; RFC 8314, section 3
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE, WARNING
from commands.pmta.findings.references import references
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import network
from commands.pmta.language.words import bare

CODE = "PMTA404"
NAME = "login-without-tls"
SEVERITY = WARNING
BASIS = DOCUMENTED
_OFF = "Logins are required, but allow-starttls is off (its default): login and mail go without TLS."
_BETTER = "allow-starttls yes, require-starttls-before-auth yes"
SAYS = {
    "alone": Saying(_OFF, _BETTER),
    "user": Saying(
        f"{_OFF} Nothing else protects the password of line {{line}} (authentication-method password).", _BETTER
    ),
}


def check(config: Config) -> Problems:
    if any(one.block.is_on("immediate-tls") for one in config.named("immediate-tls")):
        return
    below = any(one.block.is_on("allow-starttls") for one in config.named("allow-starttls"))
    listened = _listened(config)
    for one in config.placed("require-auth", "source"):
        found = network(one.block.argument)
        if not one.block.is_on("require-auth") or (found is not None and found.is_loopback):
            continue
        if found is None and bare(one.block.argument).lower() not in listened:
            continue
        offered = config.effective(one.block, "allow-starttls", "no") in ("yes", "true")
        if not offered and not below:
            inside = found is not None and found.is_private and found.prefixlen > 0
            user = _unprotected(config)
            yield at_name(one, "user" if user else "alone", line=user, severity=NOTICE if inside else "")


def _unprotected(config: Config) -> int:
    """The line of a user whose password nothing else protects, else 0."""
    user = next(config.placed("authentication-method", "smtp-user"), None)
    if user is None or bare(user.word(0)).lower() != "password":
        return 0
    return user.line


def _listened(config: Config) -> set[str]:
    """The named sources that a listener uses: only there a login is still to come."""
    names = {"smtp-listener"}
    return {one.name.lower() for one in references(config) if {one.at.key, one.at.scope} & names}
