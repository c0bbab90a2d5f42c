"""A topic of what people write, by examples."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Likely:
    """`said` are examples of how people write it, `means` a line that is read in its place, with `{names}` of facts.

    `otherwise` is read where no time is named.
    """

    said: tuple[str, ...]
    means: str = ""
    otherwise: str = ""
