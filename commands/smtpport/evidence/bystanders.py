"""Names and addresses in a text to which nobody connects: of recipients, of listeners, of sources that may relay.

A domain to which mail is addressed is neither the provider nor the host, and where a server listens is no peer of it.
"""

import re

_RECIPIENT = re.compile(
    r"(?:\b(?:to=|rcpt to:\s?)|(?<![\w-])(?:--?(?:to|rcpt|recipients?)|-t)[ =])<?[^\s<>@,;\"']{1,64}@[\w.-]{1,255}>?"
)
"""As logs, sessions and command lines have it: `to=<a@b>`, `RCPT TO:<a@b>`, `--to a@b`, `-t a@b`."""

_NAME_OF_RECIPIENT = re.compile(r"\bto=<[^\s<>@]{1,64}@([\w.-]{1,255})>[^\n]{0,300}?\berror for name=(?=\1(?![\w.-]))")
"""What could not be found is the domain of the recipient, and no host that somebody set."""

_LISTENER = re.compile(r"(\bsmtp-listener\s{1,4})[\d.]{7,15}(?=:\d)")
_SOURCE = re.compile(r"<source [\d.a-f:]{3,45}(?:/\d{1,3})?>")


def without_bystanders(text: str) -> str:
    """A text in lower case without them; the port of a listener stays."""
    text = _LISTENER.sub(r"\1 ", text.replace("/home/", "/u/"))  # a path is nobody's home
    text = _NAME_OF_RECIPIENT.sub(lambda found: f"{found[0]}the-recipients-domain ", text)
    return _RECIPIENT.sub(" to a recipient ", _SOURCE.sub(" <source> ", text))
