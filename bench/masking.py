"""`python bench/masking.py [KB]`: parts of all that may hold a secret, over and over, at one length and at twice that.

CPU time of this process, in one line and one a line, as a config and as a question. Whatever takes more than about
twice as long for twice the length is not linear: only such are printed.
"""

import sys
import time
from collections.abc import Callable, Iterator
from itertools import product

from commands.pmta import masking as of_pmta
from commands.secrets import masking

SHORTEST = 0.1
"""Seconds: what takes less is not looked at."""

STEEP = 2.7
"""Times as long for twice the length."""

SIGNS = (
    " ", "\t", "\\", "//", "://", "@", ":", "a:", "a@", "a.", "a/", "a-", "a=", "=", "<", "<a ", "<a>", "</a>", '"',
    'a"', "'", "`", "#", "# ", ";", "&", "?a=", "{", "[", "(", "$", "%", ".", "..", "-", "--a ", "-u ", "-p", "1", "1:",
    "a1", "A1b", "Ab", "xoxb-", "key-", "AC", "eyJ", "$2y$", "{A}", "\u0430", "é", "\u200b", "|", "> ", "/a", "/ ",
    "/a/ ", "is ", "is the ", "use x as ", "user ", "user a:b1 ", "usr ", "usr a ", "login a/", "mysql ", "mysql -p ",
    "AUTH PLAIN ", "Bearer ", "http://", "http://a:b@", "//a@", "[a]:1 ", "a:1:b:", "x=y ", "x: y ", "x(",
    'f("a", "b") ', "p=", "v=DKIM1 ", "password ", "password\t", "password=", "password:", "password is ",
    "X is the password ", "password (", "password # ", "pass ", "pass-", "api ", "api key ", "p.a.s.s.w.", "p/w ",
    "max-smtp-out 20 ", "auth-password ", "domain-macro a ", "http-webhook-url https://h.example/a ", "BEGIN PRIVATE ",
    "END PRIVATE ", "Private-Lines: ", "value='a' ", "<td>password</td>",
)  # fmt: skip


BEGINNINGS = (
    "password", "# password", "user", "http-webhook-url", "https://", "# ", "AUTH PLAIN", "mysql", "token is",
    "auth-password", "<password>", "smtp-listener", "domain-macro a ", "x is the password", "use", "value=", "-u",
    "[h.example]:1 ", "<td>",
)  # fmt: skip
"""What something stands behind, over and over."""


def texts(length: int) -> Iterator[tuple[str, str]]:
    """Every text by a name: a fragment in one line, one a line, behind each beginning."""
    for fragment in SIGNS:
        count = length // len(fragment)
        yield fragment, fragment * count
        yield f"{fragment}\n", f"{fragment}\n" * count
    for beginning, sign in product(BEGINNINGS, SIGNS):
        yield f"{beginning} + {sign}", beginning + sign * (length // len(sign))


COVERS: dict[str, Callable[[str], object]] = {"config": of_pmta.Mask, "question": masking.Mask}


def seconds(cover: Callable[[str], object], text: str) -> float:
    begin = time.process_time()
    cover(text)
    return time.process_time() - begin


def main(length: int) -> None:
    """Print what is steep."""
    pairs = zip(texts(length), texts(2 * length), strict=True)
    for ((name, text), (_, double)), (kind, cover) in product(pairs, COVERS.items()):
        twice = seconds(cover, double)
        if twice > SHORTEST and twice > STEEP * (once := seconds(cover, text)):
            print(f"{kind:9} {name!r:40.40} {once:6.2f} s, twice as long {twice:6.2f} s")


if __name__ == "__main__":
    main(1000 * int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
