"""Several files as one configuration, the names of files covered as everything else is."""

from collections.abc import Sequence
from dataclasses import replace

from commands.pmta.configuration.assembly import Assembled, Library, assembled
from commands.pmta.configuration.origin import Origin
from commands.pmta.findings.model import Unread
from commands.pmta.masking import masked_name


def whole(given: Sequence[str], library: Library, unread: Sequence[Unread] = ()) -> Assembled:
    """The given files with what they include. Raises UnreadError for a given one that cannot be read."""
    made = assembled(given, library, unread)
    return Assembled(made.text, _covered(made.origin))


def _covered(origin: Origin) -> Origin:
    """File names are their owner's, and what an include names may be a URL with a login."""
    names = {name: masked_name(name) for name in origin.files}
    return Origin(
        tuple(one._replace(file=names[one.file]) for one in origin.stretches),
        tuple(names.values()),
        tuple(_unread(one) for one in origin.unread),
    )


def _unread(one: Unread) -> Unread:
    circle = tuple(map(masked_name, one.circle))
    return replace(one, name=masked_name(one.name), file=masked_name(one.file), circle=circle)
