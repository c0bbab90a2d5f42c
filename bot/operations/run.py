"""The running bot, from the warm-up to an orderly end, connected by Socket Mode or signed HTTP."""

import asyncio
import gc
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.doctor.opening import of_bot
from bot.doctor.self_check import SelfCheck
from bot.observability.log import keep_clean
from bot.observability.metrics import database_page, watch_page
from bot.operations import systemd
from bot.operations.history_care import pruning, verifying
from bot.operations.probe_page import ProbePage
from bot.operations.setting_changes import note_changes
from bot.operations.status import About
from bot.operations.storage_alarm import alarmed
from bot.registry import COMMANDS
from bot.services import Services
from bot.settings import Settings
from bot.slack.access.access import Rules
from bot.slack.alerts.channels import SlackChannels
from bot.slack.app import build_app
from bot.slack.client.proxy import Proxies
from bot.slack.client.session import slack_session
from bot.slack.client.tokens import asked_again
from bot.slack.client.web_client import hook_retries, make_client, read
from bot.slack.conversation.threads import tidied
from bot.slack.dispatcher import Dispatcher
from bot.slack.transports.http_server import Server
from bot.slack.transports.socket_mode import WATCH_SECONDS, connected
from bot.watches.loops import Loops, lazy_probe, make_notifiers, watching
from commands.contract import Command
from commands.watch.verbs.needs import INSTALLATION

log = logging.getLogger(__name__)

DRAIN_SECONDS = 25.0
"""systemd waits 90 s and Kubernetes 30 s before they kill."""


@dataclass(frozen=True)
class Bot:
    """A running bot: its dispatcher, its server and where that listens."""

    dispatcher: Dispatcher
    server: Server
    url: str


@asynccontextmanager
async def running(
    settings: Settings,
    services: Services,
    *,
    commands: Sequence[Command[Services]] = COMMANDS,
    pace: tuple[float, ...] | None = None,
    watch: float = WATCH_SECONDS,
    loops: Loops = watching,
    looks: bool = False,
) -> AsyncIterator[Bot]:
    """The bot, connected and warmed up. At the end: no new requests, running ones are drained, everything is closed.

    `pace` overrides the seconds between progress posts, `watch` those between looks at the socket, `loops` what runs
    watches and delivers their alerts. With `looks` it looks by itself whether what it needs is there.
    """
    keep_clean(settings.secrets)
    async with AsyncExitStack() as stack:
        proxies = Proxies(settings.https_proxy, settings.no_proxy)
        session = await stack.enter_async_context(slack_session(settings.api_url, proxies))
        client = make_client(settings, session)
        services = replace(services, channel_posts=SlackChannels(client, services.watches, services.now))
        alarm = await stack.enter_async_context(alarmed(services, settings.admins))
        looked = SelfCheck()
        about = About(services, settings.mode, alarm.troubles, services.now(), looked, commands)
        services = replace(services, about=about)
        await stack.enter_async_context(pruning(services.history, settings.retention_days, services.now))
        if services.file is not None:
            await stack.enter_async_context(verifying(services.file))
        rules = Rules(settings.admins, guests=settings.allow_guests, teams=settings.allow_teams)
        dispatcher = Dispatcher(services, client, session, retries=tuple(hook_retries()), pace=pace, rules=rules)
        await stack.enter_async_context(tidied(dispatcher.threads))
        if services.vantages is not None:
            services.vantages.know_groups(dispatcher.access.is_in)
        app = build_app(settings, client, dispatcher, commands)
        server = _server(app, settings, services, alarm.troubles, lambda: client.tokens.refused)
        server.probe = _probe_page(settings, services, dispatcher).show
        stack.push_async_callback(dispatcher.drain, 0.0)  # what came over HTTP while the rest was drained
        url = await stack.enter_async_context(server.listening(settings.host, settings.port))
        await _warm_up(app, client, dispatcher, services)
        await note_changes(settings, services.watches, dispatcher.access.team, services.now())
        await stack.enter_async_context(asked_again(client.tokens, client))
        for command in commands:
            command.warm_up()
        notifiers = make_notifiers(client, settings, services)
        await stack.enter_async_context(loops(services, lazy_probe(settings, services), notifiers))
        stack.push_async_callback(dispatcher.drain, DRAIN_SECONDS)
        if settings.socket_mode:
            socket = connected(app, settings.app_token, settings.api_url, proxies=proxies, every=watch)
            server.open(await stack.enter_async_context(socket))
        else:
            server.open()
        stack.callback(server.stop_accepting)
        if settings.admins:
            dispatcher.start(dispatcher.greeter.installed(settings.admins))
        if looks:
            make = partial(of_bot, settings, services.prober, client, os.environ)
            await stack.enter_async_context(looked.looking(make, services.now))
        yield Bot(dispatcher, server, url)


def _server(
    app: AsyncApp,
    settings: Settings,
    services: Services,
    troubles: Collection[str],
    refused: Callable[[], str],
) -> Server:
    """What listens over HTTP: for health and metrics always, for Slack where there is no socket."""
    return Server(
        app,
        http_events=not settings.socket_mode,
        more=partial(_scraped, services),
        troubles=troubles,
        signing_secret=settings.signing_secret,
        refused=refused,
    )


def _probe_page(settings: Settings, services: Services, dispatcher: Dispatcher) -> ProbePage:
    has_proxy = not settings.socket_mode
    return ProbePage(services, settings.probe_token, has_proxy, dispatcher.start, lambda: dispatcher.access.team)


async def _scraped(services: Services) -> bytes:
    """The metrics that are made when somebody asks."""
    return await watch_page(services.watches, services.now) + await database_page(services.database)


async def _warm_up(app: AsyncApp, client: AsyncWebClient, dispatcher: Dispatcher, services: Services) -> None:
    """Know who we are, and let Bolt's own authorisation do its first work before anybody waits for it.

    200 first commands at once would ask `auth.test` 200 times.
    """
    me = read(await client.auth_test())
    team = me.needed("team_id")  # without it everybody would be a stranger
    is_new = not await services.watches.notes(INSTALLATION)
    await services.watches.note(INSTALLATION, {"team": team})  # for `portero watch`, which has no Slack to ask
    dispatcher.access.team = team
    dispatcher.access.homes = frozenset({team, me.text("enterprise_id")} - {""})
    if is_new:
        await dispatcher.greeter.expect_installer()
    body = {"type": "event_callback", "event_id": "", "team_id": team, "event": {"type": "warm_up"}}
    await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    name, place = me.text("user"), me.text("team")
    log.info("connected as %s of %s", name, place)


async def serve(settings: Settings, services: Services) -> None:
    """Run until SIGTERM, SIGINT or SIGHUP, then drain; a second signal ends the draining, too.

    Environment files are read by whoever starts us, so to be told to read them anew is to be started anew.
    """
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine always runs in one
    _on_signals(task.cancel)
    with suppress(asyncio.CancelledError):
        async with systemd.beating(), running(settings, services, looks=True) as bot:
            services.checks.warm_up()
            keep_loaded()
            _on_signals(lambda: bot.dispatcher.hurry() if task.cancelling() else task.cancel())
            place = bot.url
            log.info("portero is up (%s); health at %s/healthz", settings.mode, place)
            systemd.notify(systemd.READY)
            await asyncio.Event().wait()
    log.info("stopped")


NEW_OBJECTS = 10_000
"""So many are made until the first look for garbage among them, about a millisecond's. Python's own 700 are those of
seven connections: what is spoken just now would be walked again and again, and is freed without it when it is over."""


def keep_loaded() -> None:
    """Take what is loaded by now out of garbage collection: it lives as long as the process. What is new can wait.

    A full collection walks every object and holds the event loop: 170 to 280 ms with the modules of the bot among them.
    Only for a process that is one bot: whatever is garbage later, but was loaded now, is never freed.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def _on_signals(act: Callable[[], object]) -> None:
    """What `nohup` has switched off stays so."""
    for number in ENDING:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, _heard, number, act)


def _heard(number: signal.Signals, act: Callable[[], object]) -> None:
    name = number.name
    log.info("told to stop by %s", name)
    systemd.notify(systemd.STOPPING)
    act()
