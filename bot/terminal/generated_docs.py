"""What of the documentation is generated: tables of README and docs/, the manual page, and manifest.yml.

`python -m bot.terminal.generated_docs` writes them; with `--check` it fails when they are stale, and so does a test.
A page says itself where a part stands: between `<!-- commands -->` and `<!-- /commands -->`.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bot.console.process import WRONG_USE
from bot.console.screen import complain
from bot.doctor.manual import outcomes
from bot.registry import COMMANDS
from bot.setting_table import TABLE
from bot.slack.manifest import manifest, shortcuts, to_link, to_yaml
from bot.terminal import json_schemas
from bot.terminal.manual_page import manual_page
from bot.terminal.run import LASTING, STATUSES
from commands.manual_text import row
from commands.pmta import manual as pmta
from commands.smtpcheck.result.sentences import manual as verdicts
from commands.smtpport import manual as ports

ROOT = Path(__file__).resolve().parents[2]
MANIFEST_HEAD = (
    "# Slack app manifest for Socket Mode, generated: `portero manifest`. For HTTP: `portero manifest --mode http`.\n"
)


def pages() -> dict[Path, str]:
    """Every generated file with the text that it should have."""
    rules = ROOT / "docs/pmta-rules.md"
    written = {ROOT / "README.md", *(ROOT / "docs").glob("*.md")} - {rules}
    filled = {page: _filled(page.read_text(encoding="utf-8")) for page in sorted(written)}
    whole = {rules: pmta.page(), ROOT / "docs/portero.1": manual_page()}
    whole |= {ROOT / "docs/schemas" / name: text for name, text in json_schemas.files()}
    return {**filled, **whole, ROOT / "manifest.yml": MANIFEST_HEAD + to_yaml(manifest())}


def _filled(text: str) -> str:
    """The text with its parts as they should be; ValueError for one that there is not, or that is not closed."""
    for name in _OPENED.findall(text):
        if name not in PARTS:
            raise ValueError(f"nothing makes a part called {name}")
        text = _replaced(text, name, "\n".join(PARTS[name]()))
    return text


def _replaced(text: str, name: str, table: str) -> str:
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, _, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    if not closed:
        raise ValueError(f"the part {name} is not closed")
    return f"{before}{start}{table}\n{end}{after}"


def _commands() -> Iterator[str]:
    yield "| Command | What it does |"
    yield "|---|---|"
    for command in COMMANDS:
        yield f"| `/{command.name}` | {command.summary} |"


def _examples() -> Iterator[str]:
    yield "| Type | What it does |"
    yield "|---|---|"
    for command in COMMANDS:
        yield row(f"`/{command.name} {command.usage}`", command.summary)
        for example in command.examples:
            yield row(f"`/{command.name} {example.text}`", example.meaning)


def _shortcuts() -> Iterator[str]:
    yield "| Shortcut | Where | What it does |"
    yield "|---|---|---|"
    for one in shortcuts():
        yield f"| *{one['name']}* | {WHERE[one['type']]} | {one['description']} |"


def _exit_statuses() -> Iterator[str]:
    yield "| Exit status of `portero run` | Meaning | The unit starts it again |"
    yield "|---|---|---|"
    yield row("0", "it was told to stop", "")
    for status, meaning in {WRONG_USE: "wrong settings", **STATUSES}.items():
        yield row(str(status), meaning, "no" if status in LASTING else "yes")


def _create() -> Iterator[str]:
    yield f"[**Create the app in Slack**]({to_link(manifest())})"


WHERE = {"message": "on a message, behind *⋮*", "global": "anywhere, behind *+* or in the search"}


def _settings() -> Iterator[str]:
    yield "| Variable | Default | What it is |"
    yield "|---|---|---|"
    for setting in TABLE:
        yield f"| `{setting.name}` | {f'`{setting.default}`' if setting.default else ''} | {setting.meaning} |"


_OPENED = re.compile(r"^<!-- ([a-z-]+) -->$", re.MULTILINE)

PARTS: Mapping[str, Callable[[], Iterator[str]]] = {
    "commands": _commands,
    "examples": _examples,
    "shortcuts": _shortcuts,
    "settings": _settings,
    "create": _create,
    "doctor": outcomes,
    "exit-statuses": _exit_statuses,
    "schemas": json_schemas.table,
    "states": verdicts.states,
    "tls-states": verdicts.tls_states,
    "findings": verdicts.findings,
    "replies": verdicts.replies,
    "port-stories": ports.stories,
    "other-ports": ports.other_ports,
    "port-networks": ports.networks,
    "port-relays": ports.relays,
}


def main() -> int:
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            complain(f"{path.name} is stale: run `make docs`")
        return 1 if stale else 0
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
