"""`portero run`: the bot, until it is told to stop."""

import argparse
import os
from dataclasses import replace
from typing import Any

from bot.console.process import FINE, run_loop
from bot.observability.log import set_up, shown
from bot.settings import APP_TOKEN_PAGE, BOT_TOKEN_PAGE, Settings
from bot.terminal.database_path import refuse_new_folder
from commands.contract import UserError


def add(subs: Any) -> None:
    run = subs.add_parser("run", help="run the bot")
    run.set_defaults(act=_run, for_slack=True)


def _run(_arguments: argparse.Namespace, settings: Settings) -> int:
    refuse_new_folder(settings.database)
    set_up()
    os.environ.pop("SLACK_BOT_TOKEN", None)  # Bolt reads it by itself and then warns that it was given a client
    return run_loop(_serve(settings))


async def _serve(settings: Settings) -> int:
    from aiohttp import ClientError  # noqa: PLC0415
    from slack_sdk.errors import SlackApiError  # noqa: PLC0415

    from bot.operations.run import serve  # noqa: PLC0415
    from bot.services import open_services  # noqa: PLC0415
    from bot.slack.client.web_client import OddAnswerError  # noqa: PLC0415
    from bot.vantages.extra import opened_vantages  # noqa: PLC0415
    from storage.history import StorageError  # noqa: PLC0415

    try:
        async with (
            open_services(settings) as services,
            opened_vantages(settings, services.watches, services.prober, serve=True) as vantages,
        ):
            await serve(settings, replace(services, vantages=vantages))
    except StorageError as error:
        raise UserError(str(error)) from error
    except SlackApiError as error:
        raise UserError(*_refused(error)) from error
    except OddAnswerError as error:
        raise UserError(f"That is not Slack: {error}.", f"It was tried at {settings.api_url}.") from error
    except ClientError as error:
        raise UserError(shown(f"Slack cannot be reached: {error}"), f"It was tried at {settings.api_url}.") from error
    except OSError as error:
        raise UserError(f"{error}", "Is PORTERO_PORT in use?") from error
    return FINE


def _refused(error: Any) -> tuple[str, str]:
    """Which token Slack refuses, by the method that did, and where the right one stands."""
    from bot.slack.client.web_client import code_of  # noqa: PLC0415

    code = code_of(error)
    if code.startswith("HTTP"):
        return f"That is not Slack: it answers {code}.", f"It was tried at {error.response.api_url}."
    socket = "apps.connections" in str(error.response.api_url)
    name, page = ("SLACK_APP_TOKEN", APP_TOKEN_PAGE) if socket else ("SLACK_BOT_TOKEN", BOT_TOKEN_PAGE)
    return f"Slack refuses {name}: {code}.", f"Compare it with {page}."
