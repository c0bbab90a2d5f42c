"""What somebody wrote, as a command and the text behind it. Pure, deterministic, and total: no text raises.

The first of `READERS` that knows the text decides: names of commands, pasted configs, phrases (`phrases`), hosts and
ports by themselves, pasted errors, questions about ports, a sentence in which a host stands; last what is asked back.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.slack.conversation.orders import order_readers
from bot.slack.conversation.orders.alert_wanted import CERTIFICATE, EVERY, alert_wanted, watch_of
from bot.slack.conversation.orders.digest_orders import digest_wanted
from bot.slack.conversation.orders.orders import UNCLEAR, Order, names_what_is_watched
from bot.slack.conversation.questions.one_fact import one_fact
from bot.slack.conversation.questions.past_questions import past_question
from bot.slack.conversation.questions.plain_questions import line_of, meaning_asked, topic_asked
from bot.slack.conversation.sentence import patterns, phrases, whole_texts
from bot.slack.conversation.sentence.hosts import hosts_in, place_in, ports_in
from bot.slack.conversation.sentence.message_hosts import hosts_of
from bot.slack.conversation.sentence.phrasing import FEW, RULE, begun, has, without_courtesies
from bot.slack.conversation.sentence.understood import NOT_SENDING, PLAIN, WHICH_HOST, WHICH_OUTLOOK, Understood
from bot.slack.conversation.sentence.which_host import asked_state, label_of_state, lone_label, provider_in
from commands.contract import UserError
from commands.other_words import NO_SENSE, translated
from commands.pmta.introduced import introduction, names_config
from commands.pmta.language.catalogue import DIRECTIVES, TAGS
from commands.slack_text import undo
from commands.smtpcheck.address.target import refuse_credentials
from commands.smtpcheck.arguments import parse_several
from commands.smtpport.catalogue.lookup import providers
from commands.smtpport.question.asked import Question
from commands.smtpport.question.reader import MOST_TEXT, read
from commands.spanish import folded
from storage.entries import LOCAL

EVERY_PORT = range(1, 65536)
"""Which ports may be checked is for the command to say."""

LONGEST = 4 * MOST_TEXT
"""Characters of a message in which sentences are looked for; a config is handed on whole."""

MANY = 50
"""Hosts that are handed on: how many are checked at once is for the command to say, too."""

LONGEST_COMPARISON = 200
LONGEST_CHECK = 600
"""Characters: what is longer is no list of a few hosts."""


def understand(text: str, *, files: bool = False) -> Understood | None:
    """The command that was meant, or None where nothing tells. `files`: there came some along."""
    said = text.strip()
    if len(said) <= LONGEST_CHECK:
        said = EVERYWHERE.sub("from all", _DEFANGED.sub(".", said))
    if files:
        return Understood("pmta", said if said.lower() == "diff" else "", ordered=True)
    if not said:
        return Understood("portero", "help", ordered=True)
    found = (reader(said) for reader in READERS)
    meant = next((one for one in found if one is not None), None)
    return order_readers.with_options(meant) if meant else None


EVERYWHERE = re.compile(patterns.EVERYWHERE, re.IGNORECASE)
_DEFANGED = re.compile(r"(?<=[\w-])(?:\[\.\]|\(\.\)|\[dot\])(?=[\w-])", re.IGNORECASE)
"""`mail[.]example[.]com`, as people write what nobody shall click on."""


def _named(text: str) -> Understood | None:
    """`smtpcheck mail.example.com`, with the slash or without."""
    match = _NAMED.match(folded(text[:LONGEST]))
    return Understood(match[1], text[match.end() :].strip(), ordered=True) if match else None


_NAMED = re.compile(rf"/?({'|'.join(phrases.NAMED)})(?![\w.@-])")


def _config(text: str) -> Understood | None:
    """A line that begins with a tag of PowerMTA, or a setting whose name no sentence has; what is said to be one."""
    written = undo(text).replace("`", "\n")
    introduced = introduction(written)
    if _CONFIG.search(written) or (introduced and _CONFIG.search(written[len(introduced) :])):
        return Understood("pmta", text, ordered=True)
    if not names_config(introduced):
        return None
    follows = written[len(introduced) :].strip()
    return Understood("pmta", text if follows else "", ordered=True)


_SETTINGS = "|".join(re.escape(name) for name in DIRECTIVES if "-" in name)
_TAGS = "|".join(TAGS)
_IN_FRONT = r"[^\S\n]*(?:[\w./-]{1,80}:\d{1,6}[:-])?[^\S\n]*(?:[>|+-][^\S\n]*){0,4}"
"""What mail, grep or diff puts in front of a line."""
_CONFIG = re.compile(
    rf"^{_IN_FRONT}(?=[<a-z])(?:</?(?:{_TAGS})\b[^<>\n]*>|(?:{_SETTINGS})[^\S\n]+\S)", re.MULTILINE | re.IGNORECASE
)


def _rule(text: str) -> Understood | None:
    """The number of a rule by itself."""
    return Understood("pmta", f"explain {text}", ordered=True) if RULE.fullmatch(text) else None


def meaning(text: str) -> Understood | None:
    """What a word means is asked, of whatever was spoken before."""
    name = meaning_asked(text)
    return Understood(phrases.CONVERSATION, PLAIN, ordered=True, value=name) if name else None


def _topic(text: str) -> Understood | None:
    """A plain question about Portero itself."""
    name = topic_asked(text)
    command, _, line = line_of(name).partition(" ")
    if command:
        return Understood(command, line, ordered=True)
    return Understood(phrases.CONVERSATION, PLAIN, ordered=True, value=name) if name else None


def _phrase(text: str) -> Understood | None:
    said = without_courtesies(text)
    for phrase, rest in begun(said):
        is_check = phrase.command == "smtpcheck"
        if is_check and (
            _REPLY.search(rest[:LONGEST]) or (hosts_in(undo(rest)) and names_what_is_watched(undo(rest[:LONGEST])))
        ):
            continue
        if phrase.fits is phrases.Fits.TARGET and (provider := provider_in(undo(rest[:LONGEST]))):
            return replace(_which_host(provider, rest), ordered=True)
        if phrase.fits is phrases.Fits.SENDER and _OUTLOOK.fullmatch(folded(rest)):
            return Understood(phrases.CONVERSATION, WHICH_OUTLOOK, ordered=True)
        if phrase.command == "smtpcheck" and EVERY.search(folded(rest[:LONGEST_CHECK])):
            return Understood("smtpwatch", watch_of(undo(rest[:LONGEST_CHECK])), ordered=True)
        if phrase.command == "smtpwatch":
            rest = _EVERYTHING.sub("all", _TAGGED.sub("tag:", rest))  # noqa: PLW2901
        rest = _POINTING.sub("", _PLEASE.sub("", rest))  # noqa: PLW2901
        behind = rest if phrase.head == "note" else translated(rest, phrase.command)
        line = f"{phrase.head} {behind}".strip()
        if phrase.command == "smtpcheck" and len(line) > LONGEST_CHECK:
            line = canonical(undo(line[:LONGEST]))
        elif phrase.command == "smtpcheck":
            line = _as_written(line) or canonical(undo(line)) or line
        return Understood(phrase.command, said if phrase.whole else line, ordered=True)
    return None


_OUTLOOK = re.compile(patterns.OUTLOOK)


def _compared(text: str) -> Understood | None:
    """Two hosts, and that they are compared: `mail.example.com vs mx.example.net`."""
    said = undo(text)
    if len(said) > LONGEST_COMPARISON or "\n" in text.strip() or not has(patterns.COMPARES, said):
        return None
    hosts = [host.name for host in hosts_in(said)]
    line = " ".join(["compare", *hosts, *map(str, ports_in(said)), *(["again"] if has("again", said) else [])])
    return Understood("smtpcheck", line, ordered=True) if len(hosts) > 1 else None


_TAGGED = re.compile(
    r"^(?:(?:everything|all(?: (?:the )?(?:watches|hosts))?|tod[oa]s?)\s+)?"
    r"(?:(?:with|that (?:has|have|is|are)|con|que teng[ao])\s+)?"
    r"(?:(?:the |la )?(?:tag|tagged|etiqueta)(?: with| as)?:?\s+(?:tag:)?|tag:)(?=\w)",
    re.IGNORECASE,
)
"""`everything tagged prod`, `all watches with the tag prod`."""

_PLEASE = re.compile(r"^(?:please|pls|por favor)[\s,]+", re.IGNORECASE)
_POINTING = re.compile(
    r"^(?:this|that|these|esto|eso|estos)(?: one| host| server)?\s*[:\n,]\s*(?:(?:>|&gt;)\s*)?", re.IGNORECASE
)
"""`check this: mail.example.com`"""

_EVERYTHING = re.compile(
    r"^(?:everything|todo|todos|todas|all)(?: (?:of )?(?:(?:the|our|las|los) )?(?:watches|hosts|alerts|vigilancias|"
    r"servidores|avisos|alertas))?(?!\S)",
    re.IGNORECASE,
)

_REPLY = re.compile(r"(?<![\w.])[45]\d\d[- ]#?[45]\.\d{1,3}\.\d{1,3}(?![\w.])")
"""What a server said, by its two codes, and no port: `check this: 550 5.1.1 User unknown` asks what it means."""


def _alert_wanted(text: str) -> Understood | None:
    line = alert_wanted(text)
    return Understood("smtpwatch", line, ordered=True) if line else None


def _as_written(line: str) -> str:
    """The line, unless too much else stands in it to be a slip."""
    return line if _is_check(line) or len(_odd(undo(line))) < FEW else ""


def _odd(words: str) -> list[str]:
    return [word for word in words.split() if word.isalpha() and len(word) > 1 and folded(word) not in _OF_CHECKS]


_OF_CHECKS = frozenset({"port", "ports", "and", "on", "from", "here", "deep", "again", "network", "all", "tcp"})


def canonical(text: str) -> str:
    """The check that a sentence asks for: its hosts, its ports, the words and the place that checks know."""
    hosts = [target.name for target in hosts_in(text, most=MANY)]
    if not hosts:
        return ""
    text = _PLACES_NAMED.sub("from all", text)
    ports = [str(port) for port in ports_in(text)]
    words = [word for word in ("deep", "again") if has(word, text)]
    place = place_in(translated(text, "smtpcheck"))
    return " ".join([*hosts, *ports, *words, *([] if place == LOCAL else ["from", place])])


_PLACES_NAMED = re.compile(
    r"\b(?:from|desde) [a-z]{2,20}-\d{1,4}(?:\s*(?:,|and|y|&)\s*(?:(?:from|desde) )?[a-z]{2,20}-\d{1,4})+",
    re.IGNORECASE,
)
"""Two machines and more: there is a table of one, or of all of them."""


def _is_check(text: str) -> bool:
    """Hosts and ports alone: words beside them, which the command leaves out, may say something else here."""
    if any(folded(word).strip("?!,") in NO_SENSE["smtpcheck"] for word in text.split()):
        return False
    try:
        return bool(parse_several(text, EVERY_PORT))
    except UserError:
        return False


def _check(text: str) -> Understood | None:
    """Hosts and ports, and nothing else; also a login with its password: the words for it stand in one place."""
    if len(text) > LONGEST_CHECK:
        return None
    line = translated(without_courtesies(text), "smtpcheck").rstrip("?!. ")
    known = _is_check(line) or _is_login(line) or _NETWORK.fullmatch(line)
    return Understood("smtpcheck", line, ordered=True) if known else None


_NETWORK = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:]+)/\d{1,3}")
"""Addresses, which no check looks at all of: the command says what to do instead."""


def _is_login(line: str) -> bool:
    try:
        refuse_credentials(undo(line).strip())
    except UserError:
        return len(line.split()) == 1
    return False


def _question(text: str) -> Understood | None:
    """What a client or a server said, or a question about ports; a host whose state is asked for is checked."""
    said = undo(text[:LONGEST])[:MOST_TEXT]
    if _MERE_PLACE.fullmatch(folded(said)):
        return None
    if (line := _of_tool(said)) is not None:
        return line
    question, hosts = read(said), hosts_in(said)
    if hosts and has(CERTIFICATE, said) and not (question.certain or question.fails):
        return Understood("smtpcheck", canonical(said))
    if hosts and _is_unreached(said, question) and not (question.certain or question.tried):
        return Understood("smtpcheck", canonical(said))
    if question.tells:
        return Understood("smtpport", text)
    if hops := hosts_of(said) if _RECEIVED.search(said) else []:
        return Understood("smtpcheck", " ".join(hops))
    if hosts and has(patterns.PAST, said):
        return Understood("smtphistory", _past(said, hosts[0].name))
    if hosts and names_what_is_watched(said):
        return order_readers.of_order(Order(UNCLEAR, [hosts[0].name]))
    if hosts and (not _is_of_ports(question) or _asks_state(said, question)):
        return Understood("smtpcheck", canonical(said))
    return Understood("smtpport", text) if _is_of_ports(question) or _names_port(question) else None


def _of_tool(said: str) -> Understood | None:
    """`$ openssl s_client -connect HOST:25` and what it answered: the same is looked at from here."""
    tool = _TOOL.match(said)
    answered = said[tool.end() :].strip() if tool else ""
    if answered and not has(patterns.REACHED_NOTHING, answered):
        return None
    line = canonical(tool[0]) if tool else ""
    return Understood("smtpcheck", line, ordered=True) if line else None


_PROMPT = r"(?:[\w.-]{1,40}@\S{1,80}\s?|(?:PS )?[a-z]:[^>\n]{0,80})?[$#>%]?"
_TOOL = re.compile(rf"\s*{_PROMPT}\s*{patterns.TOOLS}\s[^\n]{{1,300}}", re.IGNORECASE)
"""Its command line, behind the prompt of a shell or without."""


def _is_unreached(said: str, question: Question) -> bool:
    """Somebody does not get to a host of nobody who is known: a look at it says more than advice."""
    is_of_others = question.provider or question.network or question.software or has(patterns.PASTED, said)
    return has(patterns.UNREACHED, said) and not is_of_others


def _asks_state(said: str, question: Question) -> bool:
    """How the host that stands there is, though ports or a program are named, too."""
    return (
        _is_unreached(said, question)
        or has(patterns.STATES, said)
        or re.match(patterns.TOOLS + r"\s", folded(said)) is not None
    )


_MERE_PLACE = re.compile(r"[¿¡]?(?:and |y )?(?:from|desde) [a-z]+-\d+[?!. ]*")
"""`from mta-03`, and of what is not known any more: no question about a network."""


_RECEIVED = re.compile(r"^[>|\s]{0,20}received:\s", re.IGNORECASE | re.MULTILINE)


def _is_of_ports(question: Question) -> bool:
    """A provider, a network or a program is named, or ports in general."""
    return bool(question.provider or question.network or question.software or question.general)


def _names_port(question: Question) -> bool:
    return bool(question.port or question.tried or question.tls)


def _state_of_provider(text: str) -> Understood | None:
    """`is gmail down?`: which of its hosts is asked back."""
    said = undo(text[:LONGEST])
    provider = asked_state(without_courtesies(said))
    return _which_host(provider, said) if provider else None


def _which_host(provider: str, said: str) -> Understood:
    ports = " ".join(map(str, ports_in(undo(said))))
    return Understood(phrases.CONVERSATION, WHICH_HOST, value=f"{provider} {ports}".strip())


def _without_domain(text: str) -> Understood | None:
    """`mx1`: the command says what a full name is."""
    line = lone_label(undo(text[:LONGEST_CHECK]))
    return Understood("smtpcheck", line, ordered=True) if line else None


def _state_of_name(text: str) -> Understood | None:
    """`is mail up?`, and no question of ports; `is outlook down?`, which is a provider's name and a program's."""
    line = label_of_state(undo(text[:LONGEST_CHECK]))
    name = line.partition(" ")[0]
    if name in providers():
        return _which_host(name, line)
    return Understood("smtpcheck", line) if line else None


def _no_mail(text: str) -> Understood | None:
    """That no mail goes out, and nothing that could be looked at."""
    said = has(patterns.NO_MAIL, undo(text[:LONGEST]))
    return Understood(phrases.CONVERSATION, NOT_SENDING) if said else None


def _past(said: str, host: str) -> str:
    asks = " changes" * has(patterns.CHANGED, said)
    return f"{host}{asks}{' since yesterday' * has(patterns.YESTERDAY, said)}"


READERS: Sequence[Callable[[str], Understood | None]] = (
    _named,
    _config,
    _rule,
    whole_texts.courtesy,
    whole_texts.changes_of_person,
    whole_texts.of_person,
    whole_texts.digest,
    digest_wanted,
    whole_texts.tag_renamed,
    whole_texts.certificates_wanted,
    whole_texts.quiet_hours,
    meaning,
    one_fact,
    _topic,
    _alert_wanted,
    whole_texts.ours,
    whole_texts.own_network,
    whole_texts.note,
    order_readers.watch_question,
    order_readers.deed_spoken_of,
    _compared,
    past_question,
    _phrase,
    whole_texts.certificates,
    whole_texts.smtp_check,
    order_readers.order,
    _check,
    _without_domain,
    _state_of_provider,
    _question,
    _state_of_name,
    _no_mail,
)
