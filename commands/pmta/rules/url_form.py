"""A URL holds a part that PowerMTA does not take.

URLs of include and http-delivery-url are absolute, and have no user, no query and no fragment.

Bad:
    include https://config.example.com/pmta?node=3

Good:
    include https://config.example.com/pmta/node-3

Source: PowerMTA 5.0 User's Guide, 3.3.1.41 and 3.3.10.99.1
"""

import re

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA227"
NAME = "url-form"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("The URL holds {part}, which {name} does not take.")

_URL = re.compile(r"https?://", re.IGNORECASE)
_PARTS = (("@", "a user"), ("?", "a query"))


def check(config: Config) -> Problems:
    for one in config.named("include", "http-delivery-url"):
        url = bare(one.word(0))
        if not _URL.match(url):
            continue
        host = url.partition("://")[2]
        found = [name for sign, name in _PARTS if sign in (host.partition("/")[0] if sign == "@" else host)]
        if one.comment_at == one.stop and one.comment_at >= 0:
            found.append("a fragment")
        if found:
            yield at_word(one, 0, part=Own(found[0]), name=one.name)
