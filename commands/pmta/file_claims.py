"""Files that a config names, as they lie on this host: is each there, readable, and of what it should hold?

Only those of certificates and of DKIM keys. Nothing of their content is said.
"""

from commands.pmta.facts import NamedFile
from commands.pmta.source_claims import Said
from commands.pmta.world import KeyFiles, PemFile

VAULT = "{vault}"
_HELD = {
    (True, True): "a certificate and a private key",
    (True, False): "a certificate",
    (False, True): "a private key",
}
"""By whether a certificate and whether a key is in it."""


def file_claims(one: NamedFile, files: KeyFiles) -> list[Said]:
    """How a file stands. What the user who asks may not read is unknown: PowerMTA may."""
    if one.path.lower().startswith(VAULT):
        return [("named_unread", "it lies in a vault", "")]
    found = files.pem(one.path)
    if found.failure:
        return [("named_absent" if found.is_absent else "named_unread", found.failure, "")]
    held = _HELD.get((found.certificate, found.key))
    if held and _fits(one, found):
        return [("named_fits", held, "")]
    return [("named_no_key" if one.is_key else "named_no_certificate", "", "")]


def _fits(one: NamedFile, found: PemFile) -> bool:
    return found.key if one.is_key else found.certificate
