"""`python bench/pmta_shapes.py [KB]`: texts that nobody writes and everybody can send, at one length and at twice that.

CPU time of this process. Whatever takes more than about twice as long for twice the length is not linear.
"""

import sys
import time
from collections.abc import Callable

from commands.pmta.fixes import changes, safe_fixes
from commands.pmta.linter import study


def filled(piece: str, length: int) -> str:
    """A piece over and over, cut at a length."""
    return (piece * (length // len(piece) + 1))[:length]


def numbered(piece: str, length: int) -> str:
    """A piece over and over with a running number for each {0}."""
    made, size, number = [], 0, 0
    while size < length:
        made.append(piece.format(number))
        size += len(made[-1])
        number += 1
    return "".join(made)


SHAPES: dict[str, Callable[[int], str]] = {
    "nested domains": lambda n: filled("<domain *>\n", n),
    "nested domains in one line": lambda n: filled("<domain *>", n),
    "nested pattern-lists": lambda n: filled("<pattern-list>\n", n // 2) + filled("</pattern-list>\n", n // 2),
    "nested unknown tags": lambda n: filled("<aaa>\n", n // 2) + filled("</aaa>\n", n // 2),
    "unknown tags": lambda n: numbered("<a{0}>\n", n),
    "closing tags": lambda n: filled("</domain>\n", n),
    "angle brackets": lambda n: filled("<", n),
    "settings in one line": lambda n: filled("max-smtp-out 20 ", n),
    "stanzas in one line": lambda n: filled("<source 0/0> require-auth yes </source> ", n),
    "one word": lambda n: filled("x", n),
    "one list": lambda n: "domain-macro a " + filled("a.example,", n),
    "quotes": lambda n: filled('"', n),
    "slashes": lambda n: filled("/", n),
    "backslashes": lambda n: filled("\\", n),
    "comment signs": lambda n: filled("#", n),
    "mutes": lambda n: filled("# portero: ignore=x ", n),
    "blanks": lambda n: filled(" ", n),
    "line breaks": lambda n: filled("\n", n),
    "open patterns": lambda n: filled("reply /x\n", n),
    "one pattern": lambda n: "<bounce-category-patterns>\n/" + filled("a|", n) + "/ x\n</bounce-category-patterns>\n",
    "open macros": lambda n: filled("domain-macro a\n", n),
    "chain of macros": lambda n: numbered("domain-macro m{0} $m{0}x\n", n),
    "key headers": lambda n: filled("-----BEGIN PRIVATE KEY-----\n", n),
    "passwords in one line": lambda n: "password " + filled("x y ", n),
    "passwords": lambda n: filled("password x\n", n),
    "users in URLs": lambda n: filled("http://a:b@", n),
    "sources": lambda n: numbered("<source s{0}>\nrequire-auth yes\n</source>\n", n),
    "domains": lambda n: numbered("<domain d{0}.example>\nuse-starttls no\n</domain>\n", n),
    "missing VirtualMTAs": lambda n: numbered("<source s{0}>\ndefault-virtual-mta n{0}\n</source>\n", n),
    "web monitors": lambda n: numbered("http-access 2001:db8::{0:x} admin\n", n),
    "patterns": lambda n: "<smtp-pattern-list a>\n" + numbered("reply /x{0}/ mode=backoff\n", n),
    "pools": lambda n: numbered(
        "<virtual-mta-pool p{0}>\nvirtual-mta m\n<domain *>\n</domain>\n</virtual-mta-pool>\n", n
    ),
    "entities": lambda n: filled("&lt;domain *&gt;\n", n),
    "unknown settings": lambda n: numbered("max-smpt-out{0} 2\n", n),
    "labels": lambda n: "<domain " + filled("a.", n) + ">\n</domain>\n",
    "keys": lambda n: numbered("domain-key s,d{0}.example,/k\n", n),
}


def work(text: str) -> None:
    """Everything that the command does with a text."""
    report, _ = study(text)
    safe_fixes(text, report)
    changes(text, report)


def seconds(text: str) -> float:
    begin = time.process_time()
    work(text)
    return time.process_time() - begin


def main() -> None:
    length = (int(sys.argv[1]) if len(sys.argv) > 1 else 500) * 1000
    for name, shape in SHAPES.items():
        once, twice = seconds(shape(length)), seconds(shape(2 * length))
        print(f"{name:28} {length / 1e6:4.1f} MB {once:6.2f} s   twice {twice:6.2f} s   {twice / once:4.1f} times")


if __name__ == "__main__":
    main()
