"""What looks like a target and is none: networks, ranges of addresses, people and channels."""

import re
from ipaddress import ip_address, ip_network

from commands.contract import UserError
from commands.slack_text import quoted

FROM_FILE = "in a terminal `portero check --file hosts.txt` takes any number, a host on each line."
MANY = f"Type up to five hosts, one by one; {FROM_FILE}"
_SOMEBODY = re.compile(r"@(?P<id>[UW][A-Z0-9]{6,})|@[\w-]+")
_CHANNEL = re.compile(r"#[\w-]+")
_NETWORK = re.compile(r"(?P<address>[0-9a-f:.]*[:.][0-9a-f:.]*)/(?P<bits>\d{1,3}(?:\.\d{1,3}){0,3})", re.IGNORECASE)
_RANGE = re.compile(r"(?P<first>(?:\d{1,3}\.){3}\d{1,3})-(?:(?:\d{1,3}\.){0,3}\d{1,3})")


def refuse(typed: str) -> None:
    """Raises `UserError` with what to type instead."""
    if network := _NETWORK.fullmatch(typed):
        _refuse_network(network["address"], typed)
    if addresses := _RANGE.fullmatch(typed):
        raise UserError(f"`{quoted(typed)}` are many addresses, and Portero is no scanner.", MANY, addresses["first"])
    if somebody := _SOMEBODY.fullmatch(typed):
        asked = f"/smtphistory by @{somebody['id']}" if somebody["id"] else ()
        hint = "Type a host, such as `mail.example.com`; `/smtphistory by @` and a name has what somebody checked."
        raise UserError(f"`{quoted(typed)}` is a person or a group, and no host.", hint, asked)
    if _CHANNEL.fullmatch(typed):
        hint = "Type a host, such as `mail.example.com`; `/smtphistory here` has what was checked in this channel."
        raise UserError(f"`{quoted(typed)}` is a channel, and no host.", hint)


def _refuse_network(address: str, typed: str) -> None:
    """One of a single address is that address."""
    try:
        found = ip_network(typed, strict=False)
    except ValueError:
        return
    if found.num_addresses == 1:
        return
    host = ip_address(address)
    meant = str(host) if host != found.network_address else ()
    raise UserError(f"`{quoted(typed)}` is a network, and Portero is no scanner.", MANY, meant)
