"""A setting was removed.

SSLv3 support is gone, and with it the settings for it. The later edition of the 5.0 guide calls them no
longer valid.

Bad:
    smtp-server-tls-allow-sslv3 no

Good:
    smtp-server-tls-allow-tlsv1 no

Source: PowerMTA 5.0 User's Guide, 3.3.1.11
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING, Edit
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.catalogue import DIRECTIVES
from commands.pmta.language.config import Config

CODE = "PMTA602"
NAME = "removed-setting"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("{name|This setting} is no longer valid.", "Remove the line.")


def check(config: Config) -> Problems:
    if config.version < "5.0":
        return
    for name in config.names:
        for one in config.named(name) if any(row.status == "removed" for row in DIRECTIVES.get(name, ())) else ():
            edits = (
                (Edit(one.start, one.end, ""),)
                if config.text[one.end - 1 : one.end] == "\n" and one.comment_at < 0
                else ()
            )
            yield at_name(one, name=one.name, edits=edits if not one.joined else ())
