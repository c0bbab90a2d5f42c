"""What is different between two results of one kind, as codes with parameters. Pure; sentences are in `wording`.

What counts of a check is said by `result.document.facts`. A port that only one of two checks looked at says nothing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from commands.smtpcheck.result.delivery import STOPS_DELIVERY
from commands.smtpcheck.result.document import (
    HEAVY,
    POLICIES,
    endpoints,
    facts,
    is_judged,
    knows_addresses,
    knows_mx,
    policies_of,
)
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.scales import Side
from commands.smtpcheck.result.states import BY_NAME, State

Document: TypeAlias = Mapping[str, Any]

NAME = "name"
"""Code of what became of the target in DNS: all its ports go and come with it."""

WORST_FIRST = ("danger", "error", "warning")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `place` is `587`, or `587 mx1.example.com` where several hosts were checked, or a rule.

    `before` and `after` are what stands in the documents: codes, names, lists of names, counts, or None.
    """

    code: str
    place: str
    before: Any
    after: Any

    @property
    def port(self) -> int | None:
        """The port that it is of; None for what is of the whole result."""
        first = self.place.partition(" ")[0]
        return int(first) if first.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a check saw. `of_scope`: it follows from which ports were asked, and says nothing to others."""

    code: str
    place: str
    value: Any
    of_scope: bool = False


def changes(kind: str, before: Document, after: Document) -> list[Change]:
    """What is different in `after`; nothing for a kind that is not known."""
    return list(DIFFERENCES[kind](before, after)) if kind in DIFFERENCES else []


def facts_of(document: Document) -> Iterator[Fact]:
    """What a check saw, each by itself, so that checks of other ports can be held against it.

    What it could not judge is none of it: a resolver that is dead changes no set of MX hosts.
    """
    known, points = facts(document), _points(document)
    yield from _name(document)
    if is_judged(document):
        yield Fact("verdict", "", known["verdict"], of_scope=True)
        yield Fact("recommended", "", known["recommended"], of_scope=True)
    if knows_mx(document) and (document.get("kind") == "domain" or known["mx"]):
        yield Fact("mx", "", known["mx"])
    if (addresses := document.get("dns", {}).get("addresses")) and knows_addresses(document):
        yield Fact("addresses", "", sorted(addresses))
    for part, policy in policies_of(document).items():
        yield Fact("policy", part, policy)
    several = len({host for host, _ in points}) > 1
    for (host, port), point in points.items():
        if not _is_ours(point):
            yield Fact("endpoint", f"{port} {host}", {**point, "place": f"{port} {host}" if several else str(port)})


def _name(document: Document) -> Iterator[Fact]:
    """Whether there was anything to connect to, else why not: of a name that is gone no port says that it changed."""
    if document.get("endpoints"):
        yield Fact(NAME, "", None)
    elif is_judged(document):
        found = document.get("findings", ())
        codes = [str(each["code"]) for worst in WORST_FIRST for each in found if each.get("severity") == worst]
        yield from (Fact(NAME, "", code) for code in codes[:1])


def _is_ours(point: Document) -> bool:
    """Whether the state is of our own network or process, and says nothing of the host."""
    state = BY_NAME.get(point["state"])
    return state is not None and state.side is Side.OURS


def _points(document: Document) -> dict[tuple[str, int], dict[str, Any]]:
    """Endpoints, each with the addresses that were seen, its certificate with whether it had ended by then."""
    found, at = endpoints(document), str(document.get("started_at") or "")
    for (host, port), point in found.items():
        seen = document.get("endpoints", ())
        point["addresses"] = {str(one["address"]) for one in seen if (one["host"], one["port"]) == (host, port)}
        if shown := point.get("certificate"):
            point["certificate"] = {**shown, "ended": bool(at) and str(shown["not_after"] or "9") < at}
    return found


def changed_fact(fact: Fact, before: Any) -> list[Change]:
    """What is different in a fact that was otherwise before."""
    if fact.code == "endpoint":
        return list(_of_endpoints(fact.value["place"], before, fact.value))
    place = "" if fact.code == "policy" else fact.place
    return [Change(fact.code, place, before, fact.value)] if before != fact.value else []


def changed_faults(before: Document, after: Document, told: Collection[Change]) -> Iterator[Change]:
    """By place the codes of findings that matter and that only one of two checks of the same ports has.

    Where the verdict is another one all that `told` does not say already; else what stops mail although ports answer.
    """
    old, new = _codes(before), _codes(after)
    if old == new:
        return
    were, are = _open_places(before), _open_places(after)
    several = len({host for host, _ in were | are}) > 1
    is_of_verdict = any(change.code == "verdict" for change in told)
    for (host, port), code in sorted(old ^ new, key=lambda key: (key[0][1], key[0][0], key[1])):
        if port and (host, port) not in were & are:
            continue  # its state says all, or nothing is known of it
        place = f"{port} {host}" if port and several else str(port or "")
        if (is_of_verdict or code in STOPS_DELIVERY) and not any(_explains(change, place, code) for change in told):
            yield Change("fault", place, *(code if ((host, port), code) in side else None for side in (old, new)))


SAYS_NO_FAULT = frozenset({"verdict", "recommended", "certificate", "renewed", "issuer", "mx", "addresses"})
"""Changes that leave open what is wrong with what is there now."""


def _explains(change: Change, place: str, code: str) -> bool:
    if change.code == "policy":
        return code.startswith(POLICIES)
    if change.code == "apart":
        return code == Code.ADDRESS_DOWN
    return change.code == NAME or (change.place == place and change.code not in SAYS_NO_FAULT)


def _open_places(document: Document) -> set[tuple[str, int]]:
    found = document.get("endpoints", ())
    return {(str(each["host"]), int(each["port"])) for each in found if each["state"] == State.OPEN}


def _codes(document: Document) -> set[tuple[tuple[str, int], str]]:
    """Codes with their host and port; what concerns the target as a whole has none and port 0."""
    parts = [(("", 0), document), *(((each["host"], each["port"]), each) for each in document.get("endpoints", ()))]
    return {
        (place, str(finding["code"]))
        for place, part in parts
        for finding in part.get("findings", ())
        if finding.get("severity") in HEAVY and "code" in finding
    }


def _of_checks(before: Document, after: Document) -> Iterator[Change]:
    earlier, later = facts(before), facts(after)
    both_know = knows_mx(before) and knows_mx(after)
    yield from _pairs("", earlier, later, ("verdict", *(["mx"] if both_know else []), "recommended"))
    old, new = _points(before), _points(after)
    was, now = {host for host, _ in old}, {host for host, _ in new}
    for host in sorted(was ^ now) if both_know else ():
        yield Change("host", "", host if host in was else None, host if host in now else None)
    for host, port in [key for key in new if key in old]:
        place = f"{port} {host}" if len(was | now) > 1 else str(port)
        yield from _of_endpoints(place, old[host, port], new[host, port])


def _of_endpoints(place: str, before: Document, after: Document) -> Iterator[Change]:
    yield from _pairs(place, before, after, ("state",))
    yield from _of_addresses(place, before, after)
    if not before["state"] == after["state"] == "open":
        return  # the rest follows from the state
    yield from _pairs(place, before, after, ("tls",))
    if before["tls"] == after["tls"]:
        yield from _pairs(place, before, after, ("version",))
    yield from _of_certificates(place, before.get("certificate"), after.get("certificate"))
    yield from _pairs(place, before, after, ("logins", "clear_logins"))


def _of_addresses(place: str, before: Document, after: Document) -> Iterator[Change]:
    """The addresses that both saw, and that are not like the others in one of them."""
    old, new = (point.get("apart", {}) for point in (before, after))
    for address in sorted((old.keys() | new.keys()) & before["addresses"] & after["addresses"]):
        if old.get(address) != new.get(address):
            at = f"{place}[{address}]" if " " in place else f"{place} {address}"
            yield Change("apart", at, old.get(address), new.get(address))


def _of_certificates(place: str, before: Document | None, after: Document | None) -> Iterator[Change]:
    if before is None or after is None:
        return
    if before["sha256"] != after["sha256"]:
        later = str(after["not_after"] or "") > str(before["not_after"] or "")
        code = "renewed" if later and before["subject"] == after["subject"] else "certificate"
        yield Change(code, place, before["not_after"], after["not_after"])
    if after["ended"] and not before["ended"]:
        yield Change("ended", place, before["not_after"], after["not_after"])
    trust = () if after["ended"] != before["ended"] else ("trusted",)
    yield from _pairs(place, before, after, ("issuer", *trust, "name_matches"))


def _of_advice(before: Document, after: Document) -> Iterator[Change]:
    yield from _pairs("", facts(before), facts(after), ("recommended",))
    for name in ("fallbacks", "avoid"):
        yield from _pairs("", _ports(before, name), _ports(after, name), (name,))


def _ports(document: Document, name: str) -> dict[str, list[str]]:
    return {name: [str(choice["port"]) for choice in document.get(name, ())]}


def _of_configs(before: Document, after: Document) -> Iterator[Change]:
    """By rule: how many findings there are of each, since lines move when a config is edited."""
    old, new = _by_rule(before), _by_rule(after)
    for rule in sorted({*old, *new}):
        if old.get(rule, 0) != new.get(rule, 0):
            yield Change("finding", rule, old.get(rule, 0), new.get(rule, 0))


def _of_networks(before: Document, after: Document) -> Iterator[Change]:
    """By port; None stands for one that was not looked at."""
    yield from _pairs("", before, after, ("verdict",))
    old, new = ({int(port["port"]): port["state"] for port in each.get("ports", ())} for each in (before, after))
    for port in sorted({*old, *new}):
        if old.get(port) != new.get(port):
            yield Change("outgoing", str(port), old.get(port), new.get(port))


def _by_rule(document: Document) -> dict[str, int]:
    counts: dict[str, int] = {}
    for finding in document.get("findings", ()):
        name = f"{finding['code']} {finding['rule']}"
        counts[name] = counts.get(name, 0) + 1
    return counts


def _pairs(place: str, before: Document, after: Document, names: tuple[str, ...]) -> Iterator[Change]:
    for name in names:
        if before.get(name) != after.get(name):
            yield Change(name, place, before.get(name), after.get(name))


DIFFERENCES: Mapping[str, Callable[[Document, Document], Iterator[Change]]] = {
    "check": _of_checks,
    "port": _of_advice,
    "pmta": _of_configs,
    "network": _of_networks,
}
