"""What the fields of a submitted dialogue come to. They are read by what reads typed options."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.contract import FormErrors, UserError
from commands.slack_text import undo
from commands.watch.model import NETWORK_TARGET, Watch
from commands.watch.rules import read_ports
from commands.watch.typed.asked import Add
from commands.watch.typed.context import Context
from commands.watch.typed.mentions import somebody_of, words_of
from commands.watch.typed.options import read_options
from commands.watch.typed.vocabulary import refuse_unknown
from commands.watch.view.forms import NO_GROUP


def read_add(values: Mapping[str, Any], context: Context) -> Add | FormErrors:
    """The watch that a submitted form asks for, or what is wrong with which field."""
    errors: dict[str, str] = {}
    kind = str(values.get("kind") or "check")
    target, port, mail_domain = NETWORK_TARGET, None, False
    typed = undo(str(values.get("target") or "")).strip()
    if kind != "network" and typed != NETWORK_TARGET:
        try:
            target, port, mail_domain = context.target(typed)
        except UserError as error:
            errors["target"] = _words(error)
    elif typed == NETWORK_TARGET:
        kind = "network"
    said = _read(values, context, errors)
    if port is not None and not errors:
        said["ports"] = tuple(dict.fromkeys((port, *said.get("ports", ()))))
    if errors:
        return FormErrors(errors)
    said = {name: value for name, value in said.items() if value not in ("", ())}
    return Add(kind, target, said, mail_domain=mail_domain)  # type: ignore[arg-type]


def read_edit(values: Mapping[str, Any], watch: Watch, context: Context) -> dict[str, Any] | FormErrors:
    """What is different now, by the fields of `Watch`, or what is wrong with which field."""
    errors: dict[str, str] = {}
    said = _read(values, context, errors)
    if errors:
        return FormErrors(errors)
    return {name: value for name, value in said.items() if value != getattr(watch, name)}


def _read(values: Mapping[str, Any], context: Context, errors: dict[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "notify": str(values.get("notify") or ""),
        "ports": (),
        "mail": (),
        "webhook": "",
        "windows": (),
    }
    _take_group(values.get("group"), errors, said)
    if values.get("channel"):
        said["channel"] = str(values["channel"])
    for name, option in (("every", "every"), ("after", "after"), ("mail", "mail"), ("webhook", "webhook")):
        _take(name, [option, *_typed_words(values.get(name))], context, errors, said)
    for part in undo(str(values.get("maintenance") or "")).split(","):
        windows = said["windows"]
        _take("maintenance", ["maintenance", *part.split()], context, errors, said)
        said["windows"] = (*windows, *(said["windows"] if said["windows"] is not windows else ()))
    words = _typed_words(values.get("ports"))
    try:
        said["ports"], used = read_ports(words, context.rules)
        refuse_unknown(words[used:], ("25", "465", "587"))
    except UserError as error:
        errors["ports"] = _words(error)
    return said


def _take_group(value: Any, errors: dict[str, str], said: dict[str, Any]) -> None:
    """A user group is mentioned instead of the person."""
    typed = str(value or "").strip()
    if not typed or typed == NO_GROUP:
        return
    try:
        group = somebody_of(*words_of(typed)[:1])
    except UserError as error:
        errors["group"] = _words(error)
        return
    if not group.startswith("S"):
        errors["group"] = "That is a person: choose them above."
    said["notify"] = group


def _take(field: str, words: Sequence[str], context: Context, errors: dict[str, str], said: dict[str, Any]) -> None:
    """Read one option; nothing is said by a field that is empty."""
    if len(words) < 2:
        return
    try:
        options = read_options(words, context.rules)
        refuse_unknown(options.rest, ())
    except UserError as error:
        errors[field] = _words(error)
    else:
        said |= options.said


def _typed_words(value: Any) -> list[str]:
    return undo(str(value or "")).replace(",", " ").replace(";", " ").split()


def _words(error: UserError) -> str:
    return f"{error.message} {error.hint}".replace("`", "").strip()
