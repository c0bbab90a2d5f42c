"""The parts of the documentation that are generated: README's tables and manifest.yml.

`python -m bot.terminal.generated_docs` writes them; with `--check` it fails when they are stale, and so does a test.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from bot.console.screen import complain
from bot.registry import COMMANDS
from bot.setting_table import TABLE
from bot.slack.manifest import manifest, shortcuts, to_yaml

ROOT = Path(__file__).resolve().parents[2]
MANIFEST_HEAD = (
    "# Slack app manifest for Socket Mode, generated: `portero manifest`. For HTTP: `portero manifest --mode http`.\n"
)


def pages() -> dict[Path, str]:
    """Every generated file with the text that it should have."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    for name, lines in (("commands", _commands()), ("shortcuts", _shortcuts()), ("settings", _settings())):
        text = replaced(text, name, "\n".join(lines))
    return {readme: text, ROOT / "manifest.yml": MANIFEST_HEAD + to_yaml(manifest())}


def replaced(text: str, name: str, table: str) -> str:
    """The text with what stands between `<!-- name -->` and `<!-- /name -->` replaced; ValueError without the marks."""
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    if not rest or not after:
        raise ValueError(f"README.md lacks the marks of {name}")
    return f"{before}{start}{table}\n{end}{after}"


def _commands() -> Iterator[str]:
    yield "| Type | What it does |"
    yield "|---|---|"
    for command in COMMANDS:
        yield f"| `/{command.name} {command.usage}` | {command.summary} |"
        for example in command.examples:
            yield f"| `/{command.name} {example.text}` | {example.meaning} |"


def _shortcuts() -> Iterator[str]:
    yield "| Shortcut | Where | What it does |"
    yield "|---|---|---|"
    for one in shortcuts():
        yield f"| *{one['name']}* | {WHERE[one['type']]} | {one['description']} |"


WHERE = {"message": "on a message, behind *⋮*", "global": "anywhere, behind *+* or in the search"}


def _settings() -> Iterator[str]:
    yield "| Variable | Default | What it is |"
    yield "|---|---|---|"
    for setting in TABLE:
        yield f"| `{setting.name}` | {f'`{setting.default}`' if setting.default else ''} | {setting.meaning} |"


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
