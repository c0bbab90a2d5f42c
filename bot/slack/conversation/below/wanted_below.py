"""What somebody wants below an alert, in words of their own. Pure.

Another end of its quiet (`make that until half past six`), and whether what nobody understands reads like an order:
then it is asked back, and is no note for all to read.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.slack.conversation.orders.said_options import setting_of_it
from bot.slack.conversation.sentence.phrasing import without_courtesies
from bot.slack.conversation.sentence.understood import Understood
from commands.blocks import actions, button, section
from commands.contract import Reply, UserError
from commands.spanish import folded
from commands.spoken_times import is_length, read_span
from commands.watch.state.model import Silence, Watch
from commands.watch.typed.ends import OVER, take_until
from commands.watch.view.wording import name_of, when
from commands.words import as_typed

_SECOND_THOUGHTS = re.compile(
    r"(?:(?:(?:oh|ok|okay|wait|sorry|no(?: wait| espera)?|espera|perdon|vale|actually no)\s*[,.;:!-]+|"
    r"oh|hmm+|wait|actually|"
    r"on second thoughts?|"
    r"scratch that|better|rather|mejor|en realidad|pensandolo bien)[\s,.:;-]+)+"
)
"""Said before an order that takes another one back."""


def without_second_thoughts(text: str) -> str:
    """`actually snooze it` as `snooze it`; where nothing else is said, what was typed."""
    known = folded(text)
    begins, ends = _SECOND_THOUGHTS.match(known), _INSTEAD.search(known)
    return text[begins.end() if begins else 0 : ends.start() if ends else len(text)].strip() or text


_INSTEAD = re.compile(r"(?:,? (?:instead|rather|mejor))+[\s.!]*$")


def wanted_below(text: str, alert: Sequence[Watch], now: datetime, typed: str = "") -> Understood | Reply | None:
    """An order, or what is answered; None: neither is meant. `alert`: the watches that it tells.

    `typed` is the text with all that was said before what is meant.
    """
    said = " ".join(without_courtesies(as_typed(text)).split()).strip("?!., ")
    known = folded(said)
    if taken_back := _TAKEN_BACK.fullmatch(known):
        verb = next(verb for begin, verb in _ENDED.items() if (taken_back[1] or taken_back[2]).startswith(begin))
        return Understood("smtpwatch", f"{verb} {_ids(alert)}", ordered=True)
    change = _CHANGE.fullmatch(known)
    end = said[slice(*change.span("end" if change["end"] else "bare"))] if change else _added(known)
    running = alert[0].silence(now)
    if not end and running and running.who and (bare := _instead(known, typed)) and is_length(bare):
        end = bare
    if not end and running and running.who and (bare := _read(said.split(), now)[1]):
        return _asked(
            f"Nothing is done: *{name_of(alert[0])}* is quiet {_until(running)}.", (_verb(running, alert),), bare, alert
        )
    return _changed_end(end.split(), known, alert, now) if end else None


def _instead(known: str, typed: str) -> str:
    """What is said in the place of an end: `only half an hour`, `30 min mejor`; empty where nothing says that."""
    bare = _SOLELY.sub("", known, count=1)
    return bare if bare != known or _PREFERS.search(folded(typed)) else ""


_SOLELY = re.compile(r"^(?:only|just|solo|solamente|nada mas) ")
_PREFERS = re.compile(r"(?<!\w)(?:instead|rather|better|actually|mejor)(?!\w)")


def _added(known: str) -> str:
    """The length of `una hora más`, `one more hour`, `dale otra media hora`."""
    given = _GIVEN.sub("", known)
    length = _ANOTHER.sub("one ", _MORE_OF.sub("", given)).strip()
    return length if length != given and is_length(length) else ""


_GIVEN = re.compile(
    r"^(?:(?:give|add|dale|pon(?:le)?|anade(?:le)?|deja(?:lo|la)?)(?: (?:it|us|me|this))? )?(?:for |durante |por )?"
)
_MORE_OF = re.compile(
    r"(?<!\w)(?:more|longer|mas)(?!\w) ?|(?:another|otr[oa]) (?=half|media|\d|two|three|dos|tres)|^\+ ?"
)
_ANOTHER = re.compile(r"(?<!\w)(?:another|otr[oa]) ")


_IT = r"(?:it|that|this|them|(?:the |el |la )?(?:mute|snooze|silence|silencio|pausa|alert|alerta))"
_OF_LENGTHS = "extend|prolong|lengthen|shorten|alarga|amplia|extiende|prolonga|acorta"
_OF_ANYTHING = "make|change|set|keep|leave|push|cut|reduce|deja|pon|cambia"
"""Told of a quiet, and with an `it` alone."""
_QUIET = r"(?:quiet|muted|snoozed|silent|silenced|en silencio|silenciad[oa]|callad[oa])"
_MORE = r"(?: (?:more|longer|mas|then|now))?"
_CHANGE = re.compile(
    rf"(?:(?:(?:{_OF_LENGTHS})(?:l[oa])?(?: {_IT})?|(?:{_OF_ANYTHING})(?:l[oa]|(?: {_IT})? {_QUIET}| {_IT}))"
    rf"(?: {_QUIET})?(?: (?:to|a(?! las?\b)))? (?P<end>.+?)|"
    rf"(?P<bare>(?:until|till|til|hasta|another|otr[oa]) .+?)){_MORE}"
)
_LONGER = re.compile(
    r"(?:extend|prolong|lengthen|push|alarga|amplia|extiende|prolonga|\+).*|"
    r"(?:.* )?(?:by|another|otr[oa]|more|longer|mas)(?: .*)?"
)
_TAKEN_BACK = re.compile(
    r"(?:(?:do not|don'?t) (mute|snooze|silence|pause)|no (?:l[oa] |las? )?(silencies|pospongas|pauses))"
    r"(?: it| this| that)?"
)
_ENDED = {"mute": "unmute", "silenc": "unmute", "snooze": "unsnooze", "pospon": "unsnooze", "paus": "resume"}
"""By what shall not be, the verb that ends it, and nothing else that keeps it quiet."""


def _changed_end(words: Sequence[str], known: str, alert: Sequence[Watch], now: datetime) -> Understood | Reply | None:
    """What is quiet now, until then. Where nobody is sure which end that is, it is a button."""
    length, end = _read(words, now)
    if not end:
        return None
    running, name = alert[0].silence(now), name_of(alert[0])
    if running is None or not running.who:
        return _asked(f"Nothing is done: *{name}* is not quiet now.", ("mute", "snooze"), end, alert)
    verb = _verb(running, alert)
    if length is None:
        return _order(verb, end, running, alert)
    if _LONGER.fullmatch(known) and running.until is not None:
        later = (running.until + length).astimezone(UTC)
        return _order(verb, f"until {later:%Y-%m-%d %H:%M} UTC", running, alert)
    if now - running.at <= JUST_NOW:
        return _order(verb, end, running, alert)
    said = (
        f"Nothing is done: *{name}* is quiet {_until(running)}. From now on that would be until {when(now + length)}."
    )
    return _asked(said, (verb,), end, alert)


JUST_NOW = timedelta(minutes=10)
"""How long after the order another length of it is the same from now as from then."""


def _verb(running: Silence, alert: Sequence[Watch]) -> str:
    return "mute" if running is alert[0].muted else "snooze"


def read_end(words: Sequence[str], now: datetime) -> str:
    """What is said of an end and nothing else, as it is typed behind `mute`; empty where it is more, or none.

    `tomorrow` alone is none: something may begin then.
    """
    end = _read(words, now)[1]
    return "" if end.split() == ["until", *words] else end


def _read(words: Sequence[str], now: datetime) -> tuple[timedelta | None, str]:
    """The length that is said, and the end as it is typed; no end where not all of it is read."""
    behind = [word for word in words if folded(word) not in {"for", "by", "durante"}]
    is_more = bool(behind) and folded(behind[0]) in {"another", "otra", "otro"}
    for length in [["one", *behind[1:]], behind[1:]] if is_more else [behind]:
        span = read_span(length)
        if span and span[1] == len(length):
            return timedelta(seconds=span[0].seconds), span[0].text
    try:
        until, used = take_until(words, now, "UTC")
    except UserError as error:
        return None, " ".join(words) if error.try_instead else ""  # which half of the day is asked back by the command
    if until is None or used < len(words):
        return None, ""
    is_said = folded(words[0]) in {"until", "till", "til", "hasta"} or folded(words[-1]) in OVER
    return None, " ".join(words if is_said else ["until", *words])


def _order(verb: str, end: str, running: Silence, alert: Sequence[Watch]) -> Understood:
    why = f" because {running.why}" if running.why and verb == "mute" else ""
    return Understood("smtpwatch", f"{verb} {_ids(alert)} {end}{why}", ordered=True)


def _asked(said: str, verbs: Sequence[str], end: str, alert: Sequence[Watch]) -> Reply:
    row = [button(f"{verb.capitalize()} {end}", "smtpwatch.instead", f"{verb} {_ids(alert)} {end}") for verb in verbs]
    return Reply(said, [section(said), actions(*row)], good=False, private=True)


def _until(running: Silence) -> str:
    return f"until {when(running.until)}" if running.until else "until somebody ends it"


def _ids(alert: Sequence[Watch]) -> str:
    return " ".join(watch.id for watch in alert)


_ORDERS = re.compile(
    r"(?:and |y |then |luego )?(?:make|change|extend|prolong|keep|leave|push|shorten|give|send|show|write|draft|"
    r"prepare|compose|post|tweet|publish|tell|inform|call(?! (?:with|at|from|to|back))|phone|ask|reassign|assign|"
    r"escalate|hand|pass|transfer|cc|ping|notify|page|remind|restart|reboot|reload|check|look|run|stop|start|mute|unmute|"
    r"snooze|silence|pause|resume|ack|acknowledge|close|open|reopen|resolve|cancel|remove|delete|add|turn|switch|move|rename|"
    r"raise|lower|increase|escribe|redacta|prepara|haz|dame|danos|pasa|pasame|manda|mandame|envia|avisa|avisale|llama|"
    r"llamale|di|dile|diles|pregunta|reinicia|comprueba|revisa|mira|para|arranca|silencia|quita|quitale|pon|ponl[oa]|"
    r"ponle|cambia|cambiale|alarga|amplia|extiende|deja|dejal[oa]|reasigna|asigna|asignal[oa]|escala|cierra|abre|cancela|"
    r"borra|anade|recuerdame|do not|don'?t)(?:l[oae]s?)? (?!.*\b(?:said|says|told|dijo|dicen|dijeron|done|hecho)\b).+|"
    r"no (?:l[oa]s? )?(?:silencies|avises|cierres|borres|pares|pongas|llames).*"
)
"""Told to do something: an imperative, and what it is about. What is told of others, or is done, is a note."""


_WHOM = r"(?P<whom>@[USW][A-Z0-9]{1,40})"
_HANDED = re.compile(
    r"(?:(?:escalate|assign|reassign|hand|pass|give|transfer|delegate|page|notify|ping|call|escala|asigna|reasigna|pasa|"
    r"avisa|llama)(?:se)?(?:l[oae])?(?: (?:it|this|that|the incident|esto|la incidencia))?(?: (?:over|on|off))?"
    rf"(?: (?:to|a))?\s+{_WHOM}(?: (?:if|unless|when|si) (?:nobody|no ?one|anybody|somebody|someone|nadie|alguien) "
    r"\w+(?: (?:it|this|lo|la))?(?: (?:in|within|after|for|en|tras) (?P<after>\d{1,3} ?[a-z]{1,7}))?)?)[\s.!]*",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"(?:share|post|forward|send|move|comparte|manda|envia|publica)(?:l[oa])? ?"
    r"(?:(?:it|this|that|the alert|esto|la alerta) )?"
    r"(?:also |tambien )?(?:with|to|in|on|en|a|con) (?P<where>#[CG][A-Z0-9]{1,40})[\s.!]*",
    re.IGNORECASE,
)
_NOT_THEM = re.compile(
    r"(?:stop|do not|don'?t|no|deja de|quit) (?:(?:mention|ping|page|mencion)\w*(?: a)? (?:me|us|@\w{2,40})|"
    r"(?:notify|alert|avis|tell|warn)\w*(?: a)? @\w{2,40})"
    r"(?: (?:again|any ?more|for this|about this|for it|about it|for this host|here|mas|otra vez|por esto|"
    r"de esto))*[\s.!]*",
    re.IGNORECASE,
)


def handed_on(text: str, alert: Sequence[Watch]) -> Reply | None:
    """`escalate to @ana if nobody acks in 30m`: a watch says whom its alerts mention, and whom when nobody acts."""
    said = " ".join(without_courtesies(as_typed(text)).split())
    watch, name = alert[0], name_of(alert[0])
    if handed := _HANDED.fullmatch(folded(said)):
        whom = said[slice(*handed.span("whom"))]
        after = "".join((handed["after"] or "30m").split())
        told = f"Nothing is noted. Nobody is mentioned by hand: the watch on *{name}* says whom its alerts mention."
        row = [
            button("Mention them from now on", "smtpwatch.instead", f"edit {watch.id} notify {whom}"),
            button(f"After {after} without an ack", "smtpwatch.instead", f"edit {watch.id} then {whom} after {after}"),
        ]
        return Reply(told, [section(told), actions(*row)], good=False, private=True)
    if shared := _SHARED.fullmatch(said):
        told = f"Nothing is shared: the alerts of *{name}* stand in one channel, and its watch says in which."
        row = [button("Post them there", "smtpwatch.instead", f"edit {watch.id} in {shared['where'].upper()}")]
        return Reply(told, [section(told), actions(*row)], good=False, private=True)
    if _NOT_THEM.fullmatch(said):
        told = (
            f"Nothing is noted. Shall the alerts of *{name}* mention nobody from now on? They are posted all the same."
        )
        row = [button("Mention nobody", "smtpwatch.instead", f"edit {watch.id} notify nobody")]
        return Reply(told, [section(told), actions(*row)], good=False, private=True)
    return None


def set_below(text: str, alert: Sequence[Watch]) -> Understood | None:
    """`put the runbook at https://...`: how the watch of one alert is to be; `export this incident`: its story."""
    if len(alert) == 1 and _EXPORTED.fullmatch(folded(without_courtesies(as_typed(text)))):
        return Understood("smtpwatch", f"incidents {alert[0].id} as markdown", ordered=True)
    setting = setting_of_it(text, alert[0].id) if len(alert) == 1 else None
    return (
        Understood("smtpwatch", f"edit {setting.host} {setting.line}", ordered=True)
        if setting and not setting.also
        else None
    )


_EXPORTED = re.compile(
    r"(?:export|download|save|send me|give me|exporta|descarga|manda(?:me)?|dame) ?(?:(?:this|the|esta|la|el|este) )?"
    r"(?:incident|outage|story|incidencia|incidente)(?: (?:as|in|como|en) .{1,20})?[\s.!]*|"
    r"(?:this |the )?incident as .{1,20}"
)


def reads_as_order(text: str) -> bool:
    """With what may be a courtesy before it, or without."""
    said = (as_typed(text), without_courtesies(as_typed(text)))
    return any(_ORDERS.fullmatch(folded(one).strip(" ?!.,")) for one in said)
