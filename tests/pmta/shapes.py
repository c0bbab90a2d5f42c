"""Trees as nested tuples, and texts for hypothesis: how the parser's tests say what they expect."""

from hypothesis import strategies as st

from commands.pmta.language.catalogue import DIRECTIVES, TAGS
from commands.pmta.language.tree import CLOSE, DIRECTIVE, OPEN, Tree


def shape(tree: Tree):
    """What a tree means: settings with their values, and the blocks they stand in. Comments and blanks say nothing."""
    opened = {id(block.opening): block for block in tree.blocks}
    closing = {id(block.closing) for block in tree.blocks}
    inside = {id(block): [] for block in (tree.root, *tree.blocks)}
    for one in tree.statements:
        if block := opened.get(id(one)):
            argument = " ".join(block.argument.split())
            made = (f"<{block.tag}>", argument, block.closing is not None, inside[id(block)])
            inside[id(block.parent)].append(made)
        elif one.kind == DIRECTIVE:
            inside[id(one.block)].append((one.key, one.value))
        elif one.kind in (OPEN, CLOSE) and id(one) not in closing:
            inside[id(one.block)].append((one.kind, one.key))
    return inside[id(tree.root)]


_NAMES = sorted(name for name in DIRECTIVES if name != "/regex/")
_VALUES = [
    "yes", "true", "10m", "20", "unlimited", "500/h", "0/0", "10.0.0.1", "0/0:25", "mta1.example.com", '"a b"', '""',
    "/x y/", "s1,example.com,/etc/k.pem", "mode=backoff", "virtual-mta=mta1", "/etc/pmta/x", "<>", "a # b", '"', "\\",
    "\u00a0", "{",
]  # fmt: skip

words = st.sampled_from([*_NAMES, *_VALUES, "max-smpt-out", "#", "# note", "/", "<", ">", "="])
tags = st.builds("<{} {}>".format, st.sampled_from([*TAGS, "limit", "Domain"]), st.sampled_from([*_VALUES, ""]))
closings = st.builds("</{}>".format, st.sampled_from([*TAGS, "limit"]))
pieces = st.one_of(words, tags, closings, st.text(max_size=6))
configs = st.lists(st.tuples(pieces, st.sampled_from([" ", "\n", "\n    ", "", "\t", "\r\n", "\r"])), max_size=30).map(
    lambda parts: "".join(piece + blank for piece, blank in parts)
)
lines = st.one_of(
    st.builds("{} {}".format, st.sampled_from(_NAMES), st.sampled_from(_VALUES)),
    tags,
    closings,
    st.just("# note"),
    st.just(""),
)
written = st.lists(lines, max_size=25).map(lambda found: "\n".join(found) + "\n")
