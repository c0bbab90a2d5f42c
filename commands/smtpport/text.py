"""The answer in plain lines: the terminal, notifications and screen readers."""

from collections.abc import Iterator

from commands.slack_text import escape
from commands.smtpport.model import Document
from commands.smtpport.phrases import ROLES, TLS


def headline(document: Document) -> str:
    """`SparkPost: 587 with STARTTLS`, or that nothing is left."""
    best = document["recommended"]
    subject = document["provider"]
    answer = f"{best['port']} with {TLS[best['tls']]}" if best else "no port is left"
    if best and best["tls"] == "none":
        answer = f"{best['port']}, no TLS"
    return f"{subject}: {answer}" if subject else f"Use {answer}" if best else answer.capitalize()


def understood(document: Document) -> str:
    """One line: what was understood, and what was not."""
    asked = document["understood"]
    parts = [ROLES[asked["role"]] + ("" if asked["role_stated"] else " (assumed)")]
    parts += [f"provider {asked['provider']}"] if asked["provider"] else []
    parts += [f"from {asked['network']}"] if asked["network"] else []
    parts += [f"port {asked['port']}"] if asked["port"] else []
    parts += [f"wish: {TLS[asked['tls']]}"] if asked["tls"] else []
    parts += [f"tried {', '.join(map(str, asked['tried']))}"] if asked["tried"] else []
    left = document["not_understood"]
    return f"Understood: {'; '.join(parts)}." + (f" Not understood: {', '.join(left)}." if left else "")


def brief(document: Document) -> str:
    """The answer in a few lines of mrkdwn, for notifications and for clients that show no blocks."""
    return "\n".join(escape(line, 700) for line in (headline(document), understood(document), *_ports(document)))


def full(document: Document) -> str:
    """The whole answer for a terminal, snippets and sources included."""
    return "\n".join([headline(document), understood(document), "", *_ports(document), *_rest(document)])


def _ports(document: Document) -> Iterator[str]:
    yield from (f"- {reason}" for reason in document["reasons"])
    for choice in document["fallbacks"]:
        yield f"Then {choice['port']}, {TLS[choice['tls']]}: {choice['reason']}"
    for avoided in document["avoid"]:
        yield f"Avoid {avoided['port']}: {avoided['reason']}"


def _rest(document: Document) -> Iterator[str]:
    yield from provider_lines(document)
    yield from network_lines(document)
    for about in document["about"]:
        yield f"\nPort {about['port']}: {about['title']}"
        yield from (f"  {line}" for line in about["story"])
        if about["offered_by"]:
            yield f"  Listed by {', '.join(about['offered_by'])}."
    for tool, lines in document["snippets"].items():
        yield f"\n{tool}:\n{indented(lines)}"
    yield "\nSources:"
    yield from (f"  {source}" for source in document["sources"])


def provider_lines(document: Document) -> list[str]:
    """Host, login and peculiarities of the provider, with their evidence."""
    if document["login"] is None:
        return []
    lines = [f"Host {document['host']}"] if document["host"] else []
    lines.append(f"Login: {document['login']}")
    lines += [document["note"]] if document["note"] else []
    return [*lines[:-1], f"{lines[-1].removesuffix('.')} [{document['provider_evidence']}]."]


def network_lines(document: Document) -> list[str]:
    """How the network's block shows and how it is lifted, with the evidence."""
    net = document["network"]
    if net is None:
        return []
    labels = (("To lift it", net["lift"]), ("It shows as", net["symptom"]), ("Note", net["note"]))
    lines = [f"{label}: {text}" for label, text in labels if text]
    return (
        [f"{net['name']}. {'. '.join(line.removesuffix('.') for line in lines)} [{net['evidence']}]."] if lines else []
    )


def indented(lines: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in lines.splitlines())
