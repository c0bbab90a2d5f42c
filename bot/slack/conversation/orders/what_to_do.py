"""What is asked back where somebody orders something that Portero does not do, or not by these words.

A row of `ANSWERS` for each: what is said, and its buttons. Each button does what would be typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.services import Services
from bot.slack.conversation.orders.deed_answers import ANSWERS as ABOUT
from bot.slack.conversation.orders.deed_answers import about
from commands.blocks import Block, actions, button, section
from commands.contract import Reply, Subject
from commands.slack_text import escape, in_code
from commands.watch.handler import label
from commands.watch.verbs.lookup import visible
from commands.watch.view.condition import quiet


@dataclass(frozen=True, slots=True)
class Answer:
    """`said` of a host that is watched; `of_watch`: where it is not, that is all there is to say."""

    said: str
    offers: Sequence[str]
    of_watch: bool = True


BESIDE = ("check", "watch", "history")
"""What can be done with any host."""

NOT_HERE = "Nothing watches {host} here."
ANSWERS: Mapping[str, Answer] = {
    "unack": Answer(
        "An acknowledgement is not taken back: whoever takes over acknowledges {host}, and its alert says since when.",
        ("ack", "watch"),
    ),
    "resolve": Answer(
        "Nobody closes the incident of {host}: it ends by itself when it works again.", ("run", "mute", "watch")
    ),
    "assign": Answer(
        "Nobody is assigned to {host}: whoever looks after it acknowledges it, and its alert says who that is.",
        ("ack", "watch"),
    ),
    "notify": Answer(
        "Alerts of {host} mention whom its watch names. Shall it be {other} from now on?", ("notify", "watch")
    ),
    "unnotify": Answer(
        "Shall the alerts of {host} mention nobody from now on? They are posted all the same.", ("unnotify", "watch")
    ),
    "extend": Answer(
        "To keep {host} quiet longer, mute or snooze it anew: the last one counts.", ("mute_for", "snooze_for")
    ),
    "pause": Answer(
        "A pause has no end: {host} is not checked until somebody resumes it. Muted it is still checked, and alerts "
        "nobody until then.",
        ("mute_for", "pause"),
    ),
    "owner": Answer(
        "A watch stays with whoever made it, and everybody in its channel may change it. Whom the alerts of {host} "
        "mention can be set.",
        ("notify", "watch"),
    ),
    "move": Answer("A watch keeps its host: watch the new one, then delete the watch on {host}.", ("add", "delete")),
    "operate": Answer(
        "I only look at {host} from outside: I change nothing there, nor at whoever blocks it.", BESIDE, of_watch=False
    ),
    "tags": Answer(NOT_HERE, BESIDE),
    "quiet": Answer("{host} is neither muted, snoozed nor paused: its watch alerts.", ("watch",)),
    "unclear": Answer("I can't tell what to do with the watch on {host}.", BESIDE),
}
NOT_WATCHED = "I can't tell what to do with {host}: nothing watches it here."

OFFERS: Mapping[str, tuple[str, str, str]] = {
    "check": ("Check {host}", "smtpcheck.check", "{host}"),
    "show": ("Its watch", "smtpwatch.instead", "show {host}"),
    "add": ("Watch {other}", "smtpwatch.instead", "add {other}"),
    "history": ("History of {host}", "smtphistory.instead", "{host}"),
    "ack": ("Acknowledge", "smtpwatch.instead", "ack {host}"),
    "run": ("Run now", "smtpwatch.instead", "run {host}"),
    "mute": ("Mute 2 h", "smtpwatch.instead", "mute {host} 2h"),
    "unnotify": ("Mention nobody", "smtpwatch.instead", "edit {host} notify nobody"),
    "notify": ("Mention them", "smtpwatch.instead", "edit {host} notify {other}"),
    "mute_for": ("Mute {other}", "smtpwatch.instead", "mute {host} {other}"),
    "snooze_for": ("Snooze {other}", "smtpwatch.instead", "snooze {host} {other}"),
    "pause": ("Pause {host}", "smtpwatch.instead", "pause {host}"),
    "delete": ("Delete the watch on {host}", "smtpwatch.instead", "delete {host}"),
}
"""The label, the action and the value of each button."""


async def what_to_do(value: str, services: Services) -> Reply:
    """`value` as `understanding` makes it: a name of `ANSWERS` and hosts, or `offer`, a host and a command."""
    name, host, *rest = value.split()
    if name == "offer":
        return _offered(host, " ".join(rest))
    if name in ABOUT or name == "except":
        return await about(name, host, " ".join(rest), services)
    watches = [watch for watch in await visible(services) if watch.target == host]
    watched = bool(watches)
    if name == "quiet" and (kept := [words for watch in watches if (words := quiet(watch, services.now()))]):
        said = f"*{escape(host)}*: {'; '.join(dict.fromkeys(kept))}"
        return _asked(said, [_button("show", host, host, watched=True)], host)
    if name == "tags" and watched:
        return _tags(host, sorted({tag for watch in watches for tag in watch.tags}))
    answer = ANSWERS[name]
    is_of_nothing = answer.of_watch and not watched
    other = " ".join(rest) or host
    said = (NOT_WATCHED if is_of_nothing else answer.said).format(host=f"*{escape(host)}*", other=_named(other))
    offers = BESIDE if is_of_nothing else answer.offers
    row = [_button(one, host, other, watched=watched) for one in offers]
    return _asked(said, row, host)


def _named(other: str) -> str:
    """Another host, or somebody. mrkdwn."""
    return f"<!subteam^{other[1:]}>" if other.startswith("@S") else f"<{other}>" if other[:1] == "@" else escape(other)


def _offered(host: str, line: str) -> Reply:
    """To who asks how it is done: what is typed, and a button that does it."""
    text = line.partition(" ")[2]
    return _asked(f"That is `/{in_code(line)}`.", [button(label(text), "smtpwatch.instead", text)], host)


def _tags(host: str, tags: Sequence[str]) -> Reply:
    """Which of its tags are to go."""
    if not tags:
        return _asked(f"*{escape(host)}* has no tags.", [_button("show", host, host, watched=True)], host)
    row = [button(f"Take {tag} off {host}", "smtpwatch.instead", f"untag {host} {tag}") for tag in tags[:MOST]]
    return _asked(f"Which tag of *{escape(host)}* is to go?", row, host)


MOST = 5
"""Tags that have a button."""


def _asked(said: str, row: Sequence[Block], host: str) -> Reply:
    subject = Subject("smtpwatch", (host,))
    return Reply(said, [section(said), actions(*row)], good=False, subject=subject)


def _button(offer: str, host: str, other: str, *, watched: bool) -> Block:
    name = {True: "show", False: "add"}[watched] if offer == "watch" else offer
    title, action, value = OFFERS[name]
    return button(title.format(host=host, other=other), action, value.format(host=host, other=other))
