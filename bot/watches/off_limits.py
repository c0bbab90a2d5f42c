"""What cannot be watched, since nothing connects there: what is not public, and who wants to be left alone."""

from commands.smtpcheck.address.guard import Guard

NO_LITERAL = "not_an_address"


def off_limits(guard: Guard, name: str) -> str:
    """The guard's reason against an address or a name by itself; nothing where only its addresses can tell."""
    verdict = guard.judge_host([name], [name])
    return "" if verdict.allowed or verdict.reason == NO_LITERAL else verdict.reason
