"""The commands, in the order in which help lists them."""

from bot.services import Services
from commands.contract import Command
from commands.smtpcheck.handler import COMMAND as SMTPCHECK

COMMANDS: tuple[Command[Services], ...] = (SMTPCHECK,)
