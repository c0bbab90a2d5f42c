"""Which TLS mode quoted settings ask for: pairs of name and value, as files, variables, code and forms have them."""

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

Mode: TypeAlias = Literal["implicit", "starttls", "none"]

_PAIR = re.compile(
    r"((?:ssl|tls|secur\w{0,8}|encr\w{1,8}|protocol|cifrado|seguridad)[\w.\]\['\" ]{0,24}?)"
    r"\s{0,3}(?:=>|[:=])\s{0,3}['\"]?([a-z0-9_/+-]{1,18})"
)
_FRONT = re.compile(r"[\w.\]\[' -]{0,40}\Z")
"""What stands before the word that says what a setting is about, and belongs to its name."""

_ON = frozenset({"true", "yes", "on", "1", "enabled", "si", "always"})
_OFF = frozenset({"false", "no", "off", "0", "disabled", "none", "null", "ninguno", "plain", "opportunistic"})
_IMPLICIT = frozenset({"ssl", "smtps", "ssl/tls", "implicit", "force_tls", "ssltls", "tls_wrapper", "sslonconnect"})
_STARTTLS = frozenset({"starttls", "start_tls", "smtp+starttls", "tls/starttls", "starttls/tls", "explicit"})
_NO_MODE = re.compile(
    r"fail|error|alert|verif|reject|cert|cipher|version|cafile|ca_|skip|min|level|policy|allow|insecure|bind|name|auth(?!entik|elia)|imap|pop"
)
"""Settings of certificates, versions and other protocols."""

_CALLS = (
    (
        re.compile(
            r"\bconnect(?:async)?\([^()\n]{1,80}, ?587, ?true\b|\bsmtps://|\bsmtp_ssl\(|\bsmtplib\.smtp_ssl\b|sslonconnect"
        ),
        "implicit",
    ),
    (re.compile(r"\b(?:enable|use|ticked?|checked?) ssl\b(?! ?/ ?tls)|\bssl://"), "implicit"),
    (re.compile(r"\bssl(?:/tls)?(?: \w{2,10}){0,2} (?:off|disabled|unchecked|unticked)\b"), "none"),
    (re.compile(r"\btcp://\S{3,80}:\d{2,5}"), "none"),
    (re.compile(r"\btls_starttls (?:off|no)\b"), "implicit"),
    (re.compile(r"\btls_starttls (?:on|yes)\b"), "starttls"),
    (re.compile(r"home ?assistant.{0,200}\bencryption['\"]?\s{0,3}[:=]?\s{0,3}['\"]?tls\b"), "implicit"),
    (
        re.compile(
            r"\b(?:email_use_tls|use_tls|smtp_tls|use_ssl|smtp_ssl|secure|ssl\.enable|starttls\.enable)\s(?:true|yes|on)\b"
        ),
        "",
    ),
)


_LOGIN = re.compile(
    r"\b(?:\w*_)?(?:auth|user(?:name)?|pass(?:word)?|usuario|clave)['\"]?\s{0,3}(?:=>|[:=])\s{0,3}(?!off|false|no\b|none)\S"
)


def logs_in(text: str) -> bool:
    """Whether settings in a text in lower case have a login: whoever has one hands mail in."""
    return _LOGIN.search(text) is not None


def mode_in(text: str) -> Mode | None:
    """The TLS mode that the settings in a text in lower case ask for; None where they do not say."""
    modes = list(_modes(text))
    return next((mode for mode in ("implicit", "starttls", "none") if mode in modes), None)


def _modes(text: str) -> Iterator[str]:
    for pattern, mode in _CALLS:
        for found in pattern.finditer(text):
            yield mode or _switched(*found[0].rsplit(None, 1))
    for found in _PAIR.finditer(text):
        front = _FRONT.search(text[max(0, found.start() - 40) : found.start()])
        yield _switched(f"{front[0] if front else ''}{found[1]}", found[2])


def _switched(name: str, value: str) -> str:
    """The mode that one setting chooses, "" where it chooses none."""
    if _NO_MODE.search(name):
        return ""
    if value in _STARTTLS or ("start" in name and value in _ON):
        return "starttls"
    if value in _IMPLICIT:
        return "implicit"
    is_switch = value in _ON and "start" not in name
    if is_switch and "use_tls" not in name:
        return "implicit"
    if is_switch or value == "tls":
        return "starttls"
    return "none" if value in _OFF and "start" not in name else ""
