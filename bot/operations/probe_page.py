"""`GET /probe?target=...&port=...&from=...`: a check for Prometheus, in the shape of its blackbox_exporter.

It is the check that people ask for: the same ports, networks and hosts that are off limits, the same pauses after
refusals, and the same limits, those of one person for all that scrape. It is kept in the history. 400: that is no
target; 429: too often; 503: nobody can check it now.

With PORTERO_PROBE_TOKEN it is for whoever sends that (`Authorization: Bearer`). Without one it is for programs on this
machine, and only in Socket Mode: in HTTP mode a proxy on this machine may pass the requests of anybody.
"""

import asyncio
import hmac
import logging
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from ipaddress import IPv6Address, ip_address
from typing import Any

from aiohttp import web
from multidict import MultiMapping
from prometheus_client import CONTENT_TYPE_LATEST
from yarl import URL

from bot.observability import metrics
from bot.observability.probe_metrics import probe_page
from bot.observability.redaction import trace_of
from bot.observability.served import Outcome, Served, serving
from bot.rate_limits import PER_USER
from bot.services import ALONE, Services
from commands.contract import Actor, DeclinedError, Request, UserError
from commands.smtpcheck.arguments import Arguments, parse_arguments
from commands.smtpcheck.one_check import document_of
from commands.smtpcheck.places.asking import ALL
from commands.smtpcheck.places.checker import PlaceError
from commands.watch.view.plain_text import plain
from storage.entries import LOCAL
from storage.history import OPERATOR, StorageError, Viewer

log = logging.getLogger(__name__)

ASKER = "probe"
"""Who asked, in the history and for the limits; no id of Slack's."""

PARAMETERS = frozenset({"target", "port", "from"})
EXAMPLE = "/probe?target=mail.example.com&port=587"

STATUS: tuple[tuple[type[Exception], int, Outcome], ...] = (
    (PlaceError, 503, Outcome.DECLINED),
    (DeclinedError, 429, Outcome.DECLINED),
    (UserError, 400, Outcome.DECLINED),
    (StorageError, 503, Outcome.HISTORY_FAILED),
)
"""What an error is over HTTP; the first row that fits counts."""

CLOSED = "PORTERO_PROBE_TOKEN is not set, so this is for programs on this machine, in Socket Mode."
ENDING = "Portero is stopping."
BUG = "Portero has a bug there; its log has more at request {id}."


@dataclass(frozen=True)
class ProbePage:
    """The page. `start` runs work that is drained when the bot ends; `has_proxy`: loopback may be anybody."""

    services: Services
    token: str
    has_proxy: bool
    start: Callable[[Coroutine[Any, Any, None]], None]
    team: Callable[[], str]

    async def show(self, request: web.Request) -> web.Response:
        if self.token and not self._is_known(request):
            return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
        if not self.token and (self.has_proxy or not _is_local(request)):
            return web.Response(status=403, text=CLOSED)
        answer: asyncio.Future[web.Response] = asyncio.get_running_loop().create_future()
        self.start(self._serve(request.query, answer))
        return await answer

    def _is_known(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, f"Bearer {self.token}".encode())

    async def _serve(self, query: MultiMapping[str], answer: "asyncio.Future[web.Response]") -> None:
        """In a task of its own: what is logged meanwhile bears the id of the request."""
        request_id = secrets.token_hex(4)
        with serving("smtpcheck", "probe", request_id, ASKER, "") as served:
            response = web.Response(status=503, text=ENDING)
            try:
                response = await self._answer(query, request_id, served)
            except asyncio.CancelledError:
                served.outcome = Outcome.CUT_SHORT
                raise
            finally:
                if not answer.done():
                    answer.set_result(response)

    async def _answer(self, query: MultiMapping[str], request_id: str, served: Served) -> web.Response:
        try:
            page = probe_page(await self._checked(query, request_id))
        except Exception as error:  # noqa: BLE001 - the boundary
            status, served.outcome = next(
                ((status, outcome) for kind, status, outcome in STATUS if isinstance(error, kind)),
                (500, Outcome.FAILED),
            )
            if status != 500:
                return web.Response(status=status, text=_said(error))
            metrics.bugs.inc()
            log.error("a probe failed\n%s", trace_of(error))  # noqa: TRY400 - see trace_of
            return web.Response(status=status, text=BUG.format(id=request_id))
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _checked(self, query: MultiMapping[str], request_id: str) -> dict[str, Any]:
        """The document of the check, or of the last one where the target must be left alone."""
        services = replace(self.services, viewer=_operator)
        arguments = arguments_of(query, services.ports)
        if arguments.vantage != LOCAL and services.vantages is None:
            raise UserError(*ALONE)
        await services.check_place(arguments.vantage, "")
        if services.limiter.wait(("user", ASKER), PER_USER) > 0:
            raise DeclinedError("These were a lot of probes within a minute.", "Scrape less often.")
        actor, at = Actor(ASKER, self.team()), services.now()
        request = Request("smtpcheck", actor, at, surface="probe", request_id=request_id)
        document, _ = await document_of(arguments, request, services, OPERATOR)
        return document


def arguments_of(query: MultiMapping[str], ports: tuple[int, ...]) -> Arguments:
    """What stands in the query. `UserError` for what says nothing, and for more than one target or place."""
    stray = next((name for name in query if name not in PARAMETERS), None)
    if stray is not None:
        raise UserError("Parameters are target, port and from.", EXAMPLE)
    places = query.getall("from", [])
    words = [
        *query.getall("target", []),
        *query.getall("port", []),
        *(word for one in places for word in ("from", one)),
    ]
    found = parse_arguments(" ".join(words), ports, flags=frozenset()) if query.get("target") else None
    if found is None:
        raise UserError("Target parameter is missing.", EXAMPLE)
    if found.vantage == ALL:
        raise UserError("A probe is from one place.", "Scrape each place: from=mta-03.")
    return found


async def _operator() -> Viewer:
    return OPERATOR


def _is_local(request: web.Request) -> bool:
    """Whether a program on this machine asks this machine: a page in its browser may ask by a name that leads here."""
    try:
        name = URL.build(authority=request.host).host or ""
    except ValueError:
        return False
    return _is_loopback(request.remote or "") and (name == "localhost" or _is_loopback(name))


def _is_loopback(text: str) -> bool:
    """A socket for both families calls 127.0.0.1 ::ffff:127.0.0.1."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _said(error: Exception) -> str:
    """For an operator who looks at the target with curl."""
    if isinstance(error, UserError):
        return plain(f"{error.message} {error.hint}".strip())
    return "The history cannot be used; the log has more."
