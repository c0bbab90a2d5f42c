"""The languages in which a check is told, and the one that is spoken. Everybody takes words from `WORDS`.

A second language is a file like `english` with the same names, and its row in `LANGUAGES`.
"""

from collections.abc import Mapping
from typing import Protocol

from commands.smtpcheck.result.sentences import english


class Language(Protocol):
    """What a language has; each name is explained in `english`."""

    SENTENCES: Mapping[str, str]
    MEANINGS: Mapping[str, str]
    SUMMARY: Mapping[str, str]
    PLACES: tuple[str, str]
    VERDICTS: Mapping[str, str]
    STATES: Mapping[str, str]
    APART: Mapping[str, str]
    NUMBERS: tuple[str, ...]
    AS_TOLD: tuple[str, str]
    OTHERS: tuple[str, str]
    TURNED_AWAY: Mapping[str, str]
    FAMILIES: Mapping[str, str]
    OF_HOST: str
    ADDRESSES: str
    TLS_STATES: Mapping[str, str]
    MODES: Mapping[str, str]
    TLS_OF_RELAY: Mapping[str, str]
    CHOICES: Mapping[str, str]
    REASONS: Mapping[str, str]
    ADDRESS_KINDS: Mapping[str, str]
    PURPOSES: Mapping[str, str]
    FAULTS: Mapping[str, str]
    NOT_CONNECTED: Mapping[str, str]
    NOT_WATCHED: Mapping[str, tuple[str, str]]
    OUTCOMES: Mapping[str, str]
    PATTERNS: Mapping[str, str]
    AWAITED: Mapping[str, str]
    NO_NAME: str
    UNREADABLE_DATE: str
    NOT_ANNOUNCED: str
    TLS_UP: str
    CERTIFICATES: Mapping[str, str]
    WITHOUT_HEAD: Mapping[str, str]
    FROM_THE_FIRST_BYTE: str
    SAME_LOGIN: str
    LOGIN_OF_ROWS: str
    SAME_IN_ALL_ROWS: str
    SAME_IN_TLS: str
    CERTIFICATE_FACTS: Mapping[bool, str]
    MARKS: Mapping[str, str]
    SAME_ON: str
    SAME_OF: str
    LOGIN_IN_CLEAR: str
    CLIENT_TLS: Mapping[str, str]
    NO_LOGIN: str
    CLIENT_SETTINGS: Mapping[str, str]
    PORTS_OF: tuple[str, str]
    PORT_OF_HOST: str
    TIMINGS: Mapping[str, str]
    TLS_VERSIONS: Mapping[str, str]
    SUITES: Mapping[str, str]
    OLDER_SUITES: Mapping[str, str]
    UNSWEPT: str
    ANNOUNCED: str
    DEEP_WAITS: str


LANGUAGES: Mapping[str, Language] = {"en": english}

WORDS = LANGUAGES["en"]
