"""Who wants to hear when something happens to a host: as the watch that tells them. Pure, and total."""

import re

from bot.slack.conversation.sentence.hosts import hosts_in, ports_in
from bot.slack.conversation.sentence.phrasing import has, without_courtesies
from commands.spanish import folded
from commands.words import as_typed

LONGEST = 600
"""Characters of it."""


def alert_wanted(text: str) -> str:
    """`alert me when HOST goes down`, as it is typed behind `/smtpwatch`; empty where nothing is wanted.

    Whether it is up at all, and when its certificate ends, is for a check to say.
    """
    said = without_courtesies(as_typed(text[:LONGEST]))
    match = _WANTED.match(folded(said))
    if match is None or _asks(match):
        return ""
    who = _SOMEBODY.search(said[: match.start("what")])
    is_setting = who and not match["when"]
    return "" if is_setting else watch_of(said[match.start("what") :], notify=who[0] if who else "")


def _asks(match: re.Match[str]) -> bool:
    """It asks how it is, was, or when something ends."""
    what = match["what"]
    if has(IN_THE_PAST, what) or (match["told"] and not match["when"]):
        return True
    if match["told"] and has(ENDS, what) and not has(SOON, what):
        return True
    happens = f"{HAPPENS}|{CERTIFICATE}" if match["told"] else f"{HAPPENS}|{CERTIFICATE}|{FAILS}"
    return match["when"] in {"if", "si"} and not has(happens, what)


def watch_of(said: str, notify: str = "") -> str:
    """Of the first host, on the ports that are named, as often as is said: `check HOST 587 every 5 minutes`."""
    every, hosts = EVERY.search(folded(said)), hosts_in(said)
    if not hosts:
        return ""
    kind = next((kind for kind, words in KINDS if has(words, said)), "")
    ports = [] if kind == "dns" else map(str, ports_in(_LENGTH.sub(" ", said[: every.start()] if every else said)))
    often = [f"every {every[1] or 1}{every[2][0]}"] if every else []
    return " ".join(
        filter(None, ["add", kind, hosts[0].name, *ports, *often, *([f"notify {notify}"] if notify else [])])
    )


IN_THE_PAST = "was|were|went|did|broke|started|began|cayo|estuvo|fue|empezo|fallo"
HAPPENS = (
    "goes|fails|breaks|stops|changes|dies|comes back|recovers|cae|se cae|falla|deja|cambia|vuelve|vuelva|caiga|falle|"
    "cambie"
)
FAILS = (
    r"no (?:responde|contesta|funciona|va)|is (?:down|offline|unreachable)|"
    r"(?:does not|doesn'?t) (?:answer|respond|work)"
)
"""The same where somebody is to be alerted: whoever only wants to be told may ask how it is."""
ENDS = "expires|expired|ends|ended|end|expire|caduca|vence|caduco|vencio"
SOON = "about|soon|pronto|punto"
CERTIFICATE = "certs?|certificates?|certificados?"
KINDS = (("certificate", CERTIFICATE), ("dns", "dns|mx|mx records?|ptr|tlsa|dane|mta-sts"))
"""By what is watched of a host the words for it."""

EVERY = re.compile(
    r"(?<!\w)(?:every|each|cada) (?:(\d{1,4}) ?)?(m|h|d|min|mins|minut[eo]s?|hours?|horas?|dias?|days?)(?!\w)"
)
_LENGTH = re.compile(r"(?<!\w)\d{1,4} ?(?:m|h|mins?|minut[eo]s?|hours?|horas?)(?!\w)", re.IGNORECASE)
_WHOM = r"(?:me|us|@\w+)"
_WANTED = re.compile(
    rf"(?:(?P<told>(?:tell|ping|message) +{_WHOM}|di(?:me|nos))|(?:alert|notify|warn|page) +{_WHOM}|"
    rf"let +{_WHOM} +know|avisa(?:me|nos|r)?(?: +a +@\w+)?|notificame|alertame) +(?:\d+ \w+ )?"
    r"(?:(?P<when>when(?:ever)?|if|once|as soon as|before|cuando|si|antes de que|en cuanto)|about|of|on|de|sobre) "
    r"(?P<what>.*)",
    re.DOTALL,
)
"""`told`: it may ask as well how it is."""

_SOMEBODY = re.compile(r"@[USW][A-Z0-9]{1,40}")
