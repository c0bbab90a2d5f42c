"""What is written below an alert as an order and Portero does by another name: it is asked back, and is no note. Pure.

A row of `MEANT` for each kind of them, whole texts; a slip of a verb is asked back, too. A button notes it anyway.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.slack.conversation.sentence.hosts import marked
from bot.slack.conversation.sentence.phrasing import without_courtesies
from commands.blocks import actions, button, section
from commands.contract import Reply
from commands.slack_text import clean, quoted
from commands.spanish import folded
from commands.watch.state.model import Watch
from commands.watch.view.alert import TOGETHER
from commands.watch.view.wording import name_of
from commands.words import as_typed, nearest


@dataclass(frozen=True, slots=True)
class Meant:
    """`words` is a pattern of the whole text, `said` what is answered, `offers` the buttons below it."""

    words: str
    said: str
    offers: Sequence[str]


IT = (
    r"(?: (?:it|this|that|them|now|on|of|for|from|the (?:alerts?|incident|watch)|alerts?|alerting|notifying|esto|eso|"
    r"de|la (?:alerta|incidencia)|las alertas|el incidente))*"
)

CLOSES = (
    rf"(?:you can |we can |please )*(?:close|resolve|end|finish|clear|reset|resolved|closed|solved|resuelt[oa]|"
    rf"cerrad[oa]){IT}|"
    rf"(?:(?:ya )?(?:se )?(?:puedes|podeis|podemos|puede) )?(?:cierra|cerrar|resuelve|resolver)(?:l[oa])?{IT}"
)

MEANT = (
    Meant(
        rf"(?:ignore|stop|silence|hush|quiet|be quiet|shut up|shush|disable|turn off|turn it off|off|"
        r"(?:that'?s )?enough(?: (?:for )?(?:today|now))?|no more)"
        rf"{IT}|(?:ignora|ignorar|ignoralo|calla|callate|para|parar|basta|silencio|desactiva|apaga|desactivalo){IT}",
        "Nothing is noted. To have quiet about *{name}*, snooze or mute it; whoever looks after it acknowledges it.",
        ("snooze1", "mute", "ack"),
    ),
    Meant(
        rf"(?:un-?ack|un-?acknowledge|release|unassign){IT}|(?:quita|retira) (?:el )?(?:ack|acuse)",
        "Nothing is noted. An acknowledgement is not taken back: whoever takes over acknowledges *{name}*, and its "
        "thread says since when.",
        ("ack",),
    ),
    Meant(CLOSES, "Nothing is noted. The incident of *{name}* ends by itself when it works again.", ("run", "mute")),
    Meant(
        r"(?:(?:tell|ping|notify|warn) (?:me|us)|let (?:me|us) know) (?:when|if|once) .{1,80}|"
        r"(?:avisa|avisame|avisanos|dime) (?:cuando|si) .{1,80}",
        "Nothing is noted. This thread says when *{name}* works again: *Get notified about new replies* follows it.",
        (),
    ),
    Meant(
        r"remind (?:me|us)(?: .{1,60})?|recuerda(?:me|nos)(?: .{1,60})?",
        "Nothing is noted. To be told of *{name}* again later, snooze it: it alerts anew if it is still down then.",
        ("snooze1",),
    ),
    Meant(
        rf"(?:assign|escalate|page|notify|take|claim|mine|me|asigna|escala){IT}(?: (?:to )?(?:me|<?@?[\w-]+>?))?",
        "Nothing is noted. Whoever looks after *{name}* acknowledges it, and it says who that is.",
        ("ack",),
    ),
)

OFFERS: Mapping[str, tuple[str, bool]] = {
    "ack": ("Acknowledge", False),
    "mute": ("Mute", True),
    "run": ("Run now", True),
    "snooze1": ("Snooze 1 h", True),
}
"""By verb its label, and whether its button says that the others of the message are meant, too."""

VERBS = ("ack", "acknowledge", "mute", "unmute", "snooze", "unsnooze", "pause", "resume", "note", "run", "accept")
CLOSE = 80
_BEHIND_A_VERB = re.compile(r"(?:(?:it|this|that|lo|all)\b\s*)?(?:(?:for |por )?\d{1,4} ?[a-z]{1,8})?")
"""What stands there in an order: what else is written begins with a word of the author's."""


def has_answer(known: str) -> bool:
    """Whether a row of `MEANT` answers the whole text."""
    return any(re.fullmatch(one.words, known) for one in MEANT)


def asked_back(text: str, alert: Sequence[Watch]) -> Reply | None:
    """To whoever wrote it alone; None where it is a note. `alert`: the watches that it tells; one may be named."""
    said = " ".join(without_courtesies(as_typed(text)).split()).strip("?!., ")
    of_it, hosts = marked(said, "it")
    watch = next((one for one in alert if hosts == [one.target]), alert[0])
    known = folded(of_it if hosts == [watch.target] else said)
    meant = next((one for one in MEANT if re.fullmatch(one.words, known)), None)
    if meant is not None:
        row = [_offer(verb, watch) for verb in meant.offers]
        return asked(meant.said.format(name=name_of(watch)), [*row, noting(said, watch)])
    verb, _, rest = folded(said).partition(" ")
    near = nearest(verb, VERBS, CLOSE) if verb not in VERBS and _BEHIND_A_VERB.fullmatch(rest) else ""
    if not near:
        return None
    order = f"{near} {watch.id} {rest.removeprefix('it').strip()}".strip()
    did_you_mean = f"Nothing is noted. Did you mean `{quoted(f'{near} {rest}'.strip())}`?"
    return asked(did_you_mean, [instead(f"{near} {rest}".strip().capitalize(), order), noting(said, watch)])


def not_clear(text: str, watch: Watch) -> Reply:
    """To who orders something with a verb of ours that is no order: to whoever wrote it alone."""
    said = without_courtesies(as_typed(text)).strip(" \t\n?!.,")
    row = [_offer(one, watch) for one in ("snooze1", "mute", "ack")]
    asks = f"Nothing is noted. I can't tell what to do with the watch on *{name_of(watch)}*."
    return asked(asks, [*row, noting(said, watch)])


def instead(label: str, line: str) -> dict[str, object]:
    """The button of what is typed as `line` behind `/smtpwatch`."""
    return button(label, "smtpwatch.instead", line)


def asked(said: str, row: Sequence[dict[str, object]]) -> Reply:
    """To whoever wrote it alone, with these buttons."""
    return Reply(said, [section(said), actions(*row)], good=False, private=True)


def _offer(verb: str, watch: Watch) -> dict[str, object]:
    label, is_of_all = OFFERS[verb]
    return button(label, f"smtpwatch.{verb}", f"{watch.id}{TOGETHER}" if is_of_all else watch.id)


def noting(said: str, watch: Watch) -> dict[str, object]:
    """The button that notes it as it was written."""
    noted = _SOMEBODY.sub(r"<\g<0>>", said)
    label = "Note it" if _SOMEBODY.search(said) else f"Note “{clean(said, QUOTED)}”"
    return instead(label, f"note {watch.id} {noted}")


QUOTED = 40
"""Characters of a note in its button."""
_SOMEBODY = re.compile(r"@[UWS][A-Z0-9]{6,40}")
"""A mention, which a label cannot show."""
