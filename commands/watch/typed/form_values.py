"""What the fields of a submitted dialogue come to. They are read by what reads typed options."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.allowed_ports import listed
from commands.contract import FormErrors, UserError
from commands.form_fields import WrongFields
from commands.slack_text import quoted, undo
from commands.watch.state.limits import Rules, read_ports
from commands.watch.state.model import NETWORK_TARGET, Second, Watch
from commands.watch.state.routes import with_routes
from commands.watch.typed.arguments import words_of
from commands.watch.typed.asked import Add, Context, without_anyway
from commands.watch.typed.options import example_of, read_options
from commands.words import somebody_of

NO_GROUP = "none"
"""The choice in a dialogue that mentions no user group."""


def read_add(values: Mapping[str, Any], context: Context) -> Add | FormErrors:
    """The watch that a submitted form asks for, or what is wrong with which field."""
    errors = WrongFields(values)
    kind = str(values.get("kind") or "check")
    target, port, mail_domain = NETWORK_TARGET, None, False
    words, anyway = without_anyway(undo(str(values.get("target") or "")).split())
    typed = " ".join(words)
    if kind != "network" and typed != NETWORK_TARGET:
        try:
            target, port, mail_domain = context.target(typed)
        except UserError as error:
            errors.add("target", error, of_one_word=True)
    elif typed == NETWORK_TARGET:
        kind = "network"
    said = _read(values, context, errors)
    if port is not None and not errors:
        said["ports"] = tuple(dict.fromkeys((port, *said.get("ports", ()))))
    if errors:
        return errors.found
    said["routes"] = with_routes({}, said["routes"])
    said = {name: value for name, value in said.items() if value not in ("", (), {}, None)}
    return Add(kind, target, said, mail_domain, anyway)  # type: ignore[arg-type]


def read_edit(values: Mapping[str, Any], watch: Watch, context: Context) -> dict[str, Any] | FormErrors:
    """What is different now, by the fields of `Watch`, or what is wrong with which field."""
    errors = WrongFields(values)
    said = _read(values, context, errors)
    if errors:
        return errors.found
    if with_routes(watch.routes, said["routes"]) == watch.routes:
        del said["routes"]
    return {name: value for name, value in said.items() if value != getattr(watch, name)}


def _read(values: Mapping[str, Any], context: Context, errors: WrongFields) -> dict[str, Any]:
    said: dict[str, Any] = {
        "notify": str(values.get("notify") or ""),
        "ports": (),
        "windows": (),
        "routes": {},
        "tags": (),
        "runbook": "",
    }
    said["notify"] = _group(values, "group", errors) or said["notify"]
    said["then"] = _second(values, context, errors)
    if values.get("channel"):
        said["channel"] = str(values["channel"])
    for name in ("every", "after"):
        _take(name, _typed_words(values.get(name)), context, errors, said)
    if values.get("from"):
        _take("from", _typed_words(values["from"]), context, errors, said)
    for route in context.rules.routes:
        empty = said["routes"] | {route.name: ()}
        _take(route.name, _typed_words(values.get(route.name)), context, errors, said)
        said["routes"] = empty | said["routes"]
    _take("runbook", undo(str(values.get("runbook") or "")).split(), context, errors, said)
    _take("tags", _typed_words(values.get("tags")), context, errors, said)
    for part in undo(str(values.get("maintenance") or "")).split(","):
        windows = said["windows"]
        _take("maintenance", part.split(), context, errors, said)
        said["windows"] = (*windows, *(said["windows"] if said["windows"] is not windows else ()))
    _take_ports(_typed_words(values.get("ports")), context.rules, errors, said)
    return said


def _take_ports(words: Sequence[str], rules: Rules, errors: WrongFields, said: dict[str, Any]) -> None:
    try:
        said["ports"] = _ports(words, rules)
    except UserError as error:
        errors.add("ports", error)


def _ports(words: Sequence[str], rules: Rules) -> tuple[int, ...]:
    ports, used = read_ports(words, rules)
    if words[used:]:
        raise UserError(f"`{quoted(words[used])}` is not a port.", listed(rules.ports))
    return ports


def _second(values: Mapping[str, Any], context: Context, errors: WrongFields) -> Second | None:
    """Who is mentioned when nobody acknowledges an alert: what `then` says."""
    who = _group(values, "then_group", errors) or str(values.get("then") or "")
    found: dict[str, Any] = {}
    if who:
        words = [f"@{who}", "after", *_typed_words(values.get("then_after") or "30m")]
        _take("then", words, context, errors, found)
    second: Second | None = found.get("then")
    return second


def _group(values: Mapping[str, Any], field: str, errors: WrongFields) -> str:
    """The user group that is mentioned instead of the person, if there is one."""
    typed = str(values.get(field) or "").strip()
    if not typed or typed == NO_GROUP:
        return ""
    try:
        group = somebody_of(*words_of(typed)[:1])
    except UserError as error:
        errors.add(field, error)
        return ""
    if not group.startswith("S"):
        errors.errors[field] = "That is a person: choose them above."
    return group


def _take(field: str, words: Sequence[str], context: Context, errors: WrongFields, said: dict[str, Any]) -> None:
    """Read one option, which has the name of its field; nothing is said by a field that is empty."""
    words = words[1:] if words and words[0].lower() == field else words
    if not words:
        return
    try:
        said |= _option(field, words, context.rules)
    except UserError as error:
        errors.add(field, error, f"{field} ")


def _option(name: str, words: Sequence[str], rules: Rules) -> dict[str, Any]:
    options = read_options([name, *words], rules)
    if options.rest:
        what = "not a time zone" if name == "maintenance" else "one word too many"
        raise UserError(f"`{quoted(options.rest[0])}` is {what}.", example_of(name, rules))
    return options.said


def _typed_words(value: Any) -> list[str]:
    return undo(str(value or "")).replace(",", " ").replace(";", " ").split()
