"""How far something is that takes a while: a bar on standard error, which goes away at the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.console.screen import one_line, watched


@contextmanager
def progress(done: int, total: int, *, printing: bool) -> Iterator[Callable[[str], None]]:
    """What is to be called with the name of each that is done. What is complained of meanwhile stands above the bar."""
    console = watched(printing=printing)
    if console is None:
        yield lambda _name: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = MofNCompleteColumn(), BarColumn(), TimeRemainingColumn(), TextColumn("{task.description}", markup=False)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, refresh_per_second=4) as bar:
        task = bar.add_task("", total=total, completed=done)
        yield lambda name: bar.update(task, advance=1, description=one_line(name))
