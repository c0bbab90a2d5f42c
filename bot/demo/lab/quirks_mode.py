"""Quirks M01 to M06 and Q01 to Q05: the wrong TLS mode for a port, and ends of sessions."""

from collections.abc import Callable

from bot.demo.lab.quirk import BANNER, EHLO_PLAIN, HOST, Quirk, Scripts, Stage
from bot.demo.lab.quirks_greeting import HTTP_400
from bot.demo.lab.script import Script
from bot.demo.lab.scripts import well_behaved
from bot.demo.lab.steps import Close, Hang, IfHeard, Read, Reset, Send, StartTls


def implicit(stage: Stage) -> Scripts:
    return (well_behaved(HOST, context=stage.context, implicit=True, auth=("PLAIN", "LOGIN")),)


def plaintext(stage: Stage) -> Scripts:
    return (stage.server(banner=BANNER),)


def https(stage: Stage) -> Scripts:
    return ((StartTls(stage.context), Read(), Send(HTTP_400), Close()),)


def proxied(stage: Stage) -> Scripts:
    """HAProxy waiting for a PROXY header: closes at the first other bytes, or after four seconds."""
    return ((IfHeard(4 * stage.pace, (Close(),)), Close()),)


def bids_farewell(*steps: Send | Close | Reset | Hang) -> Callable[[Stage], Scripts]:
    """A sound server with this answer to QUIT, before TLS and after."""
    bye: Script = steps

    def scripts(stage: Stage) -> Scripts:
        return (stage.server(secure={"EHLO": EHLO_PLAIN, "QUIT": bye}),)

    return scripts


MODES = (
    Quirk("M01", "implicit TLS where clients wait for a greeting", "implicit_tls", implicit, port=25),
    Quirk("M02", "plain SMTP where clients begin with TLS", "plain_on_tls_port", plaintext, port=465),
    Quirk("M03", "implicit TLS on 587", "implicit_tls", implicit, port=587),
    Quirk("M04", "plain SMTP on 465, greeting first", "plain_on_tls_port", plaintext, port=465),
    Quirk("M05", "an HTTPS server", "not_smtp", https, ("http",), port=465),
    Quirk("M06", "a proxy that expects a PROXY header", "closed_before_greeting", proxied),
)

FAREWELLS = (
    Quirk("Q01", "221 to QUIT", "ok", bids_farewell(Send(b"221 2.0.0 Bye\r\n"), Close())),
    Quirk("Q02", "no reply to QUIT", "ok", bids_farewell(Hang())),
    Quirk("Q03", "250 to QUIT", "ok", bids_farewell(Send(b"250 ok\r\n"), Close())),
    Quirk("Q04", "reset after QUIT", "ok", bids_farewell(Reset())),
    Quirk("Q05", "421 to QUIT", "ok", bids_farewell(Send(b"421 4.4.2 timeout\r\n"), Close())),
)
