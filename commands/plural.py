"""Numbers with their nouns, and sentences that a number changes, for people."""


def plural(count: int, one: str, many: str = "") -> str:
    """`1 day`, `3 days`, `1,200 watches`."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def by_count(count: int, sentences: tuple[str, str]) -> str:
    """The whole sentence for one, or the one for several; `{count}` in it becomes the number."""
    return sentences[count != 1].replace("{count}", f"{count:,}")
