"""Anybody may send mail through this server.

always-allow-relaying in a source that covers every address, without require-auth, makes an open relay:
spammers find it within hours, and the addresses land on every block list. The same holds for a named source
that a public listener uses. The line belongs into the source of your own hosts. require-auth yes beside it keeps
strangers out, but then everything hangs on that one line and on the passwords.

Bad:
    <source 0/0>
        always-allow-relaying yes
    </source>

Good:
    <source 10.0.5.20>
        always-allow-relaying yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.1.24 and 3.3.1.42.1
"""

from commands.pmta.findings.model import DANGER, DOCUMENTED, INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.listeners import sources_of_listeners
from commands.pmta.language.quantities import network
from commands.pmta.language.tree import Block, Statement
from commands.pmta.language.words import bare

CODE = "PMTA401"
NAME = "open-relay"
SEVERITY = DANGER
BASIS = DOCUMENTED
NARROW = "Remove this line, or move it into the <source> of your own hosts; where all log in, add require-auth yes."
SAYS = {
    "top": Saying("At the top level this lets anybody relay.", "Put it into the <source> of your own hosts."),
    "anybody": Saying(
        "Open relay: anybody may relay here without a login.",
        NARROW,
    ),
    "many": Saying(
        "{count} public addresses may relay here without a login.", "a smaller network, or require-auth yes"
    ),
    "listener": Saying(
        "Open relay: the listener in line {line} uses this source, and no login is required.",
        NARROW,
    ),
}


def check(config: Config) -> Problems:
    for one in config.named("always-allow-relaying"):
        if bare(one.word(0)).lower() not in ("yes", "true"):
            continue
        if one.block is config.root:
            if not config.bare_settings:
                yield at_name(one, "top")
        elif one.scope == "source" and not _is_closed(config, one.block):
            yield from _judge(config, one)


def _is_closed(config: Config, block: Block) -> bool:
    """True where a login is needed, or where no mail is taken at all (3.3.7.59)."""
    needed = config.effective(block, "require-auth", "no") in ("yes", "true")
    return needed or config.effective(block, "smtp-service", "yes") in ("no", "false")


def _judge(config: Config, one: Statement) -> Problems:
    """Judge a source that relays without a login."""
    found = network(one.block.argument)
    if found is None:
        yield from _judge_named(config, one)
    elif found.prefixlen == 0:
        yield at_name(one, "anybody")
    elif not found.is_private and found.num_addresses > 65536:
        yield at_name(one, "many", count=Own(f"{found.num_addresses:,}"), severity=WARNING, basis=INFERRED)


def _judge_named(config: Config, one: Statement) -> Problems:
    if "public listeners" not in config.memo:
        config.memo["public listeners"] = sources_of_listeners(config)
    listening = config.memo["public listeners"].get(bare(one.block.argument).lower())
    if listening:
        yield at_name(one, "listener", line=listening.line)
