"""Which mail ports get out, and the control hosts by which that is told."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from bot.doctor.result.codes import Code, Found, Value
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.lookup.resolve import Resolver
from commands.smtpcheck.network.probe import AskedControl, Outgoing, OutgoingState, examine

PORTS: Mapping[OutgoingState, Code] = {
    OutgoingState.OPEN: Code.PORT_OPEN,
    OutgoingState.BLOCKED: Code.PORT_BLOCKED,
    OutgoingState.INTERCEPTED: Code.PORT_INTERCEPTED,
    OutgoingState.UNCLEAR: Code.PORT_UNCLEAR,
    OutgoingState.MUTE: Code.PORT_MUTE,
    OutgoingState.MISLED: Code.PORT_MISLED,
    OutgoingState.UNKNOWN: Code.PORT_UNKNOWN,
}


async def ports_out(control: AskedControl, ports: Sequence[int]) -> list[Found]:
    """A line for each port, from real connects to the control hosts; no word is said to them but QUIT."""
    return [one for port in await examine(control, ports) for one in told(port)]


def told(port: Outgoing) -> list[Found]:
    """What the attempts on one port say: of the port, and of a host that alone does not answer. Pure."""
    tried = [attempt for attempt in port.attempts if attempt.outcome is not None]
    reached = [attempt.host for attempt in tried if attempt.outcome == "connected"]
    silent = [attempt for attempt in tried if attempt.outcome != "connected"]
    params: dict[str, Value] = {
        "port": port.port,
        "reached": ", ".join(reached),
        "silent": ", ".join(attempt.host for attempt in silent),
        "by": port.by or "a device",
    }
    if port.state is OutgoingState.UNCLEAR and len(silent) == 1 and len(reached) > 1:
        alone: dict[str, Value] = {"host": silent[0].host, "port": port.port, "outcome": str(silent[0].outcome)}
        return [Found(Code.PORT_OPEN, params), Found(Code.CONTROL_SILENT, alone)]
    return [Found(PORTS[port.state], params)]


async def control_hosts(
    hosts: Mapping[int, Sequence[str]], ports: Sequence[int], resolver: Resolver, guard: Guard
) -> list[Found]:
    """Whether there are some for each port, and whether each has an address that may be tried."""
    named = list(dict.fromkeys(name for port in ports for name in hosts.get(port, ())))
    usable = await asyncio.gather(*(_may_be_tried(name, resolver, guard.judge_host) for name in named))
    lacking = ", ".join(str(port) for port in ports if not hosts.get(port))
    found = [Found(Code.CONTROL_NONE, {"ports": lacking})] if lacking else []
    if len(named) > 1 and not any(usable):
        return [*found, Found(Code.CONTROL_ALL_UNRESOLVED, {"count": len(named)})]
    found += [
        Found(Code.CONTROL_UNRESOLVED, {"host": name}) for name, is_ in zip(named, usable, strict=True) if not is_
    ]
    return found or [Found(Code.CONTROL_FINE, {"count": len(named)})]


async def _may_be_tried(name: str, resolver: Resolver, judge: Callable[..., object]) -> bool:
    found, _ = await resolver.addresses_of(name)
    return bool(getattr(judge((name, *found.aliases), found.addresses), "allowed", False))
