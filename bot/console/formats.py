"""The words behind `--format`: the same for every subcommand. Data, and the options that it makes."""

import argparse
from collections.abc import Mapping

FORMATS: Mapping[str, str] = {
    "text": "for people",
    "md": "Markdown",
    "json": "one JSON document",
    "jsonl": "JSON, a line for each",
    "csv": "a table, with a head",
    "sarif": "SARIF 2.1.0",
    "github": "annotations of GitHub Actions",
    "junit": "JUnit XML",
}


def add_formats(parser: argparse.ArgumentParser, *others: str) -> None:
    """`--format` with text, which is the default, and the others; `--json` where JSON is one of them."""
    listed = "; ".join(f"{form}: {FORMATS[form]}" for form in ("text", *others))
    parser.add_argument("--format", choices=("text", *others), default="text", help=listed)
    if "json" in others:
        parser.add_argument("--json", dest="format", action="store_const", const="json", help="--format json")
