"""`portero run`: the bot, until it is told to stop.

Exit status: 0 stopped as it was told to; 2 wrong settings; of a start that failed the number in `STATUSES`. Those that
no second try mends are the ones that `docs/portero.service` does not restart (`LASTING`).
"""

import argparse
import errno
import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.console.process import FINE, WRONG_USE, is_shortage, run_loop
from bot.observability.log import set_up, shown
from bot.setting_table import APP_TOKEN_PAGE, BOT_TOKEN_PAGE
from bot.settings import Settings
from bot.terminal.database_path import refuse_new_folder
from commands.contract import UserError

if TYPE_CHECKING:
    from slack_sdk.errors import SlackApiError

    from bot.slack.transports.http_server import ListenError
    from storage.errors import StorageError

log = logging.getLogger(__name__)

UNAVAILABLE, SYSTEM, HISTORY, NOT_PERMITTED, REFUSED = 69, 71, 74, 77, 78
"""Numbers of sysexits.h: EX_UNAVAILABLE, EX_OSERR, EX_IOERR, EX_NOPERM, EX_CONFIG."""

STATUSES: Mapping[int, str] = {
    UNAVAILABLE: "Slack cannot be reached, or something else answers",
    SYSTEM: "the address is in use or not there (yet)",
    HISTORY: "the history cannot be opened now",
    NOT_PERMITTED: "the address may not be listened on",
    REFUSED: "Slack refuses a token, or the history is damaged or of a newer version",
}
LASTING = frozenset({WRONG_USE, NOT_PERMITTED, REFUSED})


class StartError(UserError):
    """The bot did not start; `status` is the exit status that says why."""

    def __init__(self, status: int, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.status = status


def add(subs: Any) -> None:
    run = subs.add_parser("run", help="run the bot")
    run.set_defaults(act=_run, for_slack=True)


def _run(_arguments: argparse.Namespace, settings: Settings) -> int:
    refuse_new_folder(settings.database)
    set_up(settings.log_level, settings.log_format)
    os.environ.pop("SLACK_BOT_TOKEN", None)  # Bolt reads it by itself and then warns that it was given a client
    try:
        return run_loop(_serve(settings))
    except StartError as error:
        why, todo = error.message, error.hint
        log.critical("not started: %s %s", why, todo)
        return error.status


async def _serve(settings: Settings) -> int:
    from aiohttp import ClientError  # noqa: PLC0415
    from slack_sdk.errors import SlackApiError  # noqa: PLC0415

    from bot.operations.run import serve  # noqa: PLC0415
    from bot.services import open_services  # noqa: PLC0415
    from bot.slack.client.web_client import OddAnswerError  # noqa: PLC0415
    from bot.slack.transports.http_server import ListenError  # noqa: PLC0415
    from bot.vantages.extra import opened_vantages  # noqa: PLC0415
    from storage.databases.registry import kind_of  # noqa: PLC0415
    from storage.history import StorageError  # noqa: PLC0415

    tried, place = _tried(settings), settings.database
    try:
        if not kind_of(place).is_there(place):
            log.info("a new history begins at %s", place)
        async with (
            open_services(settings) as services,
            opened_vantages(settings, services.watches, services.prober, serve=True) as vantages,
        ):
            await serve(settings, replace(services, vantages=vantages))
    except StorageError as error:
        raise _not_opened(error) from error
    except ListenError as error:
        raise _not_listening(error) from error
    except SlackApiError as error:
        raise _refused(error) from error
    except OddAnswerError as error:
        raise StartError(UNAVAILABLE, f"That is not Slack: {error}.", tried) from error
    except (ClientError, TimeoutError) as error:
        raise StartError(
            UNAVAILABLE, shown(f"Slack cannot be reached: {error or 'no answer in time'}."), tried
        ) from error
    except OSError as error:
        if is_shortage(error):
            raise
        raise StartError(SYSTEM, f"Portero could not start: {error}.") from error
    return FINE


def _tried(settings: Settings) -> str:
    """Where Slack was looked for, and which way."""
    from yarl import URL  # noqa: PLC0415

    from bot.slack.client.proxy import Proxies  # noqa: PLC0415

    proxies = Proxies(settings.https_proxy, settings.no_proxy)
    by = f" by the proxy {proxies.place} (HTTPS_PROXY)" if proxies.way_to(URL(settings.api_url)).proxy else ""
    return f"It was tried at {settings.api_url}{by}."


def _not_opened(error: "StorageError") -> StartError:
    from storage.errors import CorruptError, NewerSchemaError  # noqa: PLC0415

    return StartError(REFUSED if isinstance(error, CorruptError | NewerSchemaError) else HISTORY, str(error))


def _refused(error: "SlackApiError") -> StartError:
    """Which token Slack refuses, by the method that did, and where the right one stands."""
    from bot.slack.client.web_client import code_of, passes  # noqa: PLC0415

    code, url = code_of(error), str(error.response.api_url)
    if code.startswith("HTTP"):
        return StartError(UNAVAILABLE, f"That is not Slack: it answers {code}.", f"It was tried at {url}.")
    if passes(code):
        return StartError(UNAVAILABLE, f"Slack does not work at the moment: {code}.", "Try again in a minute.")
    name, page = (
        ("SLACK_APP_TOKEN", APP_TOKEN_PAGE) if "apps.connections" in url else ("SLACK_BOT_TOKEN", BOT_TOKEN_PAGE)
    )
    return StartError(REFUSED, f"Slack refuses {name}: {code}.", f"Compare it with {page}.")


NOT_LISTENING: Mapping[int | None, tuple[int, str, str]] = {
    errno.EADDRINUSE: (
        SYSTEM,
        "Port {port} of {host} is in use.",
        "Stop what listens there (ss -ltnp sport = :{port} names it), or set PORTERO_PORT.",
    ),
    errno.EADDRNOTAVAIL: (
        SYSTEM,
        "This machine has no address {host} to listen on.",
        "Set PORTERO_HOST to one that `ip address` shows; 127.0.0.1 is this machine alone, 0.0.0.0 is all of them.",
    ),
    errno.EACCES: (
        NOT_PERMITTED,
        "Port {port} of {host} may not be listened on by this user.",
        "Set PORTERO_PORT to one from 1024 (systemd: or AmbientCapabilities=CAP_NET_BIND_SERVICE).",
    ),
    errno.EAFNOSUPPORT: (
        SYSTEM,
        "This machine has no IPv6, so {host} cannot be listened on.",
        "Set PORTERO_HOST=0.0.0.0.",
    ),
    None: (SYSTEM, "PORTERO_HOST={host} has no address: DNS does not know it.", "Write an address, such as 127.0.0.1."),
}
"""By the system's errno: exit status, what is so, what to do."""


def _not_listening(error: "ListenError") -> StartError:
    number = errno.EACCES if error.errno == errno.EPERM else error.errno
    status, says, todo = NOT_LISTENING.get(
        number, (SYSTEM, f"Nothing can listen at {error}.", "Set PORTERO_HOST and _PORT.")
    )
    place = {"host": shown(error.host), "port": error.port}
    return StartError(status, says.format(**place), todo.format(**place))
