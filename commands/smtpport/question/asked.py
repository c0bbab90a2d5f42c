"""What a question comes to: codes of tables, keys of the catalogue and ports."""

from dataclasses import dataclass

from commands.smtpport.evidence.situations import situations

_NO_CONNECTION = "connect_failed"
"""Of a host that nobody here knows it says no more than that it does not answer: a check of it tells why."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to know. Codes and catalogue keys only.

    `role` is submission, relay, receive, listener, device, local, lmtp or reading (IMAP, POP); `stated` whether it was
    said or assumed. `port` is the port asked about, `also` are further ones, `tried` those that failed, `barred` those
    that the asker does not want, `only` all that are open to the asker. `host` is a host name that was given: of the
    provider, or of one that nobody knows. `general`: ports or TLS were asked about at all ("which port?").
    `anonymous`: the sender cannot log in. `working` are ports that are said to work, `lifted` whether the network is
    said to have lifted its block, `unknown_party` whether mail is sent from a place, or to a product, that nobody
    here knows, `names_unknown` whether an odd word stands where that product is named, `asks` whether words say what
    is asked, `of_ports` whether that is a port (`question.aims`), `fails` whether anything is said to fail,
    `tells_how` whether it is said how (a time-out, a refusal, a block), `blocks` whether ports are said to be
    blocked, `login_fails` whether a login fails, `unread_report` whether a machine was quoted with what nobody here
    knows, `by_server` whether a mail server hands the mail in,
    `circumstance` what points to a cause outside port and provider (`question.circumstances`).
    `certain`: a machine is quoted with the symptom, or two things that were said agree in it; else it is one reading
    of what was said, `readings` are the next ones (codes of diagnoses), and `undecided` says that as much speaks for
    one of them, or little for any.
    `guesses` are codes of what it is a little like, where nothing more is known (`question.likely`), and `is_strange`
    says that a whole sentence is like none of the questions for a port.
    `remarks` are facts of products that are named (`evidence.situations`).
    `left_out` are further providers and networks. `symptom` is the diagnosis of what a machine said
    (`evidence.symptoms`), `peer` whom it was connecting to, unless it is a host to submit to, `peer_host` its name or
    address. `listing` is the blocklist that a refusal names: its name, its page for look-ups, the day when it ended.
    """

    role: str = "submission"
    provider: str | None = None
    network: str | None = None
    port: int | None = None
    tls: str | None = None
    tried: tuple[int, ...] = ()
    not_understood: tuple[str, ...] = ()
    stated: bool = False
    also: tuple[int, ...] = ()
    topic: str = "choose"
    software: str | None = None
    host: str | None = None
    general: bool = False
    barred: tuple[int, ...] = ()
    only: tuple[int, ...] = ()
    anonymous: bool = False
    left_out: tuple[str, ...] = ()
    symptom: str | None = None
    peer: str | None = None
    peer_host: str | None = None
    listing: tuple[str, ...] = ()
    working: tuple[int, ...] = ()
    lifted: bool = False
    unknown_party: bool = False
    names_unknown: bool = False
    asks: bool = True
    of_ports: bool = True
    fails: bool = False
    tells_how: bool = False
    blocks: bool = False
    login_fails: bool = False
    unread_report: bool = False
    by_server: bool = False
    circumstance: str | None = None
    certain: bool = True
    readings: tuple[str, ...] = ()
    undecided: bool = False
    remarks: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    is_strange: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was recognised that could be answered, nor is it like any: a "why" alone is no question."""
        said = (self.provider, self.network, self.port, self.tls, self.software, self.host)
        seen = (self.symptom, self.circumstance)
        ports = (*self.tried, *self.barred, *self.also)
        known = (*said, *seen, *ports, *self.guesses)
        return not (any(known) or self.stated or self.general or self.anonymous)

    @property
    def tells(self) -> bool:
        """Whether what fails is told: by a machine, or in words that say more than that something does."""
        situation = situations().get(self.symptom or "")
        is_little = self.symptom == _NO_CONNECTION and self.provider is None and self.host is not None
        is_little = is_little or (situation is not None and situation.last)
        return self.unread_report or (self.symptom is not None and not is_little)
