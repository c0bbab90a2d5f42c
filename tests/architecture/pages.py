"""The pages that people read, and what stands in them."""

import re
from dataclasses import dataclass

from .sources import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "deploy").rglob("*.md"))]
FENCE = re.compile(r"^ *```(.*)\n((?:.*\n)*?) *```$", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
TABLE = re.compile(r"^(?:\|.*\n)+", re.MULTILINE)
DROPPED = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Block:
    """A fenced block: what stands behind its fence (`sh run`), and its lines."""

    page: str
    kind: str
    text: str


def read(page):
    return page.read_text(encoding="utf-8")


def blocks(page):
    return [Block(page.name, kind.strip(), text) for kind, text in FENCE.findall(read(page))]


def links(page):
    return LINK.findall(FENCE.sub("", read(page)))


def tables(page):
    """Each as its rows."""
    return [table.splitlines() for table in TABLE.findall(FENCE.sub("", read(page)))]


def anchors(page):
    """As GitHub makes them of headings."""
    return {
        DROPPED.sub("", title.strip().lower()).replace(" ", "-") for title in HEADING.findall(FENCE.sub("", read(page)))
    }
