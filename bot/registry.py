"""The commands, in the order in which help lists them."""

from bot.services import Services
from bot.watches.notifiers.registry import routes_of
from commands.contract import Command
from commands.help.handler import COMMAND as PORTERO
from commands.history.handler import COMMAND as SMTPHISTORY
from commands.pmta.handler import COMMAND as PMTA
from commands.smtpcheck.handler import COMMAND as SMTPCHECK
from commands.smtpport.handler import COMMAND as SMTPPORT
from commands.watch.handler import command as smtpwatch

COMMANDS: tuple[Command[Services], ...] = (SMTPCHECK, SMTPPORT, PMTA, SMTPHISTORY, smtpwatch(routes_of()), PORTERO)
