"""What a question is like: examples.toml and the rows of administration/, by the code of the answer.

A mistake in a file is told with its row.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from commands.likeness import Examples
from commands.smtpport.catalogue.lookup import networks, providers
from commands.smtpport.evidence.situations import administration, situations
from commands.smtpport.evidence.symptoms import fact_of
from commands.smtpport.frameworks.reader import frameworks

ADVICE, CIRCUMSTANCE = "advice.", "circumstance."
"""Before what is no diagnosis: a question that the catalogue answers, and a circumstance."""

_SECTIONS: Mapping[str, str] = {"answers": "", "errors": "", "advice": ADVICE, "circumstances": CIRCUMSTANCE}


@cache
def examples() -> Examples:
    """The files, read when the first question comes."""
    document = tomllib.loads(resources.files(__package__).joinpath("examples.toml").read_text("utf-8"))
    of_rows = {code: row["examples"] for code, row in administration().items()}
    return read_examples({**document, "answers": {**document["answers"], **of_rows}})


def read_examples(document: Mapping[str, Mapping[str, str]]) -> Examples:
    """A document of the sections of the file. `ValueError` names a row that belongs to nothing, or has no example."""
    topics = {
        f"{prefix}{code}": [line.strip() for line in said.splitlines() if line.strip()]
        for section, prefix in _SECTIONS.items()
        for code, said in document.get(section, {}).items()
    }
    if named := [code for code, row in situations().items() if row.named and code in topics]:
        raise ValueError(f"examples.toml, {named}: what is known of a product is found by its name")
    for code, said in topics.items():
        if not said or not (code.startswith((ADVICE, CIRCUMSTANCE)) or fact_of(code)):
            raise ValueError(f"examples.toml, {code}: no examples, or no such diagnosis")
    return Examples(topics, _words(document))


def _words(document: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """What words stand for; the names of the catalogue for themselves and their class."""
    places = [name for row in networks().values() for name in row.names]
    classes = {kind: said.split() for kind, said in document.get("classes", {}).items()}
    names = {name: f"PROVIDER {name}" for row in providers().values() for name in row.names if " " not in name}
    names |= {name: f"APP {name}" for row in frameworks().values() for name in row.names if " " not in name}
    names |= {name: "NETWORK" for name in places if " " not in name}
    names |= {name: kind for kind, said in classes.items() for name in said}
    names |= {word: meant for meant, said in document.get("words", {}).items() for word in said.split()}
    return names | {it.strip(): meant for meant, said in document.get("phrases", {}).items() for it in said.split(",")}
