"""What the words of a question call for beside the port: what works already, how a block is lifted, which login."""

from collections.abc import Iterator

from commands.smtpcheck.result.meanings import Meaning
from commands.smtpport.answer import Claim, Params
from commands.smtpport.catalogue import standards as s
from commands.smtpport.catalogue.lookup import cited, is_offered, networks, ports, provider_called
from commands.smtpport.catalogue.records import Egress, Network, Provider, basis, state_of
from commands.smtpport.certainty import doubts, has_circumstance
from commands.smtpport.evidence.peers import SMTP
from commands.smtpport.evidence.situations import remarks
from commands.smtpport.evidence.symptoms import Symptom
from commands.smtpport.question.asked import Question
from commands.smtpport.question.lexicon import likely


def of_words(question: Question, service: Provider | None, net: Network | None) -> Iterator[Claim]:
    """What was asked for in words, and what is to be said of words that nobody knows."""
    yield from _of_odd_ports(question, service)
    yield from of_circumstance(question, net)
    yield from _of_25(question, service, net)
    if _fail_alike(question):
        yield Claim("several_fail")
    yield from _of_logins(question, service)
    yield from _of_either(question, service, net)
    yield from _of_asked(question, service, net)
    yield from _of_place(question)
    yield from _of_working(question)
    is_pair = {465, 587} <= {question.port, *question.also, *question.tried, *question.working}
    if not is_pair and _SWAPPED & {(port, question.tls) for port in question.tried}:
        yield Claim("modes_swapped", {"port": None}, (s.RFC_8314_3_3,))
    if net:
        yield from _of_tried(question, net)
        yield from _of_delivery(question, net)
    if question.topic == "lift":
        yield from _of_lifting(net)
    if service:
        yield from _of_its_login(question, service)
    if service is None and 25 in (*question.tried, question.port) and question.role == "submission":
        yield Claim("relay_needs_25", {}, (s.RFC_8314_7_3,))
    if question.tried and service and question.role == "submission" and question.symptom is None:
        yield Claim("or_the_login", {"provider": service.key}, basis(service, "login"))
    if service is None and (rows := likely(question.not_understood)):
        yield Claim("did_you_mean", {"providers": rows})


def _of_25(question: Question, service: Provider | None, net: Network | None) -> Iterator[Claim]:
    """Why 25 fails for an app or a device, where nothing better is known of the network."""
    is_app = question.role in {"submission", "device"} and service is not None
    if is_app and question.tried == (SMTP,) and (net is None or not _tells(net)):
        yield Claim("apps_not_on_25", sources=(s.RFC_8314_7_3,))


def _of_its_login(question: Question, service: Provider) -> Iterator[Claim]:
    """The login, where it was asked for, or where the usual password is not what the provider takes."""
    is_asked, is_device = question.topic == "login", question.role == "device"
    is_plain = question.symptom is None and not question.anonymous and question.role in {"submission", "device"}
    is_special = any(word in service.login for word in ("app password", "app-specific")) or (
        service.key == "m365" and is_device
    )
    if not is_asked and not (is_plain and is_special and service.kind == "mailbox"):
        return
    yield Claim("login_wanted" if is_asked else "login_of", {"provider": service.key}, basis(service, "login"))
    if service.note and (is_asked or is_device):
        yield Claim("note_of", {"provider": service.key}, basis(service, "note"))


def _of_tried(question: Question, net: Network) -> Iterator[Claim]:
    """What the network does with the ports that were tried in vain."""
    closed = [port for port in question.tried if state_of(net, port) == "blocked" and _tells(net)]
    if closed and question.role in {"submission", "device"}:
        code = "closed_if" if net.condition else "closed_there"
        yield Claim(code, {"network": net.key, "port": closed[0]}, basis(net, closed[0]))
    unclear = [port for port in question.tried if state_of(net, port) == "unclear" and not net.condition]
    if unclear and question.symptom is None and set(question.tried) == {SMTP} and question.topic != "lift":
        yield Claim("unclear_there", {"network": net.key, "port": SMTP}, net.sources[:1])
        yield Claim("ask_operator", {"network": net.key}, (s.RFC_5321,))
    let_out = tuple(port for port in question.tried if state_of(net, port) == "open")
    if let_out and question.symptom != Symptom.REFUSED:
        yield Claim("lets_it_out", {"network": net.key, "ports": let_out}, basis(net, let_out[0]))


def _of_delivery(question: Question, net: Network) -> Iterator[Claim]:
    """How 25 is opened, for who runs a mail server: nothing takes its place."""
    is_shut = question.role == "relay" and not net.condition and state_of(net, SMTP) == "blocked"
    is_said = (
        is_shut and (question.asks or question.fails or question.software is not None) and question.port in {None, SMTP}
    )
    if is_said and not _is_opened(net):
        yield from of_closed_25(net)
    elif is_said and not (question.port or _opens(question, net)):
        yield Claim("closed_there", {"network": net.key, "port": SMTP}, basis(net, SMTP))
    if _opens(question, net):
        yield Claim("opens_25", {"network": net.key}, basis(net, "lift"))


def of_closed_25(net: Network | None) -> Iterator[Claim]:
    """That the network closes 25 to a mail server, and whether it opens it."""
    if net and _closes_25(net) and _tells(net):
        code = "opens_25" if net.lift.removeprefix("none") else "stays_closed"
        yield Claim(code, {"network": net.key}, basis(net, "lift"))


def _closes_25(net: Network) -> bool:
    return state_of(net, SMTP) == "blocked"


def _tells(net: Network) -> bool:
    """Whether a row says more of a network than that some are so: of any line at home that its ISP may block."""
    return net.key not in _ANY_LINE


_ANY_LINE = frozenset({"residential", "wifi", "vpn"})


def _is_opened(net: Network) -> bool:
    return bool(net.lift) and not net.lift.startswith(("none", "no way"))


def _shuts(net: Network | None) -> bool:
    """Whether a network closes ports to submit on: that explains why the same works elsewhere."""
    return net is not None and any(state_of(net, port) in {"blocked", "limited"} for port in (465, 587))


def _opens(question: Question, net: Network) -> bool:
    """Whether a mail server cannot deliver because the network closes 25, and it is known how that is lifted."""
    delivers = question.role == "relay" and question.topic not in {"lift", "where"} and not question.lifted
    is_open = _is_opened(net) and not net.condition
    return delivers and is_open and (question.fails or question.asks) and state_of(net, SMTP) in {"blocked", "limited"}


def of_circumstance(question: Question, net: Network | None = None) -> Iterator[Claim]:
    """What may be the cause beside port and provider."""
    asked = [port for port in (question.port, *question.tried) if port]
    is_closed = bool(asked) and all(state_of(net, port) == "blocked" for port in asked)
    is_explained = _shuts(net) or is_closed or (question.role == "relay" and net is not None and _closes_25(net))
    is_told = question.circumstance == "works_elsewhere" and is_explained
    if question.circumstance and has_circumstance(question) and not is_told:
        yield Claim(question.circumstance, sources=_ON_CIRCUMSTANCES.get(question.circumstance, ()))


def of_listing(question: Question) -> Iterator[Claim]:
    """The blocklist that the refusal names."""
    if question.listing:
        name, look_up, closed = question.listing
        code = "list_closed" if closed else "list_named" if look_up else "list_unknown"
        yield Claim(code, {"list": name, "look_up": look_up, "closed": closed})


_ON_CIRCUMSTANCES = {"closed_in": (s.AWS_LAMBDA_VPC,), "mesh": (s.LINKERD,), "frozen": (s.AWS_LAMBDA_LIFE,)}


def of_login(question: Question, service: Provider | None) -> Iterator[Claim]:
    """What login the provider wants, where one was refused or is missing."""
    if service is None:
        return
    is_changed = service.kind == "mailbox" and question.symptom in _SITUATIONS
    if service.login and (question.symptom in _OF_LOGIN or is_changed):
        yield Claim("login_wanted", {"provider": service.key}, basis(service, "login"))
    if (question.symptom in _OF_LOGIN | _OF_PASSWORDS or is_changed) and "password" in service.note.lower():
        yield Claim("note_of", {"provider": service.key}, basis(service, "note"))


_SITUATIONS = frozenset({"worked_before", "asks_password", "webmail_login", "password_changed", "device_says_little"})
"""Situations in which the login is mostly what the provider changed."""

_OF_PASSWORDS = frozenset({Symptom.SMTP_AUTH_OFF, Symptom.BASIC_AUTH_OFF, Symptom.M365_LOGIN})
_OF_LOGIN = frozenset(
    {Meaning.LOGIN_REFUSED, Meaning.STRONGER_LOGIN, Meaning.LOGIN_NEEDED, Meaning.TOO_MANY_ERRORS}
    | {Symptom.NO_CREDENTIALS, Symptom.NO_COMMON_LOGIN, Symptom.TLS_OR_LOGIN_NEEDED, Meaning.PASSWORD_WITHDRAWN}
)


def of_doubts(question: Question, service: Provider | None, net: Network | None) -> Iterator[Claim]:
    """What is not known, before any port is named."""
    if net and net.key == "shared-hosting" and service and service.key != "cpanel" and question.symptom is None:
        yield Claim("host_bars_others", sources=net.sources[:1])
    told = [
        _TOLD[doubt]
        for doubt in doubts(question, service, net)
        if doubt in _TOLD
        and not (question.remarks and doubt in _ANSWERED)
        and not (doubt == "much" and question.working)
        and not (doubt == "unsaid" and question.tells_how)
    ]
    yield from map(Claim, told[:1])


def of_remarks(question: Question) -> Iterator[Claim]:
    """What is known of the products that are named, and bears on the question."""
    for code in question.remarks[:MOST_REMARKS]:
        if row := remarks().get(code):
            yield Claim("remark", {"remark": code}, cited(row.sources))


MOST_REMARKS = 2


_ANSWERED = frozenset({"much", "point", "aim"})
"""What is not open any more where something is known of what is named."""


def _fail_alike(question: Question) -> bool:
    """Whether several providers were tried in vain, none of whom was quoted with an answer."""
    is_report = question.symptom is not None or question.unread_report or question.host is not None
    others = [name for name in question.left_out if is_offered(name)]
    return bool(others) and question.fails and not question.working and question.role != "relay" and not is_report


_TOLD = {
    "message": "unread_report",
    "role": "role_open",
    "much": "much_unread",
    "unsaid": "cause_unsaid",
    "point": "point_open",
    "aim": "aim_open",
}


_SWAPPED = frozenset({(587, "implicit"), (465, "starttls")})


_WEB = frozenset({80, 443})
_CATCHER, _HOSTER = 1025, 26
_PAGES = {
    8080: "PowerMTA's web monitor, and others'",
    1080: "MailDev's and MailCatcher's",
    8025: "Mailpit's and MailHog's",
}
"""Ports of the pages of mail software."""

_PROTOCOLS = {110: "POP3", 143: "IMAP", 993: "IMAP with TLS", 995: "POP3 with TLS"}


def odd_ports(question: Question, service: Provider | None) -> tuple[int, ...]:
    """The ports of a question on which nobody hands mail in, as far as is known."""
    offered = {offer.port for offer in service.offers} if service else set()
    named = dict.fromkeys((*((question.port,) if question.port else ()), *question.also, *question.tried))
    return tuple(port for port in named if port not in offered and (port in _NOT_FOR_MAIL or port not in ports()))


_NOT_FOR_MAIL = frozenset({*_PROTOCOLS, *_PAGES, _CATCHER, _HOSTER})


def _of_odd_ports(question: Question, service: Provider | None) -> Iterator[Claim]:
    """What a port is that is none for handing mail in. Of one's own listeners and catchers any may be one."""
    if question.role not in {"submission", "device", "listener"}:
        return
    for port in odd_ports(question, service)[:1]:
        row = ports().get(port)
        if port in _PROTOCOLS:
            code = "reading_port"
        elif port in _PAGES:
            code = "page_port"
        else:
            code = {_CATCHER: "catcher_port", _HOSTER: "hoster_port"}.get(port, "odd_port")
        yield Claim(
            code, {"port": port, "protocol": _PROTOCOLS.get(port) or _PAGES.get(port, "")}, row.sources if row else ()
        )


def _of_logins(question: Question, service: Provider | None) -> Iterator[Claim]:
    """What those are told who cannot log in as the provider wants it."""
    if question.anonymous and service and service.kind == "mailbox" and service.key not in _TAKES_WITHOUT_LOGIN:
        yield Claim("needs_login", {"provider": service.key}, basis(service, "login"))
    if service and "OAuth 2 only" in service.login and question.topic != "login":
        code = "oauth_only" if question.role == "device" else "login_wanted"
        yield Claim(code, {"provider": service.key}, basis(service, "login"))
    elif question.topic != "login":
        yield from of_login(question, service)


def _of_asked(question: Question, service: Provider | None, net: Network | None) -> Iterator[Claim]:
    """Whether the port that was asked about is there, and gets out: where not, that is the answer."""
    port = question.port
    if (
        port is None
        or (question.role == "relay" and port != SMTP)
        or question.topic in ({"lift", "explain"} if net else {"lift", "explain", "why", "why_not"})
        or port in question.working
    ):
        return
    offered = {offer.port for offer in service.offers} if service else {port}
    is_closed = net is not None and net.condition == "" and question.role in _OUTWARD
    is_closed = is_closed and not (net is not None and _opens(question, net))
    if service and port not in {*offered, *odd_ports(question, service)} and question.role in {"submission", "device"}:
        code = "not_taken_there" if port in service.refuses else "not_known_there"
        yield Claim(code, {"provider": service.key, "port": port}, basis(service, port))
    elif net and is_closed and port == SMTP and service is None and not _is_opened(net) and _closes_25(net):
        yield from of_closed_25(net)
    elif net and is_closed and (service is None or state_of(net, port) == "blocked"):
        yield Claim(_LETS_OUT[state_of(net, port)], {"network": net.key, "port": port}, basis(net, port))
    elif net and question.role in _OUTWARD and (said := _for_some(net, port)):
        yield Claim(said, {"network": net.key, "port": port}, basis(net, port))


def _of_either(question: Question, service: Provider | None, net: Network | None) -> Iterator[Claim]:
    """Where providers are put to choice: the ports that both have, or which of the two can be reached from there."""
    other = next(filter(None, map(provider_called, question.left_out)), None) if question.topic == "either" else None
    if service is None or other is None:
        return
    rows = (service, other)
    one, two = ({it.port for it in row.offers if it.sure} - {SMTP} for row in rows)
    left = [row for row, taken in zip(rows, (one, two), strict=True) if not _is_shut(net, taken)]
    if net and not net.condition and len(left) == 1:
        yield Claim(
            "either_gets_out", {"provider": left[0].key, "network": net.key}, (*left[0].sources[:1], *net.sources[:1])
        )
    elif question.port and (
        takers := [row for row in rows if question.port in {it.port for it in row.offers if it.sure}]
    ):
        code = "either_provider" if len(takers) > 1 else "either_takes"
        keys = tuple(row.key for row in takers)
        params: Params = {"provider": keys[0], "providers": keys, "port": question.port, "ports": (question.port,)}
        yield Claim(code, params, tuple(row.sources[0] for row in takers))
    elif both := one & two:
        keys, sources = (service.key, other.key), (*service.sources[:1], *other.sources[:1])
        yield Claim("either_provider", {"providers": keys, "ports": tuple(sorted(both))}, sources)


def _is_shut(net: Network | None, taken: set[int]) -> bool:
    return all(state_of(net, port) == "blocked" for port in taken)


_TAKES_WITHOUT_LOGIN = frozenset({"m365", "m365-direct", "workspace-relay"})
_OUTWARD = frozenset({"submission", "device", "relay"})


def _for_some(net: Network, port: int) -> str | None:
    """What is said of a port where the answer depends on what the asker has not told."""
    return _ON_CONDITION.get(state_of(net, port)) if net.condition and _tells(net) else None


_ON_CONDITION: dict[Egress, str] = {"blocked": "closed_if", "open": "open_if"}
_LETS_OUT: dict[Egress, str] = {
    "blocked": "closed_there",
    "intercepted": "closed_there",
    "open": "open_there",
    "unclear": "unclear_there",
    "unnamed": "unclear_there",
    "limited": "varies_there",
    "varies": "varies_there",
    "conflicting": "disputed_there",
}


def _of_place(question: Question) -> Iterator[Claim]:
    """What nobody here knows, where a server may run, and what is left where nothing but web ports is open."""
    if question.topic == "where":
        yield _where()
    if question.only and set(question.only) <= _WEB:
        yield Claim("web_only")


def _where() -> Claim:
    """Places for a server that open 25 when they are asked to."""
    found = [row for key in _OPENED_ON_REQUEST if (row := networks().get(key)) and row.lift]
    return Claim("where_to_run", {"networks": tuple(row.key for row in found)}, found[0].sources[:1])


_OPENED_ON_REQUEST = ("hetzner-cloud", "linode", "scaleway", "upcloud", "ec2", "oci")


def _of_working(question: Question) -> Iterator[Claim]:
    if question.working and question.working != (SMTP,):
        others = (question.port, *question.also, *question.tried)
        code = "works_not_465" if 465 in others and 587 in question.working else "works_already"
        yield Claim(code, {"ports": question.working}, (s.RFC_8314_3_3,))


def _of_lifting(net: Network | None) -> Iterator[Claim]:
    if net and net.lift:
        yield Claim("to_lift", {"network": net.key}, basis(net, "lift"))
    else:
        yield Claim("ask_operator", {"network": net.key if net else None}, (s.RFC_5321,))


def of_lifted(net: Network | None) -> Claim:
    """What may still be in the way when a network has lifted its block."""
    return Claim("block_lifted", {"network": net.key if net else None}, net.sources[:1] if net else ())
