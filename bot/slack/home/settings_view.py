"""App Home: the settings that apply to whoever looks, and where help is."""

from bot.rate_limits import PER_PORT, PER_TARGET, PER_USER
from bot.registry import COMMANDS
from bot.services import Services
from commands.contract import Actor
from commands.plural import plural
from commands.slack_text import escape
from commands.times import shown


def settings(actor: Actor, services: Services) -> str:
    """What is set here and concerns this person, a line each."""
    ports = ", ".join(map(str, services.ports))
    sees = (
        "You are an admin here: you see and delete all results."
        if actor.admin
        else ("You see your own results and those of the channels you are in, and delete your own.")
    )
    configs = (
        "kept where they are understood, secrets covered"
        if services.keep_configs
        else "not kept, only what was found in them"
    )
    rules = services.watch_rules
    return "\n".join(
        [
            f"• {sees}",
            f"• {_retention(services.retention_days)}",
            f"• Days such as `yesterday` are those of your time zone in Slack, {escape(actor.zone, 60)}",
            f"• Ports that may be checked: {ports}",
            f"• {PER_USER.times} requests a minute for each person, {PER_TARGET.times} for each target",
            f"• {PER_PORT.times} checks an hour for each port of a target; watches do not count",
            f"• Watches: at most {rules.most:,} here, each every {shown(rules.shortest)} or less often",
            f"• Pasted PowerMTA configs are {configs}",
        ]
    )


def _retention(days: int) -> str:
    if not days:
        return "Results are kept until somebody deletes them"
    return f"Results are deleted after {plural(days, 'day')}; export what you want to keep"


def help_lines() -> str:
    """The commands, and whom to ask."""
    lines = [f"• `/{command.name}` {escape(command.summary)}" for command in COMMANDS]
    return "\n".join([*lines, "When an answer shows a request id, give it to whoever runs Portero here."])
