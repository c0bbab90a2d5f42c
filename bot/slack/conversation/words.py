"""What Portero says in a conversation beside the answers of its commands."""

from commands.blocks import actions, button, section
from commands.contract import Reply

NOT_UNDERSTOOD = "I did not understand that. Write a host, a pasted error or config, or *help*."
WELCOME = "You are welcome."
BUTTONS = (("Check a host", "smtpcheck.ask"), ("Which port?", "smtpport.form"), ("Validate a config", "pmta.form"))


def not_understood() -> Reply:
    return Reply(NOT_UNDERSTOOD, [section(NOT_UNDERSTOOD), actions(*(button(*each) for each in BUTTONS))], good=False)
