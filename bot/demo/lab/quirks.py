"""Every quirk of the lab by its id, and those that loopback cannot show."""

from collections.abc import Mapping

from bot.demo.lab.quirk import Quirk
from bot.demo.lab.quirks_ehlo import EHLO
from bot.demo.lab.quirks_greeting import GREETINGS
from bot.demo.lab.quirks_mode import FAREWELLS, MODES
from bot.demo.lab.quirks_tls import TLS

QUIRKS: Mapping[str, Quirk] = {quirk.id: quirk for quirk in (*GREETINGS, *EHLO, *TLS, *MODES, *FAREWELLS)}

UNSCRIPTED: Mapping[str, str] = {
    "unreachable": "an ICMP unreachable needs raw sockets: a connector that raises OSError(EHOSTUNREACH) stands for it",
    "filtered IPv6 router": "dropping packets of one family needs a packet filter: FilteredPort drops SYNs of one port",
}
