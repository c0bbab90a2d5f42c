"""What a deep check adds to what is shown: what it is at, and the TLS versions in a line."""

from collections.abc import Mapping

from commands.contract import Progress
from commands.slack_text import escape
from commands.smtpcheck.result.sentences import tls_number
from commands.smtpcheck.stored.document import Document
from commands.smtpcheck.wire.connection import Endpoint
from commands.smtpcheck.wire.record import Purpose

UNSWEPT = (
    "TLS versions were not asked for on {ports}: a deep check sweeps one port of each TLS mode. Check one alone to "
    "learn them."
)

LISTS: Mapping[str, str] = {"yes": "accepts TLS {}", "no": "refuses {}", "unknown": "not known: {}"}


def versions_words(versions: Mapping[str, str]) -> str:
    """`accepts TLS 1.2, 1.3; refuses 1.0, 1.1`."""
    told = {answer: [tls_number(name) for name, said in versions.items() if said == answer] for answer in LISTS}
    parts = [LISTS[answer].format(", ".join(numbers)) for answer, numbers in told.items() if numbers]
    return "; ".join(parts).replace("refuses ", "refuses TLS ", 0 if told["yes"] else 1)


AIMS: Mapping[Purpose, str] = {
    "family": "the other address family, port {port}",
    "hidden": "STARTTLS without announcement, port {port}",
    "versions": "TLS versions, port {port}",
    "again": "once more, port {port}",
    "no_name": "TLS without the name, port {port}",
}


def aim(endpoint: Endpoint) -> str:
    """What a further connection is for."""
    return AIMS.get(endpoint.purpose, "port {port}").format(port=endpoint.port)


def progress(target: str, endpoint: Endpoint, *, public: bool) -> Progress:
    """The ports have answered; what is looked at now."""
    text = f":hourglass_flowing_sand: Checking *{escape(target)}* deeper: {escape(aim(endpoint))} …"
    return Progress(text, public=public)


def version_lines(document: Document) -> list[str]:
    """A line for every port whose TLS versions were asked for; it names the host where there are several."""
    several = len({endpoint["host"] for endpoint in document["endpoints"]}) > 1
    of = " of {host}" if several else ""
    lines = [
        f"Port {endpoint['port']}{of.format(**endpoint)} {versions_words(endpoint['tls']['versions'])}."
        for endpoint in document["endpoints"]
        if endpoint["tls"] and endpoint["tls"].get("versions")
    ]
    return [*lines, *_not_swept(document, several=several)]


def _not_swept(document: Document, *, several: bool) -> list[str]:
    """The ports with TLS that were not asked: one port of each TLS mode is, so that a check stays short."""
    secure = [point for point in document["endpoints"] if point["tls"] and point["tls"]["state"] == "ok"]
    swept = {(point["host"], point["port"]) for point in secure if point["tls"].get("versions")}
    left = [point for point in secure if (point["host"], point["port"]) not in swept]
    if not swept or not left:
        return []
    names = dict.fromkeys(f"{it['port']} of {it['host']}" if several else str(it["port"]) for it in left)
    return [UNSWEPT.format(ports=", ".join(names))]
