"""Numbers as a line of bars, for where no chart can be drawn: a terminal, or a workspace without charts."""

from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None]) -> str:
    """One character a value, the lowest bar for the least, the highest for the greatest; a blank where there is none.

    Values that are all alike are low bars: there is nothing that stands out.
    """
    known = [value for value in values if value is not None]
    least, most = min(known, default=0.0), max(known, default=0.0)
    step = (most - least) / (len(BARS) - 1) or 1.0
    return "".join(" " if value is None else BARS[round((value - least) / step)] for value in values)
