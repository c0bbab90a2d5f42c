"""The pages: their links lead somewhere, their commands are ones that there are."""

import re

from tests.every import every

from .pages import PAGES, anchors, links, tables
from .sources import ROOT

MOST = 6 * 1024
BAR = re.compile(r"(?<!\\)\|")


def test_the_first_page_is_short():
    assert len((ROOT / "README.md").read_bytes()) <= MOST


@every((page, link) for page in PAGES for link in links(page) if "://" not in link)
def test_a_link_leads_to_a_file_and_to_a_heading_in_it(page, link):
    path, _, anchor = link.partition("#")
    to = (page.parent / path).resolve() if path else page
    assert to.exists(), f"{page.name}: {link}"
    assert not anchor or anchor in anchors(to), f"{page.name}: {link}"


@every((page.name, table) for page in PAGES for table in tables(page))
def test_every_row_of_a_table_has_as_many_cells_as_its_head(page, table):
    """A bar ends a cell inside of code, too, unless a backslash stands before it."""
    assert len({len(BAR.findall(row)) for row in table}) == 1, f"{page}: {table}"


def test_every_page_is_reached_from_the_first():
    reached, left = set(), [ROOT / "README.md"]
    while left:
        page = left.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        left += [(page.parent / link.partition("#")[0]).resolve() for link in links(page) if "://" not in link]
    assert [page.name for page in PAGES if page not in reached] == []
