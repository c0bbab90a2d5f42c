"""The line that tells a sweep of TLS versions."""

from collections.abc import Mapping

from commands.smtpcheck.result.sentences import tls_number

UNSWEPT = (
    "TLS versions were not asked for on {ports}: a deep check sweeps one port of each TLS mode. Check one alone to "
    "learn them."
)

LISTS: Mapping[str, str] = {"yes": "accepts TLS {}", "no": "refuses {}", "unknown": "not known: {}"}


def versions_words(versions: Mapping[str, str]) -> str:
    """`accepts TLS 1.2, 1.3; refuses 1.0, 1.1`."""
    told = {answer: [tls_number(name) for name, said in versions.items() if said == answer] for answer in LISTS}
    parts = [LISTS[answer].format(", ".join(numbers)) for answer, numbers in told.items() if numbers]
    return "; ".join(parts).replace("refuses ", "refuses TLS ", 0 if told["yes"] else 1)
