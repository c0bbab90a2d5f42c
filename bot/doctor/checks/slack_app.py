"""What Slack says of our tokens, our scopes, our app and our clock. One `auth.test` serves all that ask for it."""

import asyncio
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot.doctor.result.codes import Code, Found, Value
from bot.settings import Settings
from bot.slack.client.tokens import REFUSALS
from bot.slack.client.web_client import FAULTS, Record, SlackClient, passes, read, word_of
from bot.slack.scopes import COSTS

SCOPES_HEADER = "x-oauth-scopes"
CLOCK_NOTE_S, CLOCK_BAD_S = 10.0, 120.0
"""How far our clock may be from Slack's. In HTTP mode 300 s end everything; certificates are judged by it at once."""

_APP = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-")
_SIGNING = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Said:
    """What came of `auth.test`: why it failed (a code of Slack's, `HTTP 502`, or the name of an error), or who we are.

    `ahead_s` is how many seconds our clock is ahead of Slack's; None where that is not told.
    """

    failure: str = ""
    me: Record = field(default_factory=lambda: Record({}))
    scopes: frozenset[str] | None = None
    ahead_s: float | None = None


@dataclass
class AuthTest:
    """`auth.test`, asked once for all who want to know. `now` is the time of this machine."""

    client: SlackClient
    now: Callable[[], datetime]
    _asked: asyncio.Future[Said] | None = None

    async def __call__(self) -> Said:
        if self._asked is None:
            self._asked = asyncio.ensure_future(self._ask())
        return await asyncio.shield(self._asked)

    async def _ask(self) -> Said:
        try:
            answer = await self.client.auth_test()
            me = read(answer)
            me.needed("team_id")
        except FAULTS as error:
            return Said(word_of(error))
        headers = {name.lower(): str(value) for name, value in answer.headers.items()}
        return Said("", me, _scopes(headers), _ahead(headers, self.now()))


def _scopes(headers: Mapping[str, str]) -> frozenset[str] | None:
    told = headers.get(SCOPES_HEADER)
    return None if told is None else frozenset(filter(None, (one.strip() for one in told.split(","))))


def _ahead(headers: Mapping[str, str], now: datetime) -> float | None:
    """By the header Date, which has whole seconds (RFC 9110 section 6.6.1)."""
    try:
        there = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return (now - there.replace(tzinfo=there.tzinfo or UTC)).total_seconds()


async def bot_token(token: str, asked: AuthTest, place: str) -> list[Found]:
    """Whether Slack takes it, and whether it is a bot's. `place` is where Slack was asked."""
    if not token:
        return [Found(Code.TOKEN_NONE)]
    said = await asked()
    if said.failure:
        return [refused(said.failure, place)]
    if not said.me.text("bot_id"):
        return [Found(Code.TOKEN_NO_BOT)]
    return [Found(Code.TOKEN_FINE, {"user": said.me.text("user"), "team": said.me.text("team")})]


def refused(failure: str, place: str) -> Found:
    """Why `auth.test` failed. Pure."""
    params: dict[str, Value] = {"code": failure, "place": place}
    if failure in REFUSALS or failure == "not_allowed_token_type":
        return Found(Code.TOKEN_REFUSED, params)
    if failure.startswith("HTTP") or failure in {"not_json", "odd_answer", "too_large"}:
        return Found(Code.NOT_SLACK, params)
    return Found(Code.SLACK_UNREACHABLE if failure[:1].isupper() else Code.SLACK_TROUBLE, params)


async def scopes(asked: AuthTest, needed: Collection[str], optional: Collection[str]) -> list[Found]:
    """What the app was not granted, and what that costs."""
    said = await asked()
    if said.failure or said.scopes is None:
        return [Found(Code.SCOPES_UNKNOWN)]
    missing = [_missing(scope, Code.SCOPE_MISSING) for scope in needed if scope not in said.scopes]
    missing += [_missing(scope, Code.SCOPE_DECLINED) for scope in optional if scope not in said.scopes]
    return missing or [Found(Code.SCOPES_FINE, {"count": len(needed) + len(optional)})]


def _missing(scope: str, code: Code) -> Found:
    return Found(code, {"scope": scope, "costs": COSTS[scope]})


async def way_in(settings: Settings, asked: AuthTest, client: SlackClient) -> list[Found]:
    """What Slack reaches us by: the app's token (Socket Mode), or the signing secret (HTTP)."""
    if settings.socket_mode:
        return [*await app_token(settings.app_token, client), *await same_app(settings.app_token, asked, client)]
    return await signing_secret(settings.signing_secret)


async def app_token(token: str, client: SlackClient) -> list[Found]:
    """Whether Slack would open a connection with it; none is opened."""
    try:
        read(await client.apps_connections_open(app_token=token)).needed("url")
    except FAULTS as error:
        code = word_of(error)
        if code == "missing_scope":
            return [Found(Code.APP_TOKEN_SCOPE)]
        return [Found(Code.APP_TOKEN_UNKNOWN if passes(code) else Code.APP_TOKEN_REFUSED, {"code": code})]
    return [Found(Code.APP_TOKEN_FINE)]


async def signing_secret(secret: str) -> list[Found]:
    """Slack does not tell whether it is the right one; its secrets are 32 hexadecimal digits."""
    if not secret:
        return [Found(Code.WAY_IN_NONE)]
    return [Found(Code.SIGNING_UNTOLD if _SIGNING.fullmatch(secret) else Code.SIGNING_ODD)]


async def same_app(token: str, asked: AuthTest, client: SlackClient) -> list[Found]:
    """Whether both tokens are of one app: the app's names it, and of the bot Slack tells."""
    named = app_of(token)
    if not named or (await asked()).failure:
        return []
    try:
        app = await _app_id(asked, client)
    except FAULTS:
        return []
    return [Found(Code.TOKENS_OF_TWO_APPS, {"app": named, "other": app})] if app not in {"", named} else []


async def clock(asked: AuthTest) -> list[Found]:
    """Our clock beside Slack's."""
    ahead = (await asked()).ahead_s
    if ahead is None:
        return [Found(Code.CLOCK_UNKNOWN)]
    params: dict[str, Value] = {"seconds": max(1, round(abs(ahead))), "side": "ahead" if ahead > 0 else "behind"}
    code = Code.CLOCK_BAD if abs(ahead) >= CLOCK_BAD_S else Code.CLOCK_OFF
    return [Found(code if abs(ahead) >= CLOCK_NOTE_S else Code.CLOCK_FINE, params)]


async def manifest_set(
    settings: Settings, client: SlackClient, ours: Mapping[str, Any], asked: AuthTest
) -> list[Found]:
    """The app's own manifest beside ours; Slack tells it for a configuration token alone."""
    if not settings.config_token:
        return [Found(Code.MANIFEST_UNTOLD)]
    try:
        app = app_of(settings.app_token) or await _app_id(asked, client)
        wanted = {"token": settings.config_token, "app_id": app}
        answer = await client.api_call("apps.manifest.export", params=wanted)
        theirs = read(answer).record("manifest")
    except FAULTS as error:
        return [Found(Code.MANIFEST_REFUSED, {"code": word_of(error)})]
    return compared(ours, theirs.fields) or [Found(Code.MANIFEST_FINE)]


async def _app_id(asked: AuthTest, client: SlackClient) -> str:
    me = (await asked()).me
    return read(await client.bots_info(bot=me.text("bot_id"))).record("bot").text("app_id")


def app_of(token: str) -> str:
    """The id of the app that an app-level token names; empty where it names none."""
    found = _APP.match(token)
    return found[1] if found else ""


def compared(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Found]:
    """What the app lacks of commands, shortcuts, events, and what it has of commands that nobody answers. Pure."""
    found: list[Found] = []
    for what, names in (("commands", _commands), ("shortcuts", _shortcuts), ("events", _events)):
        lacking = names(ours) - names(theirs)
        found += [Found(Code.MANIFEST_LACKS, {"what": what, "names": ", ".join(sorted(lacking))})] if lacking else []
    strange = _commands(theirs) - _commands(ours)
    found += [Found(Code.MANIFEST_STRANGE, {"names": ", ".join(sorted(strange))})] if strange else []
    return found


def _commands(manifest: Mapping[str, Any]) -> set[str]:
    return _values(_at(manifest, "features", "slash_commands"), "command")


def _shortcuts(manifest: Mapping[str, Any]) -> set[str]:
    return _values(_at(manifest, "features", "shortcuts"), "callback_id")


def _events(manifest: Mapping[str, Any]) -> set[str]:
    found = _at(manifest, "settings", "event_subscriptions", "bot_events")
    return {str(one) for one in found} if isinstance(found, list) else set()


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _values(rows: Any, name: str) -> set[str]:
    return {str(row.get(name)) for row in rows if isinstance(row, Mapping)} if isinstance(rows, list) else set()
