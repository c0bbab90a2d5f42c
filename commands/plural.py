"""Numbers with their nouns, for people."""


def plural(count: int, one: str, many: str = "") -> str:
    """`1 day`, `3 days`, `1,200 watches`."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
