"""A bounce category is spelled almost like one of PowerMTA's own.

Own category names are allowed, so PowerMTA takes the misspelled one, and the bounces are counted apart from the others
of their kind.

Bad:
    <bounce-category-patterns>
        /rejected by policy/ ploicy-related
    </bounce-category-patterns>

Good:
    <bounce-category-patterns>
        /rejected by policy/ policy-related
    </bounce-category-patterns>

Source: PowerMTA 5.0 User's Guide (2019 ed.), 10.8
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.lists import CATEGORIES
from commands.pmta.language.names import like
from commands.pmta.language.words import bare

CODE = "PMTA229"
NAME = "bounce-category-typo"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = Saying("PowerMTA's own category is called {category}.", "{category}")


def check(config: Config) -> Problems:
    seen = dict.fromkeys(CATEGORIES, "")
    for one in config.placed("/regex/", "bounce-category-patterns"):
        name = bare(one.word(1)).lower()
        if name not in seen:
            seen[name] = _meant(name)
        if name and seen[name]:
            yield at_word(one, 1, category=Own(seen[name]))


def _meant(name: str) -> str:
    """The own category with the same letters, one more or one less; other names are somebody's choice."""
    near = like(name, CATEGORIES)
    difference = abs(len(near) - len(name)) + sum(name.count(sign) != near.count(sign) for sign in {*name, *near})
    return near if near and difference <= 2 else ""
