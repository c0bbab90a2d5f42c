"""The dialogues of `/smtpwatch`. What their fields come to is in `form_values`."""

from collections.abc import Mapping, Sequence

from commands.blocks import Block, plain, select_input, text_input
from commands.contract import Modal
from commands.times import WEEKDAYS, shown
from commands.watch.state.model import ANY, FROM_ELSEWHERE, Watch
from commands.watch.state.routes import Route
from commands.watch.state.windows import EVERY_DAY, Window
from commands.watch.typed.ends import FOREVER
from commands.watch.typed.form_values import NO_GROUP
from commands.watch.view.wording import KIND_WORDS
from storage.entries import LOCAL

EVERY = (("1m", "minute"), ("5m", "5 minutes"), ("15m", "15 minutes"), ("1h", "hour"), ("12h", "12 hours"))
AFTER = tuple((str(number), f"{number} failed run{'s in a row' if number > 1 else ''}") for number in (1, 2, 3, 5))
SNOOZES = (("1h", "1 hour"), ("8h", "8 hours"), ("tomorrow", "until tomorrow 09:00"), ("monday", "until Monday 09:00"))
SECOND = (("15m", "15 minutes"), ("30m", "30 minutes"), ("1h", "1 hour"), ("4h", "4 hours"))
MUTES = ((FOREVER, "until somebody ends it"), ("1d", "1 day"), ("7d", "7 days"), ("30d", "30 days"))
INSTEAD = "A user group instead of a person"
ANY_WORDS = "any 2: an alarm only where two places agree"
MOST_OPTIONS = 100
"""Choices that a select of Slack's holds."""


def add_form(groups: Mapping[str, str], routes: Sequence[Route], places: Sequence[str]) -> Modal:
    """A new watch. `groups` are the user groups of the workspace (id -> handle), where it lets us know them.

    `places` are those that may be watched from, this machine first.
    """
    kinds = [(kind, words[0].upper() + words[1:]) for kind, words in KIND_WORDS.items()]
    return Modal(
        "Watch a mail host",
        [
            text_input("target", "Host or domain", optional=True, hint="mail.example.com; empty for our own network"),
            select_input("kind", "What to watch", kinds, initial="check"),
            *_place_input(places, LOCAL),
            *_common(groups, routes, "15m", "2"),
        ],
        submit="Watch",
        form="add",
    )


def edit_form(watch: Watch, groups: Mapping[str, str], routes: Sequence[Route], places: Sequence[str]) -> Modal:
    """Other settings of a watch. `places` as in `add_form`."""
    blocks = _place_input(places, watch.vantage) if watch.kind in FROM_ELSEWHERE else []
    blocks += _common(
        groups,
        routes,
        shown(watch.every).replace(" ", ""),
        str(watch.fail_after),
        channel=watch.channel,
        notify=watch.notify,
        ports=" ".join(map(str, watch.ports)),
        tags=" ".join(watch.tags),
        maintenance=", ".join(map(_typed, watch.windows)),
        then=watch.then.notify if watch.then else "",
        then_after=shown(watch.then.after).replace(" ", "") if watch.then else "",
        runbook=watch.runbook,
        **{name: " ".join(value) for name, value in watch.routes.items()},
    )
    return Modal(f"Edit {watch.id}", blocks, submit="Save", form="edit", private=watch.id)


def _place_input(places: Sequence[str], chosen: str) -> list[Block]:
    """Where from, where there is a choice; the place of a watch is one also while nobody is connected there."""
    names = list(dict.fromkeys((LOCAL, *places, *(() if chosen == ANY else (chosen,)))))
    if names == [LOCAL] and chosen == LOCAL:
        return []
    options = [*((name, name) for name in names[: MOST_OPTIONS - 1]), (ANY, ANY_WORDS)]
    return [select_input("from", "From", options, initial=chosen)]


def _common(
    groups: Mapping[str, str],
    routes: Sequence[Route],
    every: str,
    after: str,
    *,
    channel: str = "",
    notify: str = "",
    **texts: str,
) -> list[Block]:
    choices = EVERY if every in dict(EVERY) else (*EVERY, (every, every))
    afters = AFTER if after in dict(AFTER) else (*AFTER, (after, f"{after} failed runs in a row"))
    person, group = ("", notify) if notify.startswith("S") else (notify, "")
    return [
        text_input(
            "ports", "Ports", optional=True, initial=texts.get("ports", ""), hint="25 587; empty: those that answer"
        ),
        select_input("every", "Every", choices, initial=every),
        _chooser("channel", "Alerts in", "conversations_select", channel),
        _chooser("notify", "Mention on an alert", "users_select", person),
        _group_input("group", INSTEAD, groups, group),
        *_second_inputs(groups, texts.get("then", ""), texts.get("then_after") or "30m"),
        text_input(
            "runbook",
            "Runbook",
            optional=True,
            initial=texts.get("runbook", ""),
            hint="https://wiki.example.com/mail; alerts show it",
        ),
        select_input("after", "Alert after", afters, initial=after),
        *(
            text_input(each.name, each.label, optional=True, initial=texts.get(each.name, ""), hint=each.example)
            for each in routes
        ),
        text_input("tags", "Tags", optional=True, initial=texts.get("tags", ""), hint="prod eu-west; of the target"),
        text_input(
            "maintenance",
            "Quiet at these times",
            optional=True,
            initial=texts.get("maintenance", ""),
            hint="sun 02:00-04:00 Europe/Madrid; several with commas",
        ),
    ]


def _second_inputs(groups: Mapping[str, str], notify: str, after: str) -> list[Block]:
    """Who is mentioned when nobody acknowledges an alert, and after how long."""
    person, group = ("", notify) if notify.startswith("S") else (notify, "")
    choices = SECOND if after in dict(SECOND) else (*SECOND, (after, after))
    return [
        _chooser("then", "If nobody acknowledges it, mention", "users_select", person),
        _group_input("then_group", "Or this user group", groups, group),
        select_input("then_after", "After", choices, initial=after),
    ]


def _group_input(name: str, label: str, groups: Mapping[str, str], chosen: str) -> Block:
    """A choice where the groups are known (as many as Slack takes, the chosen one for sure), else its id."""
    if not groups:
        hint = "Its id, such as S0123ABCD; or type notify @group behind the command."
        return text_input(name, label, optional=True, initial=chosen, hint=hint)
    known = {**groups, **({chosen: groups.get(chosen, chosen)} if chosen else {})}
    first = sorted(known, key=lambda id_: (id_ != chosen, known[id_]))[: MOST_OPTIONS - 1]
    options = [(NO_GROUP, "None"), *((id_, f"@{known[id_]}") for id_ in first)]
    return select_input(name, label, options, initial=chosen or NO_GROUP, optional=True)


def snooze_form(watch: Watch, _until: str = "") -> Modal:
    blocks = [select_input("until", "Snooze for", SNOOZES, initial="1h")]
    return Modal(f"Snooze {watch.id}", blocks, submit="Snooze", form="snooze", private=watch.id)


def mute_form(watch: Watch, until: str = "") -> Modal:
    """`until` is what was typed of it already (`2d`, `monday`)."""
    ends = list(MUTES)
    if until and until not in dict(ends):
        ends.insert(0, (until, f"as you typed: {until}"))
    blocks = [
        text_input("why", "Why?", hint="Everybody sees it in the list, with your name."),
        select_input("until", "Mute", ends, initial=until or "7d"),
    ]
    return Modal(f"Mute {watch.id}", blocks, submit="Mute", form="mute", private=watch.id)


def _typed(window: Window) -> str:
    days = "" if window.days == EVERY_DAY else " ".join(WEEKDAYS[day][:3] for day in sorted(window.days)) + " "
    return f"{days}{window.start:%H:%M}-{window.end:%H:%M} {window.zone}"


def _chooser(block_id: str, label: str, kind: str, initial: str, *, hint: str = "") -> Block:
    element: Block = {"type": kind, "action_id": block_id}
    if kind == "conversations_select":
        element["filter"] = {"include": ["public", "private"], "exclude_bot_users": True}
        element |= {"initial_conversation": initial} if initial else {"default_to_current_conversation": True}
    elif initial:
        element["initial_user"] = initial
    block: Block = {"type": "input", "block_id": block_id, "label": plain(label, 2000), "element": element}
    block["optional"] = kind == "users_select"
    return block | ({"hint": plain(hint, 2000)} if hint else {})
