"""Several <domain> tags in one line: one mistake, and what it does to the tags behind it is none of its own."""

from commands.pmta.language.config import Config
from commands.pmta.language.tree import Statement


def rows_of_domains(config: Config) -> list[list[Statement]]:
    """The tags of each such line, at least two with nothing between them."""
    if "rows" not in config.memo:
        config.memo["rows"] = _rows(config)
    found: list[list[Statement]] = config.memo["rows"]
    return found


def _rows(config: Config) -> list[list[Statement]]:
    rows: list[list[Statement]] = []
    row: list[Statement] = []
    for one in config.openings:
        if one.key == "domain" and row and one.line == row[-1].line and one.start == row[-1].end:
            row.append(one)
            continue
        rows += [row] if len(row) > 1 else []
        row = [one] if one.key == "domain" else []
    return [*rows, row] if len(row) > 1 else rows
