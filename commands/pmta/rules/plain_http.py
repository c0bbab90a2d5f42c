"""Settings, keys or mail travel over http without encryption.

Who is on the way can read them and change them: an include that is changed can do anything with the server.

Bad:
    include http://config.example.com/pmta/node-3

Good:
    include https://config.example.com/pmta/node-3

Source: PowerMTA 5.0 User's Guide, 3.3.1.41, 3.3.23.1 and 3.3.11.17 (which allow both)
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA419"
NAME = "plain-http"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("This goes over http, without encryption.", "https://...")

_NAMES = ("include", "server-url", "http-delivery-url", "http-webhook-url", "upload-url")


def check(config: Config) -> Problems:
    for one in config.named(*_NAMES):
        url = bare(one.word(0)).lower()
        host = url.removeprefix("http://")
        if url.startswith("http://") and not host.startswith(("localhost", "127.", "[::1]")):
            yield at_word(one, 0)
