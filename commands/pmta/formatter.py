"""A tree back to text: one statement a line, four blanks for each level, comments kept, blank runs cut to one line."""

from commands.pmta.language.tree import CLOSE, KEY, MORE, OPEN, TRIVIA, Block, Statement, Tree

DEEPEST = 6  # levels of indentation: PowerMTA has three, nonsense can have thousands


def formatted(tree: Tree) -> str:
    """The config as PowerMTA wants it written. Parsing it gives the same tree."""
    lines: list[str] = []
    for one in tree.statements:
        if one.kind == KEY:
            lines.append(tree.text[one.start : one.end].strip())
        elif one.kind == MORE:
            _add_comment(lines, _comment(tree.text, one), _depth(one.block))
        elif one.kind == TRIVIA:
            _add_trivia(lines, _comment(tree.text, one), _depth(one.block))
        else:
            comment = _comment(tree.text, one)
            lines.append("    " * _indent(one) + _written(one) + (f" {comment}" if comment else ""))
    return "\n".join(lines).rstrip("\n") + "\n" if lines else ""


def _written(one: Statement) -> str:
    if one.kind == OPEN:
        return f"<{one.name}{' ' + one.value if one.value else ''}>"
    if one.kind == CLOSE:
        return f"</{one.name}{' ' + one.value if one.value else ''}>"
    if one.name[:1] == "/":
        return one.value
    return f"{one.name} {one.value}".rstrip()


def _comment(text: str, one: Statement) -> str:
    return text[one.comment_at : one.end].strip() if one.comment_at >= 0 else ""


def _add_trivia(lines: list[str], comment: str, depth: int) -> None:
    if comment:
        lines.append("    " * depth + comment)
    elif lines and lines[-1]:
        lines.append("")


def _add_comment(lines: list[str], comment: str, depth: int) -> None:
    if comment:
        lines.append("    " * depth + comment)


def _depth(block: Block | None) -> int:
    depth = 0
    while depth < DEEPEST and block is not None and block.parent is not None:
        depth, block = depth + 1, block.parent
    return depth


def _indent(one: Statement) -> int:
    depth = _depth(one.block)
    return max(depth - 1, 0) if one.kind == CLOSE and one.block.closing is one else depth
