"""Tags as XML has them: with attributes, or closing themselves."""

import re

_ATTRIBUTE = re.compile(r"""[\w-]+\s*=\s*["'][^"']*["']""")
_NOT_XML = frozenset({"acct-file", "spool"})
"""Their argument is a path or a command."""


def is_xml(tag: str, argument: str) -> bool:
    if "=" not in argument and not argument.endswith("/"):
        return False
    return tag not in _NOT_XML and (bool(_ATTRIBUTE.match(argument)) or closes_itself(tag, argument))


def closes_itself(tag: str, argument: str) -> bool:
    """`<virtual-mta name="a" />`."""
    if not argument.endswith("/") or tag in _NOT_XML:
        return False
    before = argument[:-1]
    return not before or before[-1] in " \t\"'"
