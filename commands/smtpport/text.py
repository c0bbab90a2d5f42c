"""The answer in plain lines (terminal, notifications, screen readers), and what is said where there is none."""

from collections.abc import Iterator

from commands.contract import UserError
from commands.slack_text import escape, quoted
from commands.smtpport.document import Document
from commands.smtpport.evidence.situations import situations
from commands.smtpport.evidence.symptoms import WRONG_HOST
from commands.smtpport.frameworks.names import likely
from commands.smtpport.frameworks.reader import framework, frameworks
from commands.smtpport.question.asked import Question
from commands.smtpport.question.lexicon import suggested
from commands.smtpport.question.reader import UNNAMED
from commands.smtpport.wording import (
    DELIVERY_STAYS,
    GENERAL_RULE,
    HARDLY_THE_PORT,
    NEXT,
    NOT_THE_PORT,
    OR,
    READS_LIKE,
    ROLES,
    SETTLES,
    SIDES,
    TLS,
    UNDECIDED,
)

DELIVERY = 25
"""The port on which mail servers take each other's mail."""


def headline(document: Document) -> str:
    """`Use 587 with STARTTLS for SparkPost`, or that nothing is left; "Try" where nobody knows that it works.

    Where it depends on what was not said: `Try 2525 with STARTTLS if your account ..., else 587 with STARTTLS`.
    What a pasted error means comes first.
    """
    found, lead = document.get("diagnosis"), document.get("lead")
    if document.get("undecided") or is_reading(document):
        return " ".join([*opening(document), *([f"{_use(document)}."] if document["recommended"] else [])])
    if found and found["side"] == "nobody" and found["code"] in situations():  # a question was answered
        is_wanted = document["recommended"] and not _is_answered(document)
        return " ".join([found["message"], *([f"{_use(document)}."] if is_wanted else [])])
    said = [*([diagnosed(found)] if found else []), *([lead] if lead else [])]
    said = said[::-1] if _is_explained(document) else said
    line = port_line(document)
    return " ".join([*said, *([f"{line.removesuffix('.')}."] if line else [])]) if said else line


def _is_answered(document: Document) -> bool:
    """Whether a question was answered that asked for no port: one to use would only be beside it."""
    row = situations().get((document.get("diagnosis") or {}).get("code", ""))
    return row is not None and row.general and not document["provider"]


def _is_explained(document: Document) -> bool:
    """Whether what is known of the network tells why nothing gets out: it stands before what was seen of that."""
    found, net, lead = document.get("diagnosis"), document.get("network"), document.get("lead") or ""
    return found is not None and net is not None and found["side"] in _OF_THE_WAY and lead.startswith(net["name"])


_OF_THE_WAY = frozenset({"network", "unknown"})


def is_reading(document: Document) -> bool:
    """Whether what is said rests on somebody's words alone."""
    found = document.get("diagnosis")
    return found is not None and not found.get("certain", True)


def opening(document: Document) -> list[str]:
    """How what rests on somebody's words is said: as a reading, or as a question back."""
    if document.get("undecided"):
        return [UNDECIDED]
    found = document["diagnosis"]
    return [READS_LIKE.format(found.get("title") or found["message"].removesuffix("."))]


def alternatives(document: Document) -> list[str]:
    """What it may be else, a line each."""
    return [OR.format(row["title"]) for row in document.get("readings", ())]


def beside(document: Document) -> list[str]:
    """What stands below the first line: what to do if it is this reading; of a question back, what is known."""
    if document.get("undecided"):
        return [understood(document), SETTLES]
    lead = document.get("lead")
    return [_remedy(document["diagnosis"]), *([lead] if lead else [])] if is_reading(document) else []


def _remedy(found: Document) -> str:
    """What is said of a reading behind its title."""
    title, message = found.get("title", ""), str(found["message"])
    begun, mark, rest = message.partition(title[1:])
    is_told = len(begun) == 1 and rest[:2] in {": ", ". "}
    return f"{rest[2].upper()}{rest[3:]}" if mark and is_told else message


def diagnosed(found: Document) -> str:
    """What a pasted error means, and whose side it is on; a question was nobody's fault."""
    is_answer = found["side"] == "nobody" and found["code"] in situations()
    return str(found["message"]) if is_answer else f"{found['message']} {SIDES[found['side']]}"


def port_line(document: Document) -> str:
    """The port to use, that none is left, or that none is at fault."""
    found = document.get("diagnosis")
    if found and not (document["recommended"] or found["port_problem"]):
        row = situations().get(found["code"])
        if row is not None and row.named:
            return ""  # it says itself what helps
        is_sure = found.get("certain", True) and found["side"] != "unknown" and found["code"] not in WRONG_HOST
        return NOT_THE_PORT if is_sure else HARDLY_THE_PORT
    return _use(document)


def _use(document: Document) -> str:
    if document.get("general"):
        return GENERAL_RULE.format(_port(document["recommended"]))
    best, condition, other = document["recommended"], document.get("condition"), document.get("otherwise")
    verb = "Use" if document.get("certain", True) else "Try"
    is_delivery = document.get("lead") and best and best["port"] == DELIVERY
    if is_delivery and document["understood"]["role"] == "relay":
        return DELIVERY_STAYS
    left = "No other port is left" if document["understood"].get("tried") else "No port is left"
    what = f"{verb} {_port(best)}" if best else left
    split = f" if {condition}" if condition else ""
    return f"{what}{_subject(document)}{split}" + (f", else {_other(other)}" if split and other else "")


def _other(choice: Document) -> str:
    return _port(choice) if choice["certain"] else f"try {_port(choice)}"


def _port(choice: Document) -> str:
    return f"{choice['port']} with {TLS[choice['tls']]}"


def _subject(document: Document) -> str:
    best, service = document["recommended"], document["provider"]
    if service:
        return f" for {service['name']}"
    relayed = document["understood"]["role"] == "relay" and best and best["port"] != DELIVERY
    return " through a relay service" if relayed else ""


def understood(document: Document) -> str:
    """One line: what was understood, and what was not."""
    asked = document["understood"]
    parts = [ROLES[asked["role"]] + ("" if asked["role_stated"] else " (assumed)")]
    parts += [f"provider {asked['provider']}"] if asked["provider"] else []
    parts += [f"host {document['host']}"] if document.get("host") and not asked["provider"] else []
    parts += [f"from {asked['network']}"] if asked["network"] else []
    parts += [f"port {asked['port']}"] if asked["port"] else []
    parts += [f"wish: {TLS[asked['tls']]}"] if asked["tls"] else []
    parts += [f"tried {', '.join(map(str, asked['tried']))}"] if asked["tried"] else []
    parts += [f"not {', '.join(map(str, asked['barred']))}"] if asked.get("barred") else []
    parts += [f"open: only {', '.join(map(str, asked['only']))}"] if asked.get("only") else []
    parts += ["no login"] if asked.get("anonymous") else []
    return " ".join(filter(None, (f"Understood: {'; '.join(parts)}.", missed(document))))


def missed(document: Document) -> str:
    """What of the question was not understood or left out; empty where nothing was.

    Beside what a machine is quoted with nobody can tell the asker's words from its own.
    """
    asked = document["understood"]
    unknown = [] if document.get("diagnosis") else asked["not_understood"]
    unused = (("Not understood", unknown), ("One at a time, left out", asked.get("left_out")))
    return " ".join(f"{what}: {', '.join(it)}." for what, it in unused if it)


MOST_AVOIDED = 2
"""Reasons to avoid a port that stand in the answer itself."""


def short(document: Document) -> list[str]:
    """The answer without its first line: host, the main reasons, what comes next, what to avoid, what was missed."""
    why = document.get("why", document["reasons"][:3])
    open_lines = [*beside(document), *alternatives(document)]
    lines = [host_line(document), *(f"- {reason}" for reason in why), next_line(document), *avoid_lines(document)]
    unread = "" if document.get("undecided") else missed(document)
    return [line for line in (*open_lines, *lines, unread) if line]


def host_line(document: Document) -> str:
    """Where to connect, unless lines with it stand in the answer, or there is no port."""
    named = document["provider"] and document["host"] and document["recommended"]
    return f"Host: {document['host']}" if named and not document.get("shown") else ""


def next_line(document: Document) -> str:
    """`Then 2525 with STARTTLS, 465 with SSL/TLS.`"""
    if _is_answered(document):
        return ""
    following = NEXT.get(document["understood"]["role"], "Then")
    relayed = document["recommended"] is None and document["understood"]["role"] == "relay"
    ports = ", ".join(_port(it) + (f" on {it['host']}" if it.get("host") else "") for it in document["fallbacks"])
    return f"{'Through a relay service:' if relayed else following} {ports}." if ports else ""


def avoid_lines(document: Document) -> list[str]:
    """`Avoid 25: why`, for the first reasons; further ports without."""
    groups = [] if _is_answered(document) else avoided(document)
    most = 1 if document.get("shown") else MOST_AVOIDED
    told = [f"Avoid {ports}: {reason}" for ports, reason in groups[:most]]
    return [*told, *([f"Avoid also {', '.join(ports for ports, _ in groups[most:])}."] if groups[most:] else [])]


def brief(document: Document) -> str:
    """The answer in a few lines of mrkdwn, for notifications and for clients that show no blocks."""
    return "\n".join(escape(line, 700) for line in (headline(document), *short(document)))


def printed(document: Document) -> str:
    """The answer for a terminal, with the lines that were asked for."""
    return "\n".join([headline(document), *short(document), *_pasted(document), *_further(document)])


def _pasted(document: Document) -> Iterator[str]:
    for tool in document["shown"] if "shown" in document else document["snippets"]:
        yield f"\n{_title(tool)}:\n{indented(document['snippets'][tool])}"


def _title(tool: str) -> str:
    row = framework(tool)
    return row.name if row else tool


def _further(document: Document) -> Iterator[str]:
    apps = [tool for tool in document["snippets"] if framework(tool) and tool not in document.get("shown", ())]
    readings = document.get("readings") or ()
    told = [FURTHER_OR[len(readings) > 1]] if readings else []
    yield " ".join([f"\n{FURTHER}", *told, *([FURTHER_LINES.format(apps[0])] if apps else [])])


FURTHER_OR = ('--or 1 answers the line with "Or".', '--or 1 answers the first line with "Or", --or 2 the second.')
FURTHER = "More: --why has the reasons in full, the host's login and the sources."
FURTHER_LINES = "--for APP has lines to paste, as --for {}."


def full(document: Document) -> str:
    """The whole answer for a terminal, sources included, with the lines that were asked for."""
    return "\n".join([headline(document), *reasoning(document), *_pasted(document), *_sources(document)])


def reasoning(document: Document) -> list[str]:
    """Everything but the first line, lines to paste and sources."""
    return [understood(document), "", *_ports(document), *_rest(document)]


def of_lines(told: Document) -> str:
    """The lines of a framework with its settings, for a terminal."""
    lines = [f"\n{told['name']}:\n{indented(told['lines'])}\n"] if told["lines"] else [f"\n{told['name']}:"]
    remark = [told["remark"] or ""] if told["remark"] or told["lines"] else [NO_LINES.format(told["name"])]
    return "\n".join([*lines, *filter(None, remark), *told["facts"], *_sources(told)])


NO_LINES = "There are no lines for {} here: this is not what it is for, or no port is left."


def _ports(document: Document) -> Iterator[str]:
    yield from (f"- {reason}" for reason in document["reasons"])
    following = NEXT.get(document["understood"]["role"], "Then")
    for choice in document["fallbacks"]:
        yield f"{following} {_fallback(choice)}: {choice['reason']}"
    yield from (f"Avoid {ports}: {reason}" for ports, reason in avoided(document))


def avoided(document: Document) -> list[tuple[str, str]]:
    """The ports to avoid with the reason, those with the same reason together."""
    groups: dict[str, list[str]] = {}
    for it in document["avoid"]:
        groups.setdefault(it["reason"], []).append(str(it["port"]))
    return [(", ".join(ports), reason) for reason, ports in groups.items()]


def _fallback(choice: Document) -> str:
    where = choice.get("host")
    return f"{choice['port']}, {TLS[choice['tls']]}" + (", on another host" if where else "")


def _rest(document: Document) -> Iterator[str]:
    yield from _titled("", provider_lines(document))
    yield from _titled(f"\n{document['network']['name']}" if document["network"] else "", network_lines(document))
    for about in document["about"]:
        yield f"\nPort {about['port']}: {about['title']}"
        yield from (f"  {line}" for line in about["story"])
        if about["offered_by"]:
            yield f"  Listed by {', '.join(about['offered_by'])}."


def _sources(document: Document) -> Iterator[str]:
    if document["sources"]:
        yield "\nSources:"
    yield from (f"  [{number}] {source}" for number, source in enumerate(document["sources"], 1))


def _titled(title: str, lines: list[str]) -> list[str]:
    return [title, *lines] if lines else []


def provider_lines(document: Document) -> list[str]:
    """Host, login and peculiarities of the provider."""
    service = document["provider"]
    if service is None:
        return []
    lines = [f"Host: {document['host']}", f"Login: {service['login']}"]
    return [*lines, service["note"]] if service["note"] else lines


def network_lines(document: Document) -> list[str]:
    """How a block of the network shows and how it is lifted."""
    net = document["network"]
    if net is None:
        return []
    labels = (("To lift it", net["lift"]), ("It shows as", net["symptom"]), ("Note", net["note"]))
    return [f"{label}: {text}" for label, text in labels if text]


def indented(lines: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in lines.splitlines())


MOST_WORDS = 5
EXAMPLES = "Try: sparkpost from google cloud, receive bounces, printer to office 365, 465, why not 25."
UNKNOWN = (
    "A provider that I do not know tells host and port on its support page, mostly 587 with STARTTLS or 465 with "
    "SSL/TLS."
)


def refusal(typed: str, question: Question) -> UserError | None:
    """None when there is something to answer. An empty text asks for the general answer. `question` is discreet."""
    if not typed.strip() or not question.empty:
        return None
    if UNNAMED in question.not_understood:
        return UserError("I found no provider, network, port or purpose in that.", EXAMPLES)
    unknown = question.not_understood[:MOST_WORDS]
    words = ", ".join(f"`{quoted(word)}`" for word in unknown or [typed])
    likely = suggested(unknown)
    hint = f"Did you mean {' or '.join(map('`{}`'.format, likely))}?" if likely else UNKNOWN if unknown else ""
    return UserError(
        f"I found no provider, network, port or purpose in: {words}.",
        f"{hint} {EXAMPLES}".strip(),
        likely,
        wrong=unknown[0] if len(unknown) == 1 else "",
    )


def unknown_framework(typed: str) -> UserError:
    """No framework is called that."""
    close = likely(typed)
    hint = f"Did you mean {' or '.join(close)}?" if close else f"There are {', '.join(frameworks())}."
    return UserError(f"I have no lines for `{quoted(typed)}`.", hint, close, wrong=typed)
