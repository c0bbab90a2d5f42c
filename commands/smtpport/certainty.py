"""What is open in a question: as long as anything is, a port is to be tried, and not used. Pure."""

from collections.abc import Callable

from commands.smtpport.catalogue.records import Network, Provider, state_of
from commands.smtpport.evidence.effects import Effect
from commands.smtpport.evidence.peers import SMTP
from commands.smtpport.evidence.symptoms import WRONG_HOST, Symptom, effect_of, is_vague
from commands.smtpport.question.asked import Question

SHORTEST = 4
"""Letters of an odd word that may be the name of who takes the mail."""

FEWEST_LETTERS = 3
"""Letters of an odd word that may be the point."""

_OUTWARD = frozenset({"submission", "device", "relay"})


def is_known_to_pass(question: Question, net: Network | None, port: int) -> bool:
    """Whether a port is known, or was seen, to get out; of a place or product that nobody here knows none is."""
    return (state_of(net, port) == "open" or port in question.working) and not (
        question.unknown_party and question.role in _OUTWARD
    )


def doubts(question: Question, service: Provider | None, net: Network | None) -> list[str]:
    """What is not known, the weightiest first: what a message means, what fails, who takes the mail."""
    return [name for name, is_open in _DOUBTS.items() if is_open(question, service, net)]


def _message(question: Question, *_: object) -> bool:
    return question.unread_report and question.role != "reading"


def _cause(question: Question, service: Provider | None, net: Network | None) -> bool:
    """Whether something fails for a reason that neither the provider nor the network explains."""
    if _explained(question, service):
        return False
    if question.symptom is None:
        return bool(set(question.tried) - {SMTP}) and (service is None or (net is None and not question.blocks))
    is_unclear = is_vague(question.symptom) or effect_of(question.symptom) is Effect.OTHER_PORT
    is_unclear = is_unclear or question.port == SMTP
    is_unblamed = not _blocks(net) or any(state_of(net, port) == "open" for port in question.tried)
    return is_unclear and (service is None or (is_unblamed and question.tried != (SMTP,)))


def _role(question: Question, *_: object) -> bool:
    """Whether a port alone says that a server delivers, and somebody's app may be what is asked about."""
    is_more = question.fails or question.host is not None or len(question.not_understood) > MOST_UNREAD
    is_more = is_more or (question.asks and question.port == SMTP and question.topic == "choose")
    return (
        question.role == "relay" and not (question.stated or question.lifted) and question.symptom is None and is_more
    )


def _unsaid(question: Question, _: Provider | None, net: Network | None) -> bool:
    """Whether something fails of which neither a port nor a message is told."""
    is_told = (
        question.tried or question.unread_report or question.lifted or _blocks(net) or question.topic in _NO_COMPLAINTS
    )
    return question.fails and question.role in _OUTWARD and question.symptom is None and not is_told


_NO_COMPLAINTS = frozenset({"login", "explain", "why", "why_not", "mismatch"})


def _point(question: Question, *_: object) -> bool:
    """Whether no word says what is asked or what fails, and several were not understood: one may be a name."""
    is_said = question.asks or question.fails or question.symptom is not None
    return len(question.not_understood) > 1 and not is_said and question.role in _OUTWARD


def _aim(question: Question, *_: object) -> bool:
    """Whether something is asked that is no port, and nothing here is known to answer it."""
    is_plain = question.topic in _PLAIN_TOPICS or not (question.port or question.tls or question.tried)
    is_plain = is_plain and question.topic != "lift"
    # its lines tell how
    is_set = question.stated and question.software is not None and bool(question.port or question.provider)
    return not (question.of_ports or is_set) and question.symptom is None and is_plain


_PLAIN_TOPICS = frozenset({"choose", "test", "either"})


def _blocks(net: Network | None) -> bool:
    """Whether a network closes ports to submit on, which explains what fails."""
    return any(state_of(net, port) in {"blocked", "limited"} for port in (465, 587)) if net else False


def _explained(question: Question, service: Provider | None) -> bool:
    """Whether the provider does not serve what was tried."""
    return service is not None and bool(question.tried) and set(question.tried) <= set(service.refuses)


MOST_UNREAD = 2
"""Odd words in a question that may be beside the point; with more of them the point may be in them."""


def _much(question: Question, service: Provider | None, *_: object) -> bool:
    """Whether much of what was written was not understood, and no error that would be the point."""
    is_told = question.symptom is not None or question.role == "reading"
    is_told = is_told or (service is not None and not question.fails)  # names of who sends
    return not is_told and len(question.not_understood) > MOST_UNREAD


def _unread(question: Question, *_: object) -> bool:
    """Whether any word was not understood, and no error that is: the point may be in that word."""
    is_told = question.symptom is not None and question.certain
    return not is_told and any(len(word) >= FEWEST_LETTERS for word in question.not_understood)


def _strange(question: Question, *_: object) -> bool:
    """Whether something is asked that is like no question for a port."""
    return question.is_strange


def _hint(question: Question, *_: object) -> bool:
    """Whether what fails is known from somebody's words alone."""
    return question.symptom is not None and not question.certain


def _name(question: Question, service: Provider | None, *_: object) -> bool:
    """Whether a host or a word that nobody knows may be the name of who takes the mail."""
    if service is not None or question.symptom is not None:
        return False
    if question.host is not None and question.role in _OUTWARD:
        return True
    return question.port is None and any(len(word) >= SHORTEST for word in question.not_understood)


def _circumstance(question: Question, *_: object) -> bool:
    """Whether something outside port and provider is likely to be the cause."""
    return has_circumstance(question)


_OF_APPS = frozenset({"inbound_only"})
"""What holds for a program that sends: a mail server has to be reached, too."""

_NEVER = frozenset({"receive", "listener", "lmtp", "reading", "local"})
_CUT_OFF = frozenset(
    {Symptom.NO_GREETING, Symptom.CLOSED_EARLY, Symptom.NETWORK_UNREACHABLE, Symptom.BROKE_AFTER_CONNECT}
    | {Symptom.DNS_SILENT, Symptom.CONNECT_FAILED}
)


def has_circumstance(question: Question) -> bool:
    """Whether a circumstance counts: nothing that a machine said explains the failure better."""
    if question.circumstance is None or (question.role in _NEVER and question.circumstance != "mesh"):
        return False
    if question.by_server and question.circumstance in _OF_APPS:
        return False
    if question.circumstance == "this_network" and SMTP in (question.port, *question.tried):
        return False  # 25 is not right in any network
    if question.peer is not None:
        return question.circumstance == "setting_unread" and question.symptom in WRONG_HOST
    if (question.circumstance, question.role) == ("inbound_only", "relay"):
        return False  # a mail server has to be reached, too
    if question.circumstance == "starttls_works" and question.working:
        return False  # the port that works is told
    if (question.circumstance, question.network) == ("hosting_relay", "shared-hosting"):
        return False
    symptom = question.symptom
    if symptom is None or not question.certain:
        return True
    return symptom in _CUT_OFF or effect_of(symptom) is Effect.OTHER_PORT


_DOUBTS: dict[str, Callable[[Question, Provider | None, Network | None], bool]] = {
    "message": _message,
    "circumstance": _circumstance,
    "role": _role,
    "cause": _cause,
    "much": _much,
    "unsaid": _unsaid,
    "point": _point,
    "aim": _aim,
    "name": _name,
    "unread": _unread,
    "hint": _hint,
    "strange": _strange,
}
