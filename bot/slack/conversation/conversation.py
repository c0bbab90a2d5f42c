"""Serves what people write: a mention, a direct message. What is understood runs as the command would."""

import re
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.services import Services
from bot.slack.conversation import words
from bot.slack.conversation.aloud import for_their_eyes, minding_secrets, privately, telling_how_to_go_on
from bot.slack.conversation.below.acknowledging import acknowledged
from bot.slack.conversation.below.asked_of_alert import asked_of_alert, composed, of_ended, over
from bot.slack.conversation.below.below_alert import asked_back, not_clear
from bot.slack.conversation.below.deeds_below import each_of_them, requested_below, told_below
from bot.slack.conversation.below.follow_ups import LONGEST
from bot.slack.conversation.below.wanted_below import (
    handed_on,
    reads_as_order,
    set_below,
    wanted_below,
    without_second_thoughts,
)
from bot.slack.conversation.below.which_of_them import which_of_them
from bot.slack.conversation.edits import Unanswered
from bot.slack.conversation.everyday.everyday import area_of, asks, in_known_words
from bot.slack.conversation.everyday.everyday_sentences import OF_ALERTS
from bot.slack.conversation.examples import likely
from bot.slack.conversation.heard import Heard, heard
from bot.slack.conversation.log_file import reading_logs
from bot.slack.conversation.one_by_one import one_by_one, only_tells, together
from bot.slack.conversation.orders.implied_orders import order_about
from bot.slack.conversation.orders.order_readers import of_order
from bot.slack.conversation.orders.what_to_do import what_to_do
from bot.slack.conversation.plain_answers import answer
from bot.slack.conversation.questions.parts import questions_in
from bot.slack.conversation.reading import Where, as_known, read_there
from bot.slack.conversation.sentence import patterns
from bot.slack.conversation.sentence.host_names import by_host
from bot.slack.conversation.sentence.phrases import CONVERSATION
from bot.slack.conversation.sentence.phrasing import has, is_question
from bot.slack.conversation.sentence.understood import (
    CHOICE,
    NOT_SENDING,
    OFFER,
    PLAIN,
    WHAT_TO_DO,
    WHICH_HOST,
    WHICH_OUTLOOK,
    Understood,
)
from bot.slack.conversation.sentence.which_host import in_full
from bot.slack.conversation.threads import Threads, beside
from bot.slack.conversation.understanding.subjects import of_alert
from bot.slack.conversation.understanding.subjects import of_order as subject_of_order
from bot.slack.requests.job import Job
from bot.slack.requests.payload import Payload
from commands.contract import Command, Handler, Reply, Request, Step, Subject
from commands.spanish import folded
from commands.watch.state.model import Watch
from commands.watch.verbs.quieting import noted_below
from commands.words import as_typed


class Greets(Protocol):
    """Who says the first words to somebody."""

    async def before_answer(self, user: str) -> None:
        """Somebody writes: a greeting that is under way comes before the answer, and none after it."""


class Serves(Protocol):
    """What the conversation needs of the dispatcher."""

    threads: Threads

    @property
    def greeter(self) -> Greets: ...

    def stamp(self) -> dict[str, Any]: ...

    def start(self, work: Coroutine[Any, Any, None]) -> None: ...

    async def serve(self, job: Job) -> None: ...

    async def alert_in(self, channel: str, thread: str) -> Sequence[Watch]:
        """The watches whose open incidents are told in the message with which a thread begins."""

    async def ended_in(self, channel: str, thread: str) -> tuple[Watch, str] | None:
        """The watch whose incident was told there and is over, and the incident's id."""


async def talk(request: Request, services: Services) -> AsyncIterator[Step]:
    """Courtesies, and what nobody understands."""
    if request.text == WHICH_HOST:
        provider, _, ports = request.value.partition(" ")
        yield words.which_host(provider, ports)
        return
    if request.text == PLAIN:
        yield answer(request.value, services)
        return
    if request.text == OFFER:
        yield words.offered(request.value)
        return
    if request.text == CHOICE:
        name, *lines = request.value.split("\n")
        yield words.choice(name, lines)
        return
    if request.text == WHAT_TO_DO:
        yield await what_to_do(request.value, services)
        return
    yield TALKS[request.text]() if request.text in TALKS else words.not_understood(request.value)


BELOW = "below an alert"
"""A question there that nobody understands: it is no note for the channel."""

TALKS: Mapping[str, Callable[[], Reply]] = {
    "hello": words.hello,
    "thanks": words.welcome,
    BELOW: words.below_alert,
    NOT_SENDING: words.not_sending,
    WHICH_OUTLOOK: words.which_outlook,
}


NOT_UNDERSTOOD = frozenset({(CONVERSATION, ""), (CONVERSATION, BELOW), (CONVERSATION, WHAT_TO_DO)})

TALK: Command[Services] = Command(CONVERSATION, "What people write.", "", (), talk)


class Conversation:
    """Each message that is for us is served once, whichever of Slack's events bring it."""

    def __init__(self, serves: Serves, commands: Sequence[Command[Services]]) -> None:
        self._serves = serves
        self._unanswered = Unanswered(serves.threads)
        self._commands: Mapping[str, Command[Services]] = {command.name: command for command in commands}

    def hear(self, body: Payload, bot: str) -> None:
        """`bot` is Portero's user id. The event is acknowledged as soon as this comes back."""
        said = heard(body, bot)
        if said is not None:
            self._serves.start(self._answer(said))

    async def _answer(self, said: Heard) -> None:
        if said.direct:
            await self._serves.greeter.before_answer(said.actor.user)
        alert = await self._serves.alert_in(said.channel, said.thread_ts) if said.thread_ts else ()
        ended = await self._serves.ended_in(said.channel, said.thread_ts) if said.thread_ts and not alert else None
        job = await self._asked_together(said, alert, ended) or await self._read(said, alert, ended)
        await self._serves.serve(job)

    async def _read(self, said: Heard, alert: Sequence[Watch], ended: tuple[Watch, str] | None) -> Job:
        return self._asked_of_incident(said, alert, ended) or await self._meant(said, alert, ended)

    async def _asked_together(self, said: Heard, alert: Sequence[Watch], ended: tuple[Watch, str] | None) -> Job | None:
        """Several questions, each answered, in one message; None unless each of them is one and was understood."""
        parts = [] if said.files else questions_in(composed(said.text, asks=_asks(said)) if alert else said.text)
        if len(parts) <= 1 or likely.example_of(said.text):
            return None
        if ended is not None:
            stories = [of_ended(part, *ended, asks=True) for part in parts]
            known = [one for one in stories if isinstance(one, Understood)]
            return self._job(said, known[0]) if len(known) == len(stories) else None
        jobs = [await self._read(replace(said, text=part, edited=""), alert, ended) for part in parts]
        each = {(job.request.command, job.request.text, job.request.value or at): job for at, job in enumerate(jobs)}
        if any((job.request.command, job.request.text) in NOT_UNDERSTOOD or not only_tells(job) for job in jobs):
            return None
        request = said.request(CONVERSATION, said.text, **self._serves.stamp())
        origin = await self._unanswered.origin(said)
        handler = together(list(each.values()))
        return replace(jobs[0], command=TALK, handler=handler, request=request, origin=origin)

    def _asked_of_incident(self, said: Heard, alert: Sequence[Watch], ended: tuple[Watch, str] | None) -> Job | None:
        """What the incident that is told there answers itself, or the story of one that is over."""
        order, at = without_second_thoughts(said.text), self._serves.stamp()["at"]
        told = _ordered_below(said, order, alert, at) or _told_by_incident(said, said.text, alert, ended, at)
        if told is None and (known := in_known_words(said.text).partition("|")[0]) in OF_ALERTS:
            told = _told_by_incident(said, known, alert, ended, at)
        if told is None and alert:
            told = wanted_below(order, alert, at, said.text)
        if isinstance(told, Reply):
            return self._saying(said, told, understood=True)
        orders = [told] if isinstance(told, Understood) else told or []
        return self._job(said, *orders) if orders else None

    async def _meant(self, said: Heard, alert: Sequence[Watch], ended: tuple[Watch, str] | None) -> Job:
        """What is understood of what was spoken of, or for itself; below an alert a note of what is neither."""
        watches = alert or ([ended[0]] if ended else [])
        about = await self._below_alert(said, watches) if watches else await self._subject(said)
        order = without_second_thoughts(said.text) if alert else said.text
        text = _named_in_full(_mentioning(replace(said, text=order)), about, alert)
        is_asked = _asks(said)
        where = Where(self._serves.stamp()["at"], said.direct, aside=not said.thread_ts, files=bool(said.files))
        found, about = read_there(text, about, where, everyday=is_asked or not alert)
        meant = asked_back(order, alert) if alert and not is_asked else None
        implied = self._implied(text, about, found, alert) if meant is None and not said.files else None
        found = _certain(implied or found, text)
        if alert and said.text and not is_asked and not (found and found.ordered):
            unclear = (implied and found) or (not _VERB.match(said.text) and reads_as_order(order))
            meant = meant or (not_clear(said.text, alert[0]) if unclear else None)
            return self._note(said) if meant is None else self._saying(said, meant)
        if alert and _LINK.fullmatch(said.text):
            return self._note(said)
        if ended is not None and found is None:
            return self._saying(said, over(*ended))
        nothing = Understood(CONVERSATION, BELOW if alert and is_asked else "", value=area_of(said.text))
        job = self._job(said, _placed(found or nothing, direct=said.direct))
        origin = await self._unanswered.origin(said)
        subject = job.subject or (about if found and found.action else None)
        return replace(job, origin=origin, subject=subject, before=about)

    def _implied(
        self, text: str, about: Subject | None, found: Understood | None, alert: Sequence[Watch]
    ) -> Understood | None:
        """An order about what was spoken of, where nothing else was understood; below an alert nothing but a note."""
        if about is None or (found is not None and (found.ordered or not alert)):
            return None
        order = order_about(text, about, below_alert=bool(alert))
        return of_order(order) if order else None

    async def _below_alert(self, said: Heard, alert: Sequence[Watch]) -> Subject:
        """The alert's; what goes on (`and 465?`) is of the last answer there, where that named other hosts."""
        alerted, last = of_alert(alert), await self._serves.threads.about(said.channel, said.thread_ts)
        if last is None or not last.targets or last.targets == alerted.targets:
            return alerted
        if _GOES_ON.match(folded(said.text)) is None:
            earlier = tuple(one for one in last.targets if one not in alerted.targets)
            return replace(alerted, earlier=earlier, there=last.there)
        return replace(last, watch=alerted.watch)

    async def _subject(self, said: Heard) -> Subject | None:
        threads = self._serves.threads
        found = await threads.about(said.channel, said.thread_ts) if said.thread_ts else None
        is_aside = said.direct or not said.thread_ts
        return found or (await threads.about(said.channel, beside(said.actor.user)) if is_aside else None)

    def _job(self, said: Heard, meant: Understood, *more: Understood) -> Job:
        command = self._commands.get(meant.command, TALK)
        handler = command.actions[meant.action].handle if meant.action else command.handle
        handler = one_by_one(handler, [one.text for one in (meant, *more)]) if more else handler
        handler = by_host(handler) if command.name == "smtpwatch" else handler
        handler = reading_logs(handler, self._commands["smtpport"].handle) if said.files else handler
        if not said.direct:
            told = privately(handler) if _is_personal(meant) else telling_how_to_go_on(handler)
            handler = minding_secrets(told, said.text)
        about = subject_of_order(meant)
        if not said.direct and command.name == "smtphistory" and about:
            handler = for_their_eyes(handler, about.targets[0])
        request = replace(said.request(command.name, meant.text, **self._serves.stamp()), value=meant.value)
        understood = (meant.command, meant.text) not in NOT_UNDERSTOOD
        noting = self._unanswered.noting(said, handler, understood=understood)
        return Job(command, noting, request, said.origin, attached=said.files, subject=about)

    def _saying(self, said: Heard, reply: Reply, *, understood: bool = False) -> Job:
        async def saying(_request: Request, _services: Services) -> AsyncIterator[Step]:
            yield reply

        request = said.request(CONVERSATION, said.text, **self._serves.stamp())
        return Job(TALK, self._unanswered.noting(said, saying, understood=understood), request, said.origin)

    def _note(self, said: Heard) -> Job:
        """Below an alert: what is no order is a note on its incident."""
        command = self._commands["smtpwatch"]
        noting = _noting(said.thread_ts)
        request = said.request(command.name, _VERB.sub("", as_typed(said.text)), **self._serves.stamp())
        return Job(command, noting if said.direct else minding_secrets(noting, said.text), request, said.origin)


def _ordered_below(
    said: Heard, order: str, alert: Sequence[Watch], at: datetime
) -> Sequence[Understood] | Understood | Reply | None:
    """What somebody is to do below an alert: that comes before what it may be like, unless it is asked."""
    each = None if _asks(said) or said.files else each_of_them(order, alert, at)
    told = each or which_of_them(order, alert, at)
    if told is not None or not alert or said.files:
        return told
    if handed := handed_on(order, alert):
        return handed
    if _asks(said):
        return requested_below(order, alert, at)
    return (
        set_below(order, alert)
        or wanted_below(order, alert, at, said.text)
        or told_below(order, alert, at, said.text)
        or acknowledged(order, alert)
    )


def _told_by_incident(
    said: Heard, text: str, alert: Sequence[Watch], ended: tuple[Watch, str] | None, at: datetime
) -> Reply | Understood | None:
    """What it answers, or what is typed for that; None where nothing of it is asked."""
    if said.files:
        return None
    if not alert:
        return of_ended(text, *ended, asks=_asks(said)) if ended else None
    found = asked_of_alert(text, alert, at, asks=_asks(said))
    return as_known(found, of_alert(alert), aside=False) if isinstance(found, str) else found


def _asks(said: Heard) -> bool:
    return is_question(said.text) or asks(said.text)


def _named_in_full(text: str, about: Subject | None, alert: Sequence[Watch]) -> str:
    """Hosts of the thread that are named by their first label; a long text is none that asks on."""
    if about is None or len(text) > LONGEST:
        return text
    targets = tuple(dict.fromkeys((*about.targets, *(watch.target for watch in alert))))
    return in_full(text, targets, guess=about.command == "smtpcheck")


def _mentioning(said: Heard) -> str:
    """Who wants a watch and to be told is whom its alerts mention; alone with Portero they read them anyway."""
    behind = "" if said.direct else f" notify <@{said.actor.user}>"
    return _TELL_ME.sub(rf"\g<watch>{behind}", said.text)


_TELL_ME = re.compile(
    r"(?P<watch>^.{0,40}\b(?:watch|monitor|keep an eye on|vigila)\b.{3,160}?),?\s+(?:and|y)\s+(?:(?:please )?"
    r"(?:ping|tell|alert|notify|warn|page|mention)\s+me|let\s+me\s+know|av[ií]same)(?:\s+please)?[.!]?\s*$",
    re.IGNORECASE,
)
_LINK = re.compile(r"\s*<https?://[^<>|/]+/[^<>]+>\s*")
"""A page by itself, which somebody adds to what is known of an incident."""

_GOES_ON = re.compile(r"[\s¿]*(?:and|y|also|tambien|what about|how about|que tal|same|lo mismo)(?!\w)")
QUIETING = ("mute", "snooze", "pause")


def _certain(found: Understood | None, text: str) -> Understood | None:
    """What would make watches quiet is an order, and no talk of one; what comes again is asked back by the command."""
    words = found.text.split() if found and found.command == "smtpwatch" else []
    if found is None or words[:1] == [] or words[0] not in QUIETING:
        return found
    if has(patterns.HESITATES, text):
        return None
    again = _COMES_AGAIN.search(folded(text))
    if again and again[0] not in folded(found.text):
        return replace(found, text=f"{' '.join(words[:2])} {text[again.start() :]}")
    return found


_COMES_AGAIN = re.compile(rf"(?<!\w)(?:{patterns.COMES_AGAIN})(?!\w)")
_VERB = re.compile(
    r"\A\s*(?:(?:please |por favor )?(?:(?:add|leave|make|take|pon|anade|añade|deja) (?:a |an |una )?(?:note|nota)|"
    r"note|a?nota|apunta)(?: that| que)?)(?:\s*:\s*|\s+|$)",
    re.IGNORECASE,
)
"""What says that a note follows is none of its words."""


def _noting(thread: str) -> Handler[Services]:
    async def note(request: Request, services: Services) -> AsyncIterator[Step]:
        """The note itself stands in the thread for all to read."""
        told = await noted_below(thread, request, services)
        yield replace(told, private=True) if told is not None else words.not_understood()

    return note


def _placed(meant: Understood, *, direct: bool) -> Understood:
    """Where nobody else is, all that is watched is meant; before others, what is theirs."""
    text = HERE.get((meant.command, meant.text, direct))
    return meant if text is None else replace(meant, text=text)


HERE: Mapping[tuple[str, str, bool], str] = {
    ("smtpwatch", "list", True): "list all",
    ("smtpwatch", "list down", True): "list all down",
    ("smtpwatch", "list quiet", True): "list all quiet",
    ("smtphistory", "", False): "here",
}
"""By command, text and whether it is a direct message, what is meant."""


def _is_personal(meant: Understood) -> bool:
    return (meant.command, meant.text) in PERSONAL


PERSONAL = frozenset({("portero", "settings")})
"""What is about whoever asks, and for their eyes."""
