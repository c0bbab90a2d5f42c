"""The dialogues of `/pmta`."""

from commands.blocks import file_input, select_input, text_input
from commands.contract import Modal
from commands.pmta.language.config import VERSIONS

FILES = 10
"""Files that the form takes, which is what Slack allows."""


def form() -> Modal:
    """The dialogue behind `/pmta` alone."""
    versions = [(version, f"PowerMTA {version}") for version in reversed(VERSIONS)]
    kinds = [("auto", "Find out"), ("part", "A part of a config"), ("whole", "A whole config")]
    kinds += [("diff", "Two files, the old one first: what is different")]
    blocks = [
        text_input(
            "config", "Config", multiline=True, optional=True, hint="Up to 3,000 characters. Secrets are covered."
        ),
        file_input("file", "Or files, up to 10 MB: what includes name, or a zip or tar", most=FILES),
        select_input("version", "For which release", versions, initial="5.0"),
        select_input("part", "What it is", kinds, initial="auto"),
    ]
    return Modal("Check PowerMTA config", blocks, submit="Check", form="check")


def queue_form(id: str) -> Modal:  # noqa: A002
    """The dialogue behind *Settings of a queue*."""
    blocks = [
        text_input("domain", "Domain", optional=True, hint="gmail.com; alone: what holds outside VirtualMTAs."),
        text_input("mta", "VirtualMTA or pool", optional=True, hint="Alone: for any domain without its own settings."),
    ]
    return Modal("Settings of a queue", blocks, submit="Show", form="queue", private=id)
