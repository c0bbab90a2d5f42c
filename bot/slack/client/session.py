"""The one way out to Slack: its sessions refuse every other host, for each request and for each redirect.

Policy: https and wss on port 443 to slack.com, slack-gov.com and names below them; and the server of SLACK_API_URL
(its scheme, host and port, and the WebSocket that goes with them). A URL with a login or with another port is none of
Slack's. A proxy (`proxy` beside this file) is asked for a tunnel; whether is decided for every request, since the SDK
reads HTTPS_PROXY, too, and not NO_PROXY. Carries the bot token, answers, uploads and the Socket Mode ticket. Who
answers to a name is proven by TLS.

What is read of an answer is bounded, too, and counted unpacked: a few kilobytes may unpack to a gigabyte.

Sockets come from a reserve of descriptors where there is no other, so that whoever asked hears that something failed.

Slack names URLs in what it sends (files, uploads, response_urls, sockets), and redirects: none of them is taken on
trust. Source of the hosts: Slack's samples (files.slack.com, hooks.slack.com, wss-primary.slack.com); the thumbnails
on slack-files.com need no token.
"""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import (
    AddrInfoType,
    ClientError,
    ClientHandlerType,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
    ThreadedResolver,
)
from aiohttp.abc import ResolveResult
from yarl import URL

from bot.console.process import is_shortage
from bot.setting_values import SLACK_NAME
from bot.slack.client.proxy import Proxies
from commands.slack_text import clean

Made = TypeVar("Made")
DIRECT = Proxies()

KEPT = 8
"""A word to an asker takes one connection, and two where Slack has to be asked who they are."""


class Reserve:
    """Descriptors of nothing, each given up for one that is needed; taken back once there are free ones."""

    def __init__(self, size: int = KEPT) -> None:
        self._size = size
        self._held: list[int] = []

    def __len__(self) -> int:
        return len(self._held)

    def fill(self) -> None:
        with suppress(OSError):
            while len(self._held) < self._size:
                self._held.append(os.open(os.devnull, os.O_RDONLY))

    def spare(self, make: Callable[[], Made]) -> Made:
        """What `make` makes; with a descriptor of the reserve where there is no other. Raises what `make` raises."""
        try:
            made = make()
        except OSError as error:
            if not is_shortage(error) or not self._held:
                raise
        else:
            self.fill()
            return made
        os.close(self._held.pop())
        return make()


RESERVE = Reserve()
"""That of the process. Its holder are the connections to Slack; it lasts as long as the process."""


SECONDS = 30.0
API_BYTES, OTHER_BYTES = 8 * 1024 * 1024, 64 * 1024
"""The most that is read of an answer of the Web API, and of response_urls and uploads; files have a limit of theirs."""

_TLS = {"https", "wss"}
_SOCKET_OF = {"https": "wss", "http": "ws"}


class ForeignHostError(ClientError):
    """A request, or a redirect, to a host that is neither Slack's nor that of SLACK_API_URL; nothing was sent there."""


class TooLargeError(ClientError):
    """An answer that is longer than Slack's ever are; what was left of it is not read."""


class BoundedAnswer(ClientResponse):
    """An answer of at most `most` bytes. Raises `TooLargeError` where it is read whole; `content` is not bounded."""

    most = OTHER_BYTES

    async def read(self) -> bytes:
        if self._body is None:
            self._body = await self._bounded()
        return await super().read()

    async def _bounded(self) -> bytes:
        """Aiohttp unpacks no more than is asked for."""
        read = bytearray()
        async for piece in self.content.iter_any():
            read += piece
            if len(read) > self.most:
                self.close()
                raise TooLargeError("an answer is too large")
        return bytes(read)


@dataclass(frozen=True, slots=True)
class SlackHosts:
    """Slack's hosts, and the server at `api_url`. Judged is what aiohttp connects to: the parsed URL, not its text."""

    api_url: str
    proxies: Proxies = DIRECT

    def allow(self, url: URL) -> bool:
        """Whether a request may go there."""
        if url.user is not None or url.password is not None or not url.raw_host:
            return False
        own = url.scheme in _TLS and url.port == 443 and SLACK_NAME.fullmatch(url.raw_host) is not None
        return own or self._is_api(url)

    def _is_api(self, url: URL) -> bool:
        api = URL(self.api_url)
        schemes = {api.scheme, _SOCKET_OF.get(api.scheme)}
        return url.scheme in schemes and (url.raw_host, url.port) == (api.raw_host, api.port)

    async def guard(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """A middleware, called for each request and again for each redirect. Raises `ForeignHostError`."""
        if not self.allow(request.url):
            raise ForeignHostError(f"{clean(request.url.raw_host or '', 100)} is not a host of Slack's")
        way = self.proxies.way_to(request.url)
        request.update_proxy(way.proxy, None, way.headers)
        answer = await handler(request)
        if isinstance(answer, BoundedAnswer) and self._is_method(request.url):
            answer.most = API_BYTES
        return answer

    def _is_method(self, url: URL) -> bool:
        return url.host == URL(self.api_url).host and url.path.startswith(URL(self.api_url).path)


class LastKnown(ThreadedResolver):
    """The system's name servers; while they fail, or there is no descriptor to ask them, what they said last."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, list[ResolveResult]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        try:
            said = self._said[host] = await super().resolve(host, port, family)
        except UnicodeError as error:  # a label that IDNA refuses: there is no such host
            raise OSError(f"no name of a host: {type(error).__name__}") from None
        except OSError:
            if host not in self._said:
                raise
            said = self._said[host]
        return said


def _open_socket(info: AddrInfoType) -> socket.socket:
    """With a descriptor of the reserve where there is no other: whoever asked is to hear that there was none."""
    family, kind, protocol, *_ = info
    return RESERVE.spare(lambda: socket.socket(family, kind, protocol))


def slack_session(api_url: str, proxies: Proxies = DIRECT) -> ClientSession:
    """A session that knows no host but Slack's and that of `api_url`. Requests and upgrades end within 30 s."""
    RESERVE.fill()
    return ClientSession(
        connector=TCPConnector(resolver=LastKnown(), socket_factory=_open_socket),
        timeout=ClientTimeout(total=SECONDS),
        cookie_jar=DummyCookieJar(),
        middlewares=(SlackHosts(api_url, proxies).guard,),
        response_class=BoundedAnswer,
    )
