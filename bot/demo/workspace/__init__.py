"""A strict local Slack: Web API, Socket Mode, signed HTTP, response_url. The demo and the tests use it.

    async with Workspace() as ws:
        ...  # a bot with base URL ws.api_url and the tokens ws.bot_token, ws.app_token
        await ws.wait_for(lambda: ws.connections)
        await ws.command("ana", "mailops", "/smtpcheck mail.example.com")
        message = await ws.wait_for(lambda: ws.pressable("mailops", "ana"))
        await ws.click(message, 1)

`workspace` has the class, `actions` what people do, `scene` what is seen, `blockkit` the size checks and `render` the
drawing for a terminal.
"""

from bot.demo.workspace.buttons import NumberedButton, numbered_buttons
from bot.demo.workspace.clock import Clock
from bot.demo.workspace.model import Channel, FileUpload, Impossible, Message, User, View
from bot.demo.workspace.oddities import End, Raw
from bot.demo.workspace.records import Call, Interaction
from bot.demo.workspace.workspace import Workspace

__all__ = [
    "Call",
    "Channel",
    "Clock",
    "End",
    "FileUpload",
    "Impossible",
    "Interaction",
    "Message",
    "NumberedButton",
    "Raw",
    "User",
    "View",
    "Workspace",
    "numbered_buttons",
]
