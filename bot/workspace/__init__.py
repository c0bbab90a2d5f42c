"""A strict local Slack: Web API, Socket Mode, signed HTTP, response_url. The demo and the tests use it."""

from bot.workspace.buttons import NumberedButton, numbered_buttons
from bot.workspace.clock import Clock
from bot.workspace.model import Channel, FileUpload, Impossible, Message, User, View
from bot.workspace.records import Call, Interaction
from bot.workspace.workspace import Workspace

__all__ = [
    "Call",
    "Channel",
    "Clock",
    "FileUpload",
    "Impossible",
    "Interaction",
    "Message",
    "NumberedButton",
    "User",
    "View",
    "Workspace",
    "numbered_buttons",
]
