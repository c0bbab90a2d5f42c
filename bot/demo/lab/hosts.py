"""The demo's hosts as data: what each port of each host does, and the zone that ties them together."""

from bot.demo.lab.certificates import SOUND_DAYS, Authority, Span
from bot.demo.lab.lab import Host, Serve, Tcp
from bot.demo.lab.script import Script, Step
from bot.demo.lab.scripts import EXTENSIONS, dialogue, reply, well_behaved
from bot.demo.lab.steps import Close, Send, StartTls, Wait
from bot.demo.lab.zone import Zone

DOMAIN = "lab.example"
LOGIN = ("PLAIN", "LOGIN")
EXPIRED_DAYS_AGO = 12
POSTSCREEN_WAIT = 6.0  # seconds: Postfix's default postscreen_greet_wait
CISCO_BANNER = b"220 ****************************0****2******0*****\r\n"
BUSY: Script = (Send(b"421 4.7.0 busy.lab.example Error: too many connections from 192.0.2.10\r\n"), Close())
HOSTILE_BANNER = b"220 x <!channel> <@U123> *b* \x60code\x60 <https://evil.example|login> \x1b[31m\x00\r\n"  # quirk G26


def relay(name: str, *, days: Span = SOUND_DAYS) -> Serve:
    """Port 25 of a sound host: STARTTLS, no AUTH."""
    return lambda authority: well_behaved(name, context=authority.context(name, days=days))


def submission(name: str, *, implicit: bool = False, days: Span = SOUND_DAYS) -> Serve:
    """A port for mail clients: AUTH once TLS is up, which comes by STARTTLS or at once."""
    return lambda authority: well_behaved(
        name, context=authority.context(name, days=days), implicit=implicit, auth=LOGIN
    )


def plain(name: str) -> Serve:
    """STARTTLS is not offered."""
    return lambda _authority: well_behaved(name)


def sound_ports(name: str, *, days: Span = SOUND_DAYS) -> dict[int, Serve | Tcp]:
    """25 relays; 465, 587 and 2525 take mail from clients."""
    return {
        25: relay(name, days=days),
        465: submission(name, implicit=True, days=days),
        587: submission(name, days=days),
        2525: submission(name, days=days),
    }


def masked(_authority: Authority) -> Script:
    """Cisco's SMTP inspection: a masked banner, and STARTTLS overwritten in the EHLO reply."""
    hello = reply(250, "masked.lab.example", "SIZE 20480000", "XXXXXXXA", "XXXB", "8BITMIME")
    return dialogue({"EHLO": hello}, banner=CISCO_BANNER)


def hostile(authority: Authority) -> Script:
    """A banner full of Slack markup, terminal codes and a NUL byte."""
    return well_behaved("hostile.lab.example", context=authority.context("hostile.lab.example"), banner=HOSTILE_BANNER)


def busy(_authority: Authority) -> Script:
    """421 as greeting."""
    return BUSY


def busy_in_tls(authority: Authority) -> Script:
    """421 as greeting, once TLS is up."""
    return (StartTls(authority.context("busy.lab.example")), *BUSY)


def slow(authority: Authority) -> Script:
    """Half a greeting, a wait, then the whole one, as Postfix's postscreen does."""
    teaser: tuple[Step, ...] = (Send(b"220-slow.lab.example ESMTP\r\n"), Wait(POSTSCREEN_WAIT))
    return teaser + well_behaved("slow.lab.example", context=authority.context("slow.lab.example"))


def stripped(_authority: Authority) -> Script:
    """Offers STARTTLS and then does not know it: something in the path ate the command."""
    hello = reply(250, "stripped.lab.example", *EXTENSIONS, "STARTTLS")
    unknown = b'500 5.5.1 Command unrecognized: "XXXX"\r\n'
    return dialogue({"EHLO": hello, "STARTTLS": unknown}, banner=b"220 stripped.lab.example ESMTP lab\r\n")


HOSTS = (
    Host(
        "mail.lab.example",
        ("198.51.100.25",),
        "A healthy relay: 25, 587 and 2525 with STARTTLS, 465 with TLS from the start.",
        sound_ports("mail.lab.example"),
    ),
    Host(
        "filtered.lab.example",
        ("198.51.100.26",),
        "Port 25 is filtered and 465 refused, while 587 and 2525 work.",
        {
            25: Tcp.FILTERED,
            465: Tcp.REFUSED,
            587: submission("filtered.lab.example"),
            2525: submission("filtered.lab.example"),
        },
    ),
    Host(
        "expired.lab.example",
        ("198.51.100.27",),
        "The certificate expired 12 days ago, on every port.",
        sound_ports("expired.lab.example", days=(-102, -EXPIRED_DAYS_AGO)),
    ),
    Host(
        "plain.lab.example",
        ("198.51.100.28",),
        "STARTTLS is not offered on 25 and 587.",
        {25: plain("plain.lab.example"), 587: plain("plain.lab.example")},
    ),
    Host(
        "masked.lab.example",
        ("198.51.100.29",),
        "A firewall masks the banner and overwrites STARTTLS with XXXXXXXA.",
        {25: masked, 587: masked},
    ),
    Host(
        "hostile.lab.example",
        ("198.51.100.30",),
        "The banner carries a channel mention, a link, terminal codes and a NUL byte.",
        {25: hostile},
    ),
    Host(
        "busy.lab.example",
        ("198.51.100.31",),
        "Answers 421 on every port: busy, so nothing is known about its TLS.",
        {25: busy, 465: busy_in_tls, 587: busy, 2525: busy},
    ),
    Host(
        "slow.lab.example",
        ("198.51.100.32",),
        "Greets after six seconds, as Postfix's postscreen does with strangers.",
        {25: slow},
    ),
    Host(
        "implicit.lab.example",
        ("198.51.100.33",),
        "Speaks TLS from the start on 587, where clients expect STARTTLS.",
        {587: submission("implicit.lab.example", implicit=True)},
    ),
    Host(
        "stripped.lab.example",
        ("198.51.100.34",),
        "Offers STARTTLS and then answers 500 to it, as when a device in the path interferes.",
        {25: stripped},
    ),
    Host(
        "mx2.lab.example",
        ("198.51.100.35",),
        "The second mail exchanger of lab.example: port 25 only.",
        {25: relay("mx2.lab.example")},
    ),
    Host(
        "pool.lab.example",
        ("198.51.100.44", "198.51.100.45", "2001:db8::41", "198.51.100.46"),
        "A pool of four addresses, of which 198.51.100.46 refuses connections.",
        sound_ports("pool.lab.example"),
        dead=("198.51.100.46",),
    ),
    Host(
        "mx.alpha.example",
        ("198.51.100.250",),
        "A known-good host of another operator, for telling whose side a fault is on.",
        sound_ports("mx.alpha.example"),
    ),
    Host(
        "mx.beta.example",
        ("203.0.113.251",),
        "A second known-good host of yet another operator.",
        sound_ports("mx.beta.example"),
    ),
)

CONTROL_HOSTS = ("mx.alpha.example", "mx.beta.example")

ZONE: Zone = {
    DOMAIN: {"MX": ["10 mail.lab.example.", "20 mx2.lab.example."], "TXT": ['"v=spf1 mx -all"']},
    "null.lab.example": {"MX": ["0 ."]},
    "alpha.example": {"MX": ["10 mx.alpha.example."]},
    "beta.example": {"MX": ["10 mx.beta.example."]},
}
