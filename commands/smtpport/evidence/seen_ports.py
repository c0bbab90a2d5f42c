"""What somebody saw of ports: which of them answered and which did not. Pure; what is asked is not seen."""

import re
from typing import NamedTuple

_PORT = r"(?:el |the )?(?:ports? |puerto )?(?<![\d.:])(25|465|587|2525)(?!\d|\.\d)"
_ANSWERS = (
    r"(?:(?:answers?|answered|works?|worked|connects?|connected|succeeds?|succeeded|responds?|responded|replies"
    r"|takes? mail|accepts? mail|receives? mail|can be reached|(?:e?mails? )?(?:goes|go|gets|get) (?:out|through)"
    r"|funciona|responde|contesta|conecta)\b(?! not)|ok\b(?! *\?)"
    r"|(?:is|are) (?:open(?! (?:in|on|at|by|for)\b)|reachable|fine|ok)\b"
    r"|(?:gives?|shows?|returns?|says) (?:me |us )?(?:a |an |the )?(?:220|banner|greeting)\b)"
)
_ON = r"(?:on|with|over|at|via|through|to|en|con|por)"
_NOTHING = (
    r"(?:nothing(?: happens| arrives| comes)?|it (?:fails|hangs|times out)|nada|is not|isn.?t|does not|doesn.?t|no)"
)
_BUT = r"(?:,|\b(?:but|and|pero|y),?)"
_ANSWERED = tuple(
    map(
        re.compile,
        (
            rf"{_PORT},? (?:to [\w.-]{{1,60}} |from [\w -]{{1,20}} )?{_ANSWERS}",
            rf"\b(?:{_ANSWERS}|220|banner|greeting) {_ON} {_PORT}",
            rf"\b(?:telnet|nc)\b[^\n,;?]{{0,60}}? {_PORT} {_ANSWERS}",
        ),
    )
)
_TOLD = re.compile(
    rf"\b(?:use|using|{_ON}) {_PORT},? (?:it|everything|sending|(?:the |my |our )?(?:e?mails?|messages?)) "
    r"(?:works?|goes|sends|(?:is|are|gets|get|was) sent|(?:is|are) fine|funciona)\b"
    rf"|(?<!does it )(?<!will it )\bonly (?:works?|connects?|sends|goes) {_ON} {_PORT}"
)
"""What is told on the condition that this port is used."""

_FAILED = tuple(
    map(
        re.compile,
        (
            rf"{_BUT} (?:not|no|nothing) (?:{_ON} )?{_PORT}",
            rf"{_BUT} (?:not|no|nothing) (?:{_ON} )?\d{{2,4}}(?:,| and| or| nor) (?:{_ON} )?{_PORT}",
            rf"{_PORT} {_NOTHING}(?=[\s,.;]*(?:$|[.,;\n]|which|what|que))",
        ),
    )
)
_OPPOSED = re.compile(rf"{_PORT}[^.;?\n]{{0,30}}?,? ?(?:\b(?:but|and|pero|y) )?\b(?:not|no|never) {_ON} {_PORT}")
"""`sends on 2525 but not on 587`, whatever the verb."""

_CLAUSE = re.compile(r"[.,;!\n]|\b(?:but|and|pero|y|while|mientras)\b")
_UNSEEN = re.compile(
    r"\b(?:if|whether|does|do|did|is|are|can|could|will|would|should|may|which|what|why|how|when|once|si|que|cual"
    r"|not|never|no|nothing|only|until|than|make|used to)\b|\w{2,6}n['\u2019]?t\b"
)
"""Before what is said: it is asked, wished or denied."""


_OWN_MACHINE = re.compile(
    r"\s*(?:fine |ok )?(?:on|in|at|from|en|desde) (?:(?:my|our|the|mi) )?(?:own )?"
    r"(?:local|laptop|home\b|pc\b|computer|dev|mac\b|casa|port[aá]til)"
)
"""What works on somebody's own machine says nothing of where it fails."""


class SeenPorts(NamedTuple):
    """Ports that answered, and those of which it is said that they did not beside those that did."""

    answered: frozenset[int] = frozenset()
    failed: frozenset[int] = frozenset()


def seen_ports(text: str) -> SeenPorts:
    """The ports of which a text in lower case tells what was seen. One of which both is said is in neither."""
    told = [it for it in _found(_ANSWERED, text) if not _OWN_MACHINE.match(text, it.end())]
    answered = {int(found[1]) for found in told if not _UNSEEN.search(_before(text, found.start()))}
    answered |= {int(found[1] or found[2]) for found in _TOLD.finditer(text)}
    opposed = [it for it in _OPPOSED.finditer(text) if not _UNSEEN.search(_before(text, it.start()))]
    answered |= {int(found[1]) for found in opposed}
    if not answered:
        return SeenPorts()
    failed = {int(found[1]) for found in _found(_FAILED, text)} | {int(found[2]) for found in opposed}
    return SeenPorts(frozenset(answered - failed), frozenset(failed - answered))


def _found(patterns: tuple[re.Pattern[str], ...], text: str) -> list[re.Match[str]]:
    return [found for pattern in patterns for found in pattern.finditer(text)]


def _before(text: str, start: int) -> str:
    """What stands in the clause before a place."""
    return _CLAUSE.split(text[max(0, start - 80) : start])[-1]


_SMTP = r"(?:25|465|587|2525)(?!\d|\.\d)"
_NEITHER = (
    r"\b(?:neither|weder|ni)(?: (?:port|el|en el|por el|through|on))? "
    rf"(?P<ports>{_SMTP}(?: (?:nor|or|noch|ni)(?: (?:el|en el|por el))? {_SMTP}){{1,3}})"
)
_ALIKE = (
    rf"(?P<ports>(?<![\d.:]){_SMTP}(?:(?:,| and| or| nor| y| o| ni) (?:ports? |puerto )?{_SMTP}){{0,3}}),? "
    r"(?:(?:are |is |do |does )?(?:just |exactly )?(?:the )?same\b(?! (?:ports?|hosts?|servers?|as|for|way)\b)"
    r"|likewise\b|igual\b|lo mismo\b|tampoco\b"
    r"|(?:fail(?:s|ed)?|time(?:s|d)? out|hangs?) (?:too|as well|also)\b|also (?:fail|time|hang)\w*)"
)
_NEITHER_OF, _ALIKE_OF = re.compile(_NEITHER), re.compile(_ALIKE)
"""`neither 465 nor 587`; `25 and 465 the same`, `465 fails as well`: of all of them it is said."""
_WANTED = re.compile(r"\b(?:wants?|needs?|uses?|likes?|quier\w+|necesit\w+|supports?|offers?)\W{0,3}$")


def denied_ports(text: str, *, fails: bool) -> frozenset[int]:
    """The ports of which a text in lower case says together that they do not work.

    That they are alike says so only where something `fails`: else it may be asked whether they are.
    """
    told = [*_NEITHER_OF.finditer(text), *(_ALIKE_OF.finditer(text) if fails else ())]
    told = [it for it in told if not _WANTED.search(text[: it.start()])]
    return frozenset(int(port) for it in told for port in re.findall(_SMTP, it["ports"]))


_ASKED = re.compile(r"\u00bf([^?\n]{0,300})")


def asked_ports(text: str) -> frozenset[int]:
    """The ports that stand in Spanish questions alone: what is said of them there is asked, and not seen."""
    inside = {int(port) for part in _ASKED.findall(text) for port in re.findall(_SMTP, part)}
    return frozenset(inside - {int(port) for port in re.findall(_SMTP, _ASKED.sub(" ", text))})


_MAILBOXES = (
    r"(?:gmail|google|yahoo|outlook|hotmail|office ?365|microsoft|gmx|icloud|aol|web\.de|t-online|orange|protonmail"
    r"|(?:all |the |every )?(?:others?|rest|everything else|other (?:domains?|servers?|destinations?|providers?)))"
)
_GOES = r"(?:ok|works?|goes|answers|connects|(?:is|are) (?:fine|ok|open|delivered)|funciona|va bien)\b"
_DELIVERS = re.compile(
    rf"(?:(?<![\w.@-])|\b(?:deliver\w*|send\w*|25) to ){_MAILBOXES}(?:\.[a-z]{{2,3}})?(?: {_ON} (?:port )?25)? {_GOES}"
)


_SUBMITS = re.compile(r"(?<!\d)(?:465|587|2525)(?!\d)")


def reaches_others(text: str) -> bool:
    """Whether a text in lower case says that mail gets to some other destination."""
    found = _DELIVERS.search(text)
    if found is None:
        return False
    before = _before(text, found.start())
    return not (_UNSEEN.search(before) or _SUBMITS.search(before))


_BUT_ONE = re.compile(rf"(?<![\w.@-]){_MAILBOXES}[\w.]{{0,5}},? (?:but|and|pero) (?:not|no) (?:{_ON} |a )?{_MAILBOXES}")


def spares_one(text: str) -> bool:
    """Whether a text in lower case says of two destinations that one takes mail and the other does not."""
    found = _BUT_ONE.search(text)
    return found is not None and not _SUBMITS.search(_before(text, found.start()))
