"""Lines of the history say what was wrong and on which port, also of what is open."""

from bot.console.screen import Screen
from bot.terminal.history_lists import TextWriter
from commands.history.line import written
from commands.history.wording import faults
from storage.history import Endpoint
from tests.every import every
from tests.history.documents import HOST, document, endpoint, line


def found(*codes, severity="error"):
    return [{"code": code, "severity": severity, "params": {}} for code in codes]


MX2 = "mx2.example.com"
WRONG_NAME = found("cert_name_mismatch")


@every(
    [
        ("", [endpoint(465), endpoint(587)], ()),
        ("587 TLS not offered", [endpoint(465), endpoint(587, tls="not_offered", shown=False)], ()),
        ("", [endpoint(25, tls="not_offered", shown=False), endpoint(587)], ()),
        (
            "465, 587 certificate for another name",
            [endpoint(port) | {"findings": WRONG_NAME} for port in (465, 587)],
            (),
        ),
        ("", [endpoint(465) | {"findings": found("cert_self_signed", severity="notice")}], ()),
        ("", [endpoint(465, state="refused") | {"findings": found("refused")}], ()),
        (
            f"25 certificate expired on {MX2}",
            [endpoint(25), endpoint(25, host=MX2) | {"findings": found("cert_expired")}],
            (),
        ),
        ("no such name in DNS", [], found("dns_nxdomain")),
        (
            "587 TLS not offered; 465 certificate expired; 465 no login offered; 1 more",
            [
                endpoint(465)
                | {"findings": [*found("legacy_tls", severity="warning"), *found("cert_expired", "auth_not_offered")]},
                endpoint(587, tls="not_offered", shown=False),
            ],
            (),
        ),
    ]
)
def test_what_is_wrong_is_told_with_its_port(words, endpoints, findings):
    assert faults(document(*endpoints) | {"findings": list(findings)}) == words


def test_a_line_has_it_behind_its_ports():
    assert "\n*465 certificate expired* · " in written(line(verdict="degraded"), fault="465 certificate expired")
    assert HOST in written(line())


def test_a_terminal_says_what_a_watch_saw_as_bad_beside_what_works(capsys):
    seen = (Endpoint(HOST, 465, "refused"), Endpoint(HOST, 587, "open"))
    told = line(alerted=True, endpoints=seen, verdict="ok", summary="mail.example.com works.")
    TextWriter(Screen()).write(told)
    said = capsys.readouterr().out
    assert "  not all well mail.example.com" in said and "mail.example.com works. 465 refused. [id0]" in said
