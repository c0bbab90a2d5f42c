"""Which team this database belongs to."""

from commands.watch.verbs.needs import INSTALLATION
from storage.watches import AdministerWatches


async def team_of(watches: AdministerWatches) -> str:
    """The team whose bot was last started on this database; "" where none ever was."""
    noted = (await watches.notes(INSTALLATION)).get(INSTALLATION, {})
    return str(noted.get("team", ""))
