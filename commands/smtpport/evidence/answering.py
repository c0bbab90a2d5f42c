"""Who really answers: a web host or a network may catch a connection to a provider with a mail server of its own."""

import re
from itertools import chain

from commands.smtpport.catalogue.lookup import provider_of_host

_NAME = r"((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})"
_EXIM = re.compile(rf"(?<![\d.])220[ -]{_NAME}\b[^\n]{{0,40}}\bexim\b")
_CERTIFICATE = re.compile(
    rf"\b(?:cn|common ?name|subject|altnames?|dns|certificate (?:is )?(?:valid )?(?:only )?for|issued (?:to|for))"
    rf"[\W]{{1,12}}{_NAME}"
)
_TYPED = re.compile(rf"(?<![\w.@-]){_NAME}")


def is_web_host(text: str) -> bool:
    """Whether an Exim of nobody who is known greets in a text in lower case, as the servers of web hosts do."""
    return any(provider_of_host(found[1]) is None for found in _EXIM.finditer(text))


def is_other_certificate(text: str) -> bool:
    """Whether a certificate is quoted that is none of the provider's whose host stands in a text in lower case."""
    shown = {found[1] for found in _CERTIFICATE.finditer(text)}
    if not shown:
        return False
    owners = {provider_of_host(host) for host in shown}
    typed = (provider_of_host(found[1]) for found in _TYPED.finditer(text) if found[1] not in shown)
    return None in owners and any(key is not None for key in chain(typed, owners))
