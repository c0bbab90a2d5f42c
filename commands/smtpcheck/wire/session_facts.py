"""A record read as SMTP: lines, extensions, login mechanisms, what TLS came to. Facts, no judgement.

Replies are read from the recorded bytes where they crossed in the clear: aiosmtplib takes `2_2 x` for code 22 and drops
what it did not expect.
"""

import re
from collections.abc import Mapping
from functools import cached_property

from commands.smtpcheck.result.meanings import OF_OUR_ADDRESS, Meaning, Subject
from commands.smtpcheck.result.replies.reading import read, read_line
from commands.smtpcheck.result.replies.table import ReplyStage, Row
from commands.smtpcheck.result.states import NotSeen, TlsState
from commands.smtpcheck.tls.hello import read_answer
from commands.smtpcheck.wire.record import (
    BUSY,
    EHLO,
    EHLO_AFTER_TLS,
    GREETING,
    HELO,
    LHLO,
    NOTHING,
    READY,
    STARTTLS,
    ClearText,
    Record,
    Step,
    read_extensions,
)

REPLY_LINE = re.compile(rb"[0-9]{3}(?:[ -]|\r?\n|$)")
MASKED = re.compile(r"(?=.{7,9}$)[A-Z*]*(?:X{3}|\*{3})[A-Z*]*", re.IGNORECASE)
"""What an inspecting firewall leaves of the eight letters STARTTLS (Cisco: XXXXXXXA, XXXXXXXX, ********)."""

CISCO_BANNER = re.compile(rb"220[ -](?=[^\r\n]*\*{8})[*0-9 ]*(?:\r?\n220[ -][*0-9 ]*)*(?:\r?\n)?\Z")
"""Asterisks for all that is not `2`, `0` or a space (PIX 5.1 and later), or for everything; in every line."""

STAND_INS = (("rblsmtpd.local", "rblsmtpd"), ("spamd IP-based SPAM blocker", "spamd"))
"""What greetings say of programs that answer in a mail server's place."""

OF_LIBRARIES = re.compile(r"CRAM-|DIGEST-|SCRAM-|OTP$")
EXCHANGE = frozenset({"X-EXPS", "X-ANONYMOUSTLS"})

FTP, LMTP = re.compile(r"\bS?FTP|FTPd?\b", re.IGNORECASE), re.compile(r"\bLMTP\b")
FTP_LOGIN = re.compile(r"log(?:ged)? ?in|USER and PASS", re.IGNORECASE)
LHLO_WANTED = re.compile(r"\bLHLO\b")
"""What the greetings of other protocols with replies like SMTP's say, and their answers to EHLO."""

ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")

PROTOCOLS: tuple[tuple[bytes, str], ...] = (
    (b"SSH-", "SSH"),
    (b"HTTP/", "HTTP"),
    (b"<!DOCTYPE", "HTTP"),
    (b"<html", "HTTP"),
    (b"<?xml", "XML"),
    (b"+OK", "POP3"),
    (b"* OK", "IMAP"),
    (b"RFB ", "VNC"),
    (b"\x16\x03", "TLS"),
    (b"\x15\x03", "TLS"),
)

TLS_ALERTS: Mapping[str, TlsState] = {
    "SSLV3_ALERT_HANDSHAKE_FAILURE": TlsState.NO_COMMON_CIPHER,
    "NO_CIPHERS_AVAILABLE": TlsState.NO_COMMON_CIPHER,
    "TLSV1_ALERT_INSUFFICIENT_SECURITY": TlsState.NO_COMMON_CIPHER,
    "TLSV1_ALERT_PROTOCOL_VERSION": TlsState.VERSION,
    "UNSUPPORTED_PROTOCOL": TlsState.VERSION,
    "WRONG_SSL_VERSION": TlsState.VERSION,
    "TLSV1_UNRECOGNIZED_NAME": TlsState.SNI_REJECTED,
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": TlsState.WANTS_CERTIFICATE,
    "SSLV3_ALERT_BAD_CERTIFICATE": TlsState.WANTS_CERTIFICATE,
    "SSLV3_ALERT_NO_CERTIFICATE": TlsState.WANTS_CERTIFICATE,
    "WRONG_VERSION_NUMBER": TlsState.NOT_SPOKEN,
    "HTTP_REQUEST": TlsState.NOT_SPOKEN,
    "RECORD_LAYER_FAILURE": TlsState.NOT_SPOKEN,
    "UNEXPECTED_EOF_WHILE_READING": TlsState.CLOSED,
}
"""OpenSSL's reason for a failed handshake -> what it came to. Names as Python 3.11 to 3.13 report them."""

STEP_ERRORS: Mapping[str, TlsState] = {
    "timeout": TlsState.TIMEOUT,
    "closed": TlsState.CLOSED,
    "reset": TlsState.RESET,
}
"""How a step ended -> what TLS came to; what is not here has failed."""


STAGES: Mapping[str, ReplyStage] = {
    GREETING: "connect",
    EHLO: "ehlo",
    HELO: "ehlo",
    LHLO: "ehlo",
    STARTTLS: "starttls",
    EHLO_AFTER_TLS: "ehlo",
}
"""Step -> the stage at which its reply is said."""


NOT_KNOWN = frozenset({500, 502})
"""Codes for a command that is not known (RFC 5321 section 4.2.4)."""


def is_unknown(step: Step, ehlo_name: str) -> bool:
    """Whether a hello was refused because the server does not know the command, by its code or its words."""
    if step.code in NOT_KNOWN:
        return True
    row = read("ehlo", step.code, step.text, ehlo_name=ehlo_name)
    return row is not None and row.meaning is Meaning.COMMAND_UNKNOWN


def starttls_failure(step: Step, ended: str, meaning: Meaning | None) -> TlsState | NotSeen:
    """What STARTTLS came to when no handshake was finished; "" when the reply says nothing of TLS.

    `ended` is how the server ended the connection: closed, reset or "". `meaning` is what its reply means.
    """
    if step.error == "malformed":
        return TlsState.INTERCEPTED
    if step.code is None or step.code == READY:
        return handshake_failure(step, ended)
    if _ends_all(step.code, meaning) or (step.code == BUSY and meaning is not Meaning.TLS_UNAVAILABLE):
        return ""
    if 400 <= step.code < 500:
        return TlsState.BROKEN_TEMP if meaning is Meaning.TLS_UNAVAILABLE else ""
    return TlsState.INTERCEPTED if step.code < 400 or meaning is Meaning.COMMAND_UNKNOWN else TlsState.REFUSED


def _ends_all(code: int, meaning: Meaning | None) -> bool:
    """Whether the refusal of STARTTLS is one of everything: of our rate, or of our address for now.

    One for good is of STARTTLS alone: EHLO was answered, and a policy may forbid TLS to some.
    """
    return speaks_of_us(meaning) and (code < 500 or (meaning is not None and meaning.subject is Subject.RATE))


def speaks_of_us(meaning: Meaning | None) -> bool:
    """Whether a reply is about our rate or our address, whatever it refuses."""
    return meaning is not None and (meaning.subject is Subject.RATE or meaning in OF_OUR_ADDRESS)


def handshake_failure(step: Step | None, ended: str) -> TlsState | NotSeen:
    """Why the handshake of this step failed; "" when there was none."""
    if step is None:
        return ""
    if step.error == "tls":
        return TLS_ALERTS.get(step.detail, TlsState.FAILED)
    return STEP_ERRORS.get(ended or step.error, TlsState.FAILED)


class Reading(ClearText):
    """One record, read once."""

    def __init__(self, record: Record) -> None:
        super().__init__(record)
        self.greeting = record.step(GREETING)
        self.ehlo = record.step(EHLO)
        self.starttls = record.step(STARTTLS)
        certain = record.mode == "starttls" and (record.handshake is not None or not self.talks_early)
        self.before = read_extensions(self.ehlo) if certain else NOTHING
        after = self.ehlo if record.mode == "implicit" else record.step(EHLO_AFTER_TLS)
        self.after = read_extensions(after)

    def row(self, step: Step | None) -> Row | None:
        """What the table of replies knows of the answer to a step."""
        if step is None or step.code is None or step.code < 400:
            return None
        return read(STAGES[step.name], step.code, step.text, ehlo_name=self.record.ehlo_name)

    def meaning(self, step: Step | None) -> Meaning | None:
        row = self.row(step)
        return row.meaning if row else None

    @cached_property
    def refusal(self) -> Row | None:
        """What the table knows of the reply that the dialogue ended with."""
        if self.plain_after_go:
            return read_line("starttls", self.plain_after_go.decode("utf-8", "replace"))
        return self.row(self.refusal_for_tls or self.record.last)

    @property
    def last_words(self) -> str:
        """The reply that the dialogue ended with, code and text; "" where it ended without one."""
        last = self.record.last
        if last is not None and last.code is not None:
            return f"{last.code} {last.text}"
        return self.first_bytes.decode("utf-8", "replace").strip() if self.looks_like_smtp else ""

    @property
    def refusal_meaning(self) -> Meaning | None:
        return self.refusal.meaning if self.refusal else None

    @cached_property
    def demands_certificate(self) -> Step | None:
        """The step whose answer demands, in words, a certificate of the client."""
        return next((it for it in self.record.steps if self.meaning(it) is Meaning.CLIENT_CERTIFICATE), None)

    @cached_property
    def inside_tls(self) -> bool:
        """An implicit handshake that the client finished: the dialogue went on inside it, whatever came then.

        A client sends its second flight only when it has accepted the server's; an alert afterwards undoes that.
        """
        if self.record.handshake is not None:
            return self.record.mode == "implicit"
        flights = sum(chunk.sender == "client" for chunk in self.record.chunks)
        failed = self.greeting is None or self.greeting.error == "tls"
        return self.record.mode == "implicit" and flights > 1 and not failed

    @cached_property
    def has_tls(self) -> bool:
        """Whether a handshake was finished, though its results may have been lost when the server hung up."""
        spoke = self.record.step(EHLO_AFTER_TLS) if self.record.mode == "starttls" else None
        return self.record.handshake is not None or self.inside_tls or (spoke is not None and spoke.code is not None)

    @cached_property
    def first_bytes(self) -> bytes:
        """What the server said first: before TLS or, on a TLS port, instead of it or inside it."""
        if self.inside_tls:
            return _malformed(self.greeting)
        chunks = self.record.chunks if self.record.mode == "implicit" else self.clear
        return b"".join(chunk.data for chunk in chunks if chunk.sender == "server")[:4096]

    @cached_property
    def refusal_for_tls(self) -> Step | None:
        """The greeting, where a port for implicit TLS refuses us in clear text: some do so to a client they bar.

        Whether it speaks TLS to those whom it lets in is not seen then.
        """
        if self.record.mode != "implicit" or self.inside_tls or not self.looks_like_smtp or self.greeting is None:
            return None
        line = self.first_bytes.partition(b"\n")[0].decode("utf-8", "replace").strip()
        refuses = line[:1] in {"4", "5"}
        return self.greeting._replace(code=int(line[:3]), text=line[4:].strip(), error="") if refuses else None

    @cached_property
    def looks_like_smtp(self) -> bool:
        return bool(REPLY_LINE.match(self.first_bytes))

    @cached_property
    def hello_looks_like_smtp(self) -> bool:
        """Whether what came behind EHLO in the clear began as a reply does, however it went on."""
        return self.record.mode == "starttls" and len(self.turns) > 1 and bool(REPLY_LINE.match(self.turns[1]))

    @cached_property
    def protocol(self) -> str:
        """The name of another protocol that the first bytes belong to, or "" ."""
        named = next((name for prefix, name in PROTOCOLS if self.first_bytes.startswith(prefix)), "")
        return named or ("FTP" if self._is_ftp else "LMTP" if self._is_lmtp else "")

    @cached_property
    def _knows_no_hello(self) -> bool:
        """Whether EHLO was refused, and HELO not taken."""
        return self.ehlo is not None and (self.ehlo.code or 0) >= 500 and not self.helo_works

    @cached_property
    def _is_ftp(self) -> bool:
        """FTP greets with 220, too (RFC 959), and knows neither EHLO nor HELO; 530 is its "not logged in"."""
        if self.greeting is None or self.ehlo is None or not self._knows_no_hello:
            return False
        not_logged_in = (
            self.ehlo.code == 530 and FTP_LOGIN.search(self.ehlo.text) and not ENHANCED.match(self.ehlo.text)
        )
        return FTP.search(self.greeting.text) is not None or bool(not_logged_in)

    @cached_property
    def _is_lmtp(self) -> bool:
        """LMTP greets with 220, too, and knows LHLO alone (RFC 2033 section 4.1); what was asked in TLS had worked."""
        lhlo = self.record.step(LHLO)
        if self.greeting is None or self.ehlo is None or not self._knows_no_hello or self.talks_early:
            return False
        words = LMTP.search(self.greeting.text) or LHLO_WANTED.search(self.ehlo.text)
        return (lhlo is not None and lhlo.code == 250) or (words is not None and is_unknown(self.ehlo, ""))

    @cached_property
    def helo_works(self) -> bool:
        helo = self.record.step(HELO)
        return helo is not None and helo.code == 250

    @cached_property
    def is_exchange(self) -> bool:
        """Microsoft's own extensions, or its pair of logins without those that libraries for SASL add to it."""
        return any(
            EXCHANGE & offered.keywords.keys()
            or ({"NTLM", "GSSAPI"} <= set(offered.auth) and not any(map(OF_LIBRARIES.match, offered.auth)))
            for offered in (self.before, self.after)
        )

    @cached_property
    def refuses_later(self) -> str:
        """Who answers clients that it has refused already: rblsmtpd, spamd, milter (Postfix and sendmail); "" else."""
        hello = next((it for it in self.record.steps if it.name in {EHLO, EHLO_AFTER_TLS} and it.code == 250), None)
        if self.greeting is None or hello is None or self.talks_early:
            return ""
        named = next((name for start, name in STAND_INS if start in self.greeting.text), "")
        last = self.after if self.after.keywords else self.before
        return named or ("milter" if last.keywords.keys() == {"ENHANCEDSTATUSCODES"} else "")

    @cached_property
    def starttls_offered(self) -> bool:
        return "STARTTLS" in self.before.keywords

    @cached_property
    def starttls_masked(self) -> bool:
        return not self.starttls_offered and any(MASKED.fullmatch(keyword) for keyword in self.before.keywords)

    @cached_property
    def broken_tls(self) -> Step | None:
        """EHLO inside TLS, when TLS broke there: what is wrong with a client's side of TLS 1.3 shows only then."""
        step = self.record.step(EHLO_AFTER_TLS)
        return step if step is not None and step.error == "tls" else None

    @cached_property
    def dh_bits(self) -> int:
        """The size of the Diffie-Hellman group that the server named in the clear (up to TLS 1.2); 0 for none."""
        behind = self.record.chunks[len(self.clear) :]
        return read_answer(b"".join(chunk.data for chunk in behind if chunk.sender == "server")).dh_bits

    @cached_property
    def _failed_late(self) -> bool:
        """A handshake_failure behind the client's second flight: ciphers were agreed, a certificate of ours was not."""
        hello = [chunk.sender for chunk in self.record.chunks[len(self.clear) :]]
        step = self.starttls or self.greeting
        failed = step is not None and step.detail == "SSLV3_ALERT_HANDSHAKE_FAILURE"
        return failed and hello.count("client") > 1

    @cached_property
    def was_ready(self) -> bool:
        """Whether the server agreed to STARTTLS: what failed then was the handshake."""
        agreed = self.starttls is not None and self.starttls.code in {None, READY}
        return agreed and self.turns[-1].startswith(b"220")

    @cached_property
    def starttls_awaited(self) -> bool:
        """Whether we left before STARTTLS was answered: a delay on purpose looks the same."""
        return self.starttls is not None and self.starttls.error == "timeout" and not self.was_ready

    @cached_property
    def tls_state(self) -> TlsState | NotSeen:
        """Ok, not offered, masked, or how it failed; "" when the dialogue did not come far enough to know.

        Nor is it known where replies came unasked: the one that was taken for EHLO's may be another's.
        """
        if self.broken_tls is not None:
            return TLS_ALERTS.get(self.broken_tls.detail, TlsState.FAILED)
        if self.demands_certificate is not None:
            return TlsState.WANTS_CERTIFICATE
        if self.has_tls:
            return TlsState.OK
        if self._failed_late:
            return TlsState.WANTS_CERTIFICATE
        if self.record.mode == "implicit":
            return handshake_failure(self.greeting, self.how_it_ended)
        if self.starttls_awaited or (self.talks_early and not self.was_ready):
            return ""
        if self.plain_code is not None and 400 <= self.plain_code < 500:
            return starttls_failure(Step(STARTTLS, 0, 0, self.plain_code), "", self.refusal_meaning)
        if self.starttls is not None:
            return starttls_failure(self.starttls, self.how_it_ended, self.meaning(self.starttls))
        if self.ehlo is None or not (self.ehlo.code == 250 or self.helo_works) or self.refuses_later:
            return ""
        return TlsState.MASKED if self.starttls_masked else TlsState.NOT_OFFERED


def _malformed(greeting: Step | None) -> bytes:
    """The line inside TLS that is no reply."""
    return b"" if greeting is None else malformed_line(greeting).encode("utf-8", "replace")


def malformed_line(step: Step) -> str:
    """The line that aiosmtplib could not read as a reply; it stands in its error text."""
    return step.detail.partition(": ")[2] if step.error == "malformed" else ""
