"""`tag REF prod eu-west`, and `untag`: as a value. Pure."""

from collections.abc import Sequence

from commands.contract import UserError
from commands.slack_text import quoted
from commands.spanish import folded
from commands.watch.typed.asked import Asked, Context, Tag, ref_of
from commands.watch.typed.reasons import look_at
from commands.watch.typed.selectors import names_of, read_selector, tag_of

BETWEEN = frozenset({"and", "&", "y", "e", "with", "as", "con", "como"})
"""Said between tags, or before them."""

NO_TAGS = frozenset(
    {"not", "no", "never", "instead", "of", "without", "except", "but", "only", "just", "rather", "than"}
    | {"sin", "en", "lugar", "de", "salvo", "menos", "pero", "solo"}
)
"""What no tag is called: it denies one, or says which are meant."""


def tag(verb: str, words: Sequence[str], _context: Context) -> Asked:
    """A `tag:` before a new one is no choice."""
    chosen, used = read_selector(words[: names_of(words)[1] or 1])
    ref, used = ref_of(verb, words), used or 1
    said = [word for word in words[used:] if folded(word) not in BETWEEN]
    _refuse_sentence(verb, quoted(ref), said, several=chosen is not None)
    tags = tuple(dict.fromkeys(map(tag_of, said)))
    if not tags:
        raise UserError("Which tag?", f"Type `/smtpwatch {verb} {quoted(ref)} prod`.")
    return Tag(ref, tags, chosen=chosen) if verb == "tag" else Tag(ref, remove=tags, chosen=chosen)


def _refuse_sentence(verb: str, ref: str, said: Sequence[str], *, several: bool) -> None:
    """`tag REF not prod`: nothing is tagged. Where one is denied and no more is said, it can be taken off."""
    wrong = next((word for word in said if folded(word) in NO_TAGS), "")
    if not wrong:
        return
    first, *others = said
    is_denied = folded(first) in {"not", "no"} and len(others) == 1 and others[0] not in NO_TAGS
    off = [f"untag {ref} {quoted(others[0])}"] if is_denied and verb == "tag" else []
    hint = f"Type the tags alone: `/smtpwatch {verb} {ref} prod`."
    raise UserError(f"Nothing is done: `{quoted(wrong)}` is not a tag.", hint, [*off, look_at(ref, several=several)])
