"""What may be stored of a config's text, where a setting asks for it: the lines that are understood, secrets covered.

A masker knows names and shapes of secrets; in a line that nobody understands it cannot be sure. So what is stored is
written from the tree, a statement a line: comments and every line that does not fit the catalogue are left out, and
free words are covered whatever their name is.
"""

from collections.abc import Iterator

from commands.pmta.harmless_words import is_plain
from commands.pmta.language.catalogue import TAGS
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import kind_of
from commands.pmta.language.patterns import is_domain_pattern
from commands.pmta.language.tree import CLOSE, DIRECTIVE, OPEN, TRIVIA, Statement
from commands.pmta.language.values import Argument, arguments, misfit
from commands.pmta.language.words import bare, is_pattern, split_words
from commands.pmta.masking import STARS, Mask

NOT_UNDERSTOOD = "# (line not understood)"
COMMENT = "# (comment)"
FREE = frozenset({"anything", "text", "word", "secret", "api-key", "hex-key"})
"""Kinds of values that may be any text."""


def kept(text: str, version: str = "5.0", whole: Mask | None = None) -> str:
    """The text as it is stored, line by line; `whole` knows its secrets."""
    config = Config(text, version=version)
    lines = [line for one in config.tree.statements for line in _lines(config, one)]
    config.release()
    mask = Mask("".join(f"{line}\n" for line in lines))
    return (whole or Mask(text)).about(mask.apply(0, len(mask.text)))


def _lines(config: Config, one: Statement) -> Iterator[str]:
    """A statement as a line; below it an empty one for each further line of the text, so that lines keep numbers."""
    stretch = config.text[one.start : one.end]
    if one.kind == TRIVIA:
        yield COMMENT if one.comment_at >= 0 else ""
    else:
        indent = config.text[one.start : one.at].rpartition("\n")[2]
        yield f"{indent if indent.isspace() else ''}{_written(config, one) or NOT_UNDERSTOOD}"
    yield from [""] * (len(stretch.splitlines()) - 1)


def _written(config: Config, one: Statement) -> str:
    """A statement that is understood, its free words covered; else ""."""
    if one.kind in (OPEN, CLOSE):
        return _tag(config.text, one)
    row = config.row(one) if one.kind == DIRECTIVE and kind_of(one) in ("", "assignment") else None
    sign, value = ("= ", one.value[1:].lstrip()) if one.value.startswith("=") else ("", one.value)
    if row is None or not row.form or misfit(one.key, row.form, value) or _may_be_comment(value):
        return ""
    said = sign + _value(one.key, value, row.form)
    return said if one.name.startswith("/") else f"{one.name} {said}"


def _may_be_comment(value: str) -> bool:
    """Whether what looks like an empty pattern with its category (`// other`) may be a remark of one word."""
    return value.startswith("//") and not is_plain(value[2:].strip())


def _value(key: str, value: str, form: str) -> str:
    """A value that fits its form, argument by argument."""
    made, position = "", 0
    for word, argument in zip(split_words(key, value, 0), arguments(form), strict=False):
        text = value[word.at :] if argument.rest else word.text
        made += value[position : word.at] + _covered(text, argument)
        position = word.at + len(text)
    return made


def _covered(text: str, argument: Argument) -> str:
    """A value, or stars when only a kind that takes any text takes it; of a URL what stands behind the host."""
    firm = Argument(tuple(kind for kind in argument.kinds if kind not in FREE), argument.optional, argument.rest)
    word = bare(text)
    if "url" in firm.kinds and "://" in word:
        scheme, _, rest = word.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}://{host.rpartition('@')[2].partition('?')[0]}{slash}{STARS if path else ''}"
    is_shaped = is_pattern(word) or ("." in word and is_domain_pattern(word))
    return text if firm.accepts(word) or (is_shaped and "word" in argument.kinds) else STARS


def _tag(text: str, one: Statement) -> str:
    """A tag of the catalogue with as many arguments as it takes; else ""."""
    tag, written = TAGS.get(one.key), text[one.at : one.stop]
    most = 0 if tag is None or one.kind == CLOSE or tag.argument == "none" else 1
    return written if tag and written.endswith(">") and len(split_words(one.key, one.value, 0)) <= most else ""
