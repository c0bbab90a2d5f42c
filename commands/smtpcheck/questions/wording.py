"""What a check says of one thing that was asked for, in a line for each host. Pure.

A row of `ASPECTS` for each thing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from commands.plural import plural
from commands.smtpcheck.result.document import Document, service_in
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.scales import Stage
from commands.smtpcheck.result.sentences.choice import message_of
from commands.smtpcheck.result.states import State, TlsState
from commands.smtpcheck.view.parts import row
from commands.smtpcheck.view.told_findings import worst_findings

Point: TypeAlias = Mapping[str, Any]


class Said(NamedTuple):
    """One line. `worth` is 0 for what is as it should be, 2 for what is wrong; what nobody knows lies between."""

    worth: int
    words: str


WELL, UNKNOWN, WRONG = 0, 1, 2
SOON = 14
"""Days before its end from which on a certificate is one to renew."""


def said_of(aspect: str, document: Document) -> list[Said]:
    """The worst first. Plain text."""
    host = str(document["target"])
    if aspect in OF_DNS:
        return [OF_DNS[aspect](host, document["dns"])]
    points = [point for point in document["endpoints"] if point["state"] == State.OPEN]
    if not points:
        return [Said(UNKNOWN, f"{host} was not heard on any port: nothing is known of its {NAMES[aspect]}.")]
    found = findings_of(aspect, document)
    told = [Said(WRONG, f"{host}: {message_of(one)}") for one in found if one["code"] in SAY_ALL]
    return sorted([*told, *ASPECTS[aspect](host, points)], key=lambda one: -one.worth)


SAY_ALL = frozenset({Code.CERT_EXPIRED})
"""Findings that are the answer themselves."""


def findings_of(aspect: str, document: Document) -> list[dict[str, Any]]:
    """What a check found of it, for what stands below."""
    found = worst_findings(dict(document))
    return [one for one in found if STAGE_OF.get(one["code"]) in STAGES.get(aspect, ()) and one["severity"] != "info"]


STAGE_OF: Mapping[str, Stage] = {str(code): code.stage for code in Code}


def _certificates(host: str, points: Sequence[Point]) -> Iterator[Said]:
    """A line for each certificate that is shown, with its ports where there are several."""
    shown: dict[str, list[Point]] = {}
    for point in points:
        if found := (point["tls"] or {}).get("certificate"):
            shown.setdefault(found["sha256"], []).append(point)
    if not shown:
        yield Said(WRONG, f"{host} shows no certificate: no port of it offered TLS.")
    for several in shown.values():
        of = f" on {_ports(several)}" if len(shown) > 1 else ""
        if service_in(several[0]).certificate != "expired":
            yield _certificate(f"The certificate of {host}{of}", several[0])


def _certificate(which: str, point: Point) -> Said:
    found = point["tls"]["certificate"]
    kind, days = service_in(point).certificate, found["days_left"]
    words = CERTIFICATES.get(kind, CERTIFICATES["unreadable"]).format(
        which=which,
        left=plural(abs(days or 0), "day"),
        end=str(found["not_after"])[:10],
    )
    return Said(WELL if kind == "trusted" and days >= SOON else WRONG, words)


CERTIFICATES: Mapping[str, str] = {
    "trusted": "{which} is valid: {left} left, until {end}.",
    "wrong_name": "{which} has {left} left, until {end}, and clients that verify refuse it.",
    "untrusted": "{which} has {left} left, until {end}, and clients that verify refuse it.",
    "unreadable": "{which} cannot be read.",
}


def _tls(host: str, points: Sequence[Point]) -> Iterator[Said]:
    """Which ports have it, and how it is on those that have not."""
    good = [point for point in points if (point["tls"] or {}).get("state") == TlsState.OK]
    bad = [point for point in points if point not in good]
    if bad:
        how = ", ".join(dict.fromkeys(row("", dict(point)).tls for point in bad))
        rest = f"; it works on {_ports(good)}" if good else ""
        yield Said(WRONG, f"{host}: no TLS on {_ports(bad)} ({how}){rest}.")
    else:
        versions = ", ".join(dict.fromkeys(row("", dict(point)).tls for point in good))
        yield Said(WELL, f"{host}: TLS works on {_ports(good)} ({versions}).")


def _logins(host: str, points: Sequence[Point]) -> Iterator[Said]:
    takes = [point for point in points if point["auth"]["after_tls"] or point["auth"]["before_tls"]]
    if not takes:
        yield Said(UNKNOWN, f"{host} offers no login on {_ports(points)}.")
        return
    offered = ", ".join(dict.fromkeys(row("", dict(point)).login for point in takes))
    left = [point for point in points if point not in takes]
    rest = f"; none on {_ports(left)}" if left else ""
    yield Said(WELL, f"{host} offers a login on {_ports(takes)} ({offered}){rest}.")


def _versions(host: str, points: Sequence[Point]) -> Iterator[Said]:
    """What was agreed: each time the newest that both sides know."""
    agreed = [point for point in points if (point["tls"] or {}).get("version")]
    if not agreed:
        yield from _tls(host, points)
        return
    versions = sorted({str(point["tls"]["version"]).replace("TLSv", "TLS ") for point in agreed}, reverse=True)
    yield Said(
        WELL,
        f"{host}: {', '.join(versions)} on {_ports(agreed)}. Which older versions it takes, a deep check says: "
        f"check {host} deep.",
    )


def _issuers(host: str, points: Sequence[Point]) -> Iterator[Said]:
    """A line for each issuer that stands in what is shown."""
    shown: dict[str, list[Point]] = {}
    for point in points:
        if found := (point["tls"] or {}).get("certificate"):
            shown.setdefault(str(found["issuer"]), []).append(point)
    if not shown:
        yield Said(UNKNOWN, f"{host} shows no certificate: no port of it offered TLS.")
    for issuer, several in shown.items():
        of = f" on {_ports(several)}" if len(shown) > 1 else ""
        yield Said(WELL, f"The certificate of {host}{of} was issued by {issuer[:LONGEST]}.")


def _greetings(host: str, points: Sequence[Point]) -> Iterator[Said]:
    """The words of each greeting are all that a server says of its software."""
    shown: dict[str, list[Point]] = {}
    for point in points:
        if found := point["greeting"]:
            shown.setdefault(str(found["text"]).split("\n", 1)[0], []).append(point)
    if not shown:
        yield Said(UNKNOWN, f"{host} did not greet: nothing tells its software.")
    for text, several in shown.items():
        yield Said(
            WELL, f"{host} greets with “{text[:LONGEST]}” on {_ports(several)}; it says no more of its software."
        )


def _addresses(host: str, dns: Mapping[str, Any]) -> Said:
    found = ", ".join(dns["addresses"])
    return Said(WELL, f"{host}: {found}.") if found else Said(WRONG, f"No address of {host} was found.")


def _ipv6(host: str, dns: Mapping[str, Any]) -> Said:
    found = ", ".join(one for one in dns["addresses"] if ":" in one)
    return Said(WELL, f"{host} has IPv6: {found}." if found else f"{host} has no IPv6 address.")


def _mail_hosts(host: str, dns: Mapping[str, Any]) -> Said:
    if dns["null_mx"]:
        return Said(WELL, f"{host} takes no mail: a null MX says so.")
    rows = sorted(dns["mx"], key=lambda one: int(one["preference"]))
    found = ", ".join(f"{one['host']} ({one['preference']})" for one in rows)
    return Said(WELL, f"MX of {host}: {found}." if found else f"{host} has no MX record that a check has seen.")


LONGEST = 120
"""Characters of what a server or a certificate says."""


def _ports(points: Sequence[Point]) -> str:
    return ", ".join(map(str, dict.fromkeys(point["port"] for point in points)))


ASPECTS: Mapping[str, Callable[[str, Sequence[Point]], Iterator[Said]]] = {
    "certificate": _certificates,
    "tls": _tls,
    "login": _logins,
    "versions": _versions,
    "issuer": _issuers,
    "software": _greetings,
}
OF_DNS: Mapping[str, Callable[[str, Mapping[str, Any]], Said]] = {
    "address": _addresses,
    "ipv6": _ipv6,
    "mx": _mail_hosts,
}
"""What is known of it whether a port was heard or not."""
NAMES: Mapping[str, str] = {
    "certificate": "certificate",
    "tls": "TLS",
    "login": "logins",
    "versions": "TLS versions",
    "issuer": "certificate",
    "software": "software",
}
STAGES: Mapping[str, frozenset[Stage]] = {
    "certificate": frozenset({Stage.CERTIFICATE}),
    "tls": frozenset({Stage.STARTTLS}),
    "login": frozenset(),
    "versions": frozenset({Stage.STARTTLS}),
}
"""Whose findings stand below."""
