"""An answer's way to whoever asked: in messages or a dialogue, how often it says that it is under way, by which method.

A `response_url` makes a new message of every progress, so there progress is sparse. When a method does not work the
next one is tried; when the contents are refused, smaller contents by the same method. What was asked for in a thread is
answered there; a `response_url` cannot show a private answer in a thread.
"""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from bot.observability.served import undelivered
from bot.slack.replies.dialogues import ModalOpener, showing
from bot.slack.replies.error_messages import list_errors
from bot.slack.replies.messages import Body, Outcome, PostMethod, PostMethods, defuse, fallbacks
from bot.slack.replies.streaming import PACE, ThreadProgress
from bot.slack.requests.job import FormVerdict
from commands.blocks import Block, section
from commands.contract import Attachment, FormErrors, Modal, Progress, Reply, Shown

log = logging.getLogger(__name__)

MOST_POSTS = 2
"""A response_url allows five posts: two of progress leave three tries for the answer."""

IN_PLACE = (0.3, 3.0)
APPENDED = (1.5,)
"""Seconds before each progress post: two edits of one message, or a single message of its own on a slow check."""


class Pacer:
    """Posts the latest news, at least `pace[0]`, `pace[1]`, ... seconds apart, and never behind the answer."""

    def __init__(self, post: Callable[[str], Awaitable[bool]], pace: Sequence[float]) -> None:
        self.posted = 0
        self._post = post
        self._pace = pace
        self._latest = ""
        self._news = asyncio.Event()
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def offer(self, text: str) -> None:
        """A text that may be posted; a later one takes its place until then."""
        if text != self._latest:
            self._latest = text
            self._news.set()
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    async def stop(self) -> None:
        """Wait for the post that is under way; `wait`, so that a cancelled asker does not cancel it."""
        self._over.set()
        self._news.set()
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        for seconds in self._pace:
            await self._rest(seconds)
            await self._news.wait()
            if self._over.is_set():
                return
            self._news.clear()
            self.posted += await self._post(self._latest)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._over.wait()
        except TimeoutError:
            return


NOT_POSTED = (
    "*Only you see this*: Portero could not post it in the channel. Type `/invite @portero` there, then ask again."
)
NOT_TAKEN_THERE = (
    "*Only you see this*: Slack did not take it in the channel. That is Slack's side; try again in a minute."
)
NOT_TAKEN = (
    ":warning: Slack did not take the answer. That is Slack's side: what was found and logged is safe in the history, "
    "`/smtphistory mine`."
)
NO_SCOPE = ": its Slack app was installed without the scopes `files:write` and `im:write`"


WORD_AFTER = (0.0, 5.0, 30.0)
"""Seconds before each try to say that an answer was not taken."""


REMEMBERED = 300
"""Private answers; some 5 MB."""

SHARES = (".share", ".share_beside", ".take_back")


class PrivateCopies:
    """Private answers that can be shared, as they were given, so that one can be shown anew with a line more.

    Slack sends a pressed button of a private message without the message: each is known by the block id of its buttons.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, Reply]] = OrderedDict()

    def keep(self, reply: Reply, user: str) -> Reply:
        """The same answer, with an id at its buttons if it can be shared; it is remembered then."""
        if reply.public or not any(map(_is_shareable, reply.blocks)):
            return reply
        token = f"private-{secrets.token_hex(8)}"
        named = [{**block, "block_id": token} if _is_shareable(block) else block for block in reply.blocks]
        kept = replace(reply, blocks=named)
        self._kept[token] = (user, kept)
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        return kept

    def find(self, token: str, user: str) -> Reply | None:
        """The answer to which this block belongs, for whom it was given."""
        owner, kept = self._kept.get(token, ("", None))
        return kept if owner == user else None


def _is_shareable(block: Block) -> bool:
    """Whether it is a row of buttons with one that shares something."""
    elements = block["elements"] if block["type"] == "actions" else []
    return any(str(element.get("action_id", "")).endswith(SHARES) for element in elements)


class AnswerDelivery:
    """Where the answer to one request goes. `pace` overrides the seconds between progress posts.

    `told` hears of each answer that everybody reads, and of the `ts` of its message; `thread` shows there what is done.
    """

    def __init__(
        self,
        methods: PostMethods,
        copies: PrivateCopies,
        *,
        pace: Sequence[float] | None = None,
        word_after: Sequence[float] = WORD_AFTER,
        told: Callable[[Reply, str], Awaitable[None]] | None = None,
        thread: ThreadProgress | None = None,
    ) -> None:
        self._methods = methods
        self._copies = copies
        self._thread = thread
        self._told = told
        self._pace = pace
        self._word_after = word_after
        self._pacer: Pacer | None = None
        self._edited = False

    def progress(self, step: Progress) -> None:
        """Offer a progress text; whether and when it is posted is the pace's business."""
        if self._pacer is None and self._thread is not None:
            self._pacer = Pacer(self._thread.post, PACE if self._pace is None else self._pace)
        elif self._pacer is None:
            edits = step.replace and self._methods.in_place
            public = step.public or self._methods.direct
            usual = IN_PLACE if public or edits else APPENDED
            private = partial(self._methods.by_response_url, replace=edits)
            method = self._methods.in_channel if public else private
            pace = (usual if self._pace is None else self._pace)[:MOST_POSTS]
            self._pacer = Pacer(partial(_post_text, method), pace)
            self._edited = edits and not public
        self._pacer.offer(step.text)

    async def reply(self, reply: Reply) -> None:
        """Deliver the answer by the first method that works."""
        await self._still()
        reply = self._copies.keep(reply, self._methods.user)
        if not await self._deliver(reply):
            log.error("an answer could not be delivered by any method")
            undelivered()
            await self._say_so()
        for attachment in reply.files:
            await self._send(attachment)

    async def post(self, reply: Reply) -> tuple[Outcome, str]:
        """Post for everybody, and nothing instead: what became of it, and its ts where that is known.

        It is no answer under way: what is said next is said privately.
        """
        await self.settle()
        outcome = await self._in_public(list(fallbacks(reply.text, reply.blocks)))
        ts, self._methods.public_ts = self._methods.public_ts, ""
        if ts and self._told is not None:
            await self._told(reply, ts)
        return outcome, ts

    async def revise(self, copy: Reply | None, otherwise: Reply) -> None:
        """Show the private answer whose button was pressed anew; where that cannot be, say it beside."""
        await self.settle()
        if copy is not None and self._methods.in_place:
            kept = self._copies.keep(copy, self._methods.user)
            hook = partial(self._methods.by_response_url, replace=True)
            if await _post(hook, list(fallbacks(kept.text, kept.blocks))) is Outcome.SENT:
                return
        await self.reply(otherwise)

    async def settle(self) -> None:
        """Nothing comes any more."""
        await self._still()
        if self._thread is not None:
            await self._thread.clear()

    async def _still(self) -> None:
        """Let a progress post that is under way arrive, and post no more: none may overtake the answer."""
        if self._pacer is not None:
            await self._pacer.stop()
        if self._thread is not None:
            await self._thread.stop()

    async def _deliver(self, reply: Reply) -> bool:
        bodies = list(fallbacks(reply.text, reply.blocks))
        if not reply.private and (reply.public or self._methods.public_ts):  # no "Checking ..." stands there for ever
            outcome = await self._in_public(bodies)
            if outcome is Outcome.SENT:
                await self._tell(reply)
                return True
            bodies = list(_unposted(reply, outcome))
        done = await _by_any(self._private_methods(reply), bodies)
        await self._tell(reply)
        return done

    async def _tell(self, reply: Reply) -> None:
        if self._told is not None and self._methods.public_ts:
            await self._told(reply, self._methods.public_ts)

    async def _in_public(self, bodies: Sequence[Body]) -> Outcome:
        """SENT, or what became of the bot's own post."""
        own = await _post(self._methods.in_channel, bodies)
        hook = partial(self._methods.by_response_url, public=True)
        return own if own is not Outcome.SENT and await _post(hook, bodies) is not Outcome.SENT else Outcome.SENT

    async def _say_so(self) -> None:
        """A word in place of an answer that nothing took. The history has the result: nothing large is sent again."""
        for seconds in self._word_after:
            await asyncio.sleep(seconds)
            if await _by_any(self._private_methods(Reply("")), [{"text": NOT_TAKEN}]):
                return

    def _private_methods(self, reply: Reply) -> list[PostMethod]:
        edits = reply.replace or (self._edited and self._pacer is not None and self._pacer.posted > 0)
        hook = partial(self._methods.by_response_url, replace=edits)
        if self._methods.direct:
            return [self._methods.in_channel, hook, self._methods.direct_message]
        if self._methods.thread and not (edits and self._methods.in_place):
            return [self._methods.ephemeral, hook, self._methods.direct_message]
        return [hook, self._methods.ephemeral, self._methods.direct_message]

    async def _send(self, attachment: Attachment) -> None:
        why = await self._methods.file(attachment)
        if why:
            reason = NO_SCOPE if why == "missing_scope" else ""
            text = f":warning: Portero could not send the file {defuse(attachment.name)}{reason}."
            await self.reply(Reply(text, good=False))


def _unposted(reply: Reply, outcome: Outcome) -> Iterator[Body]:
    """What the asker reads in place of a public answer that could not be posted."""
    failed = outcome is Outcome.FAILED
    if reply.instead:
        yield {"text": NOT_TAKEN_THERE if failed else defuse(reply.instead)}
        return
    why = NOT_TAKEN_THERE if failed else NOT_POSTED
    yield from fallbacks(f"{why}\n{reply.text}", [section(why), *reply.blocks] if reply.blocks else ())


async def _by_any(methods: Sequence[PostMethod], bodies: Sequence[Body]) -> bool:
    """By the first method that takes one of the bodies."""
    for method in methods:
        if await _post(method, bodies) is Outcome.SENT:
            return True
    return False


async def _post(method: PostMethod, bodies: Sequence[Body]) -> Outcome:
    """Try the bodies, best first, as long as only the contents are refused."""
    for body in bodies:
        outcome = await method(body)
        if outcome is not Outcome.REFUSED:
            return outcome
    return Outcome.REFUSED


async def _post_text(method: PostMethod, text: str) -> bool:
    return await method({"text": defuse(text)}) is Outcome.SENT


class Surface(Protocol):
    """What the dispatcher needs of either."""

    async def open(self) -> Reply | None:
        """Get ready before the handler starts. What to say instead when Slack does not let us."""

    async def deliver(self, step: Shown) -> None: ...

    async def post(self, reply: Reply) -> tuple[Outcome, str]:
        """Post for everybody: what became of it, and the ts of the post where that is known."""

    async def revise(self, copy: Reply | None, otherwise: Reply) -> None:
        """Show the answer whose button was pressed anew (`copy`), or say it in another way."""

    async def settle(self) -> None:
        """Nothing is under way any more, and nothing will come."""


class MessageSurface:
    """Messages. `verdict` is told what the first step was, for a form whose ack waits for it.

    `view_id` is the dialogue whose button was pressed: apps cannot close it, so it says where the answer stands.
    """

    def __init__(
        self, delivery: AnswerDelivery, opener: ModalOpener, verdict: FormVerdict | None = None, view_id: str = ""
    ) -> None:
        self._delivery = delivery
        self._opener = opener
        self._verdict = verdict
        self._view_id = view_id

    async def open(self) -> Reply | None:
        return None

    async def deliver(self, step: Shown) -> None:
        told = self._tell(step if isinstance(step, FormErrors) else None)
        if self._view_id:
            view_id, self._view_id = self._view_id, ""
            shown = await self._opener.update(view_id, step if isinstance(step, Modal) else self._opener.elsewhere())
            if isinstance(step, Modal):
                if not shown:
                    await self._delivery.reply(self._opener.refusal)
                return
        if isinstance(step, Progress):
            self._delivery.progress(step)
        elif isinstance(step, Reply):
            await self._delivery.reply(step)
        elif isinstance(step, FormErrors):
            if not told:
                await self._delivery.reply(list_errors(step))
        elif not await self._opener.open(step):
            await self._delivery.reply(self._opener.refusal)

    async def post(self, reply: Reply) -> tuple[Outcome, str]:
        self._tell(None)
        return await self._delivery.post(reply)

    async def revise(self, copy: Reply | None, otherwise: Reply) -> None:
        """A dialogue stays open and says it."""
        view_id, self._view_id = self._view_id, ""
        if not (view_id and await self._opener.update(view_id, showing(otherwise))):
            await self._delivery.revise(copy, otherwise)

    async def settle(self) -> None:
        self._tell(None)
        await self._delivery.settle()

    def _tell(self, verdict: FormErrors | None) -> bool:
        """True when the ack will carry it."""
        if self._verdict is None or self._verdict.done():
            return False
        self._verdict.set_result(verdict)
        return True
