"""What to type into a mail client or an application, from a stored check; or why nothing that was seen would do."""

from collections.abc import Mapping
from typing import Any

from commands.smtpcheck.address.literal import is_address
from commands.smtpcheck.view import wording

NAMES_SHOWN = 2
NAME_REFUSED = "the server refuses clients that name it in the handshake, as most do (see the findings)"
REFUSED = "clients that verify the certificate refuse it (see the findings)"


def client_settings(document: Mapping[str, Any]) -> str:
    """One line; nothing where only other servers are served. What clients refuse is not given as if it worked."""
    chosen = document["recommended"]
    fitting = [
        endpoint
        for endpoint in document["endpoints"]
        if chosen and endpoint["port"] == chosen["port"] and endpoint["tls"] and endpoint["tls"]["state"] == "ok"
    ]
    if not fitting or chosen["port"] == 25:
        return ""
    best = min(fitting, key=lambda endpoint: len(endpoint["findings"]))
    certificate = best["tls"]["certificate"] or {}
    if is_address(best["host"]) and certificate and not certificate["name_matches"]:
        return _by_name(best, certificate)
    login = " or ".join(best["auth"]["after_tls"]) or "none offered"
    line = f"Client settings: {best['host']}, port {best['port']}, {wording.CLIENT_TLS[chosen['tls']]}, login {login}"
    if any(finding["code"] == "sni_rejected" for finding in best["findings"]):
        return f"{line}; {NAME_REFUSED}"
    sound = certificate and certificate["trusted"] and certificate["name_matches"]
    return line if sound else f"{line}; {REFUSED}"


def _by_name(endpoint: Mapping[str, Any], certificate: Mapping[str, Any]) -> str:
    """A certificate rarely names an address, so who connects by one is refused by his own client."""
    head = f"No client settings for {endpoint['host']}: its certificate does not name the address."
    names = [name for name in certificate["names"] if not is_address(name)]
    if not names:
        return f"{head} It names no host either: clients that verify refuse it under any name."
    listed = " or ".join(names[:NAMES_SHOWN])
    also = "" if certificate["trusted"] else f" Even so {REFUSED}."
    return f"{head} Use the host name that it is for ({listed}), and check that one.{also}"
