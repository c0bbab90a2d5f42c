"""What people write round a config that they send in a message: `validate this config:`, `thanks`. Pure, and total."""

import re

_LONGEST = 300
"""Characters in which they introduce it."""

_INTRODUCED = re.compile(
    r"[\s\u00bf\u00a1]*(?:/?pmta\b[\s,:]*)?"
    r"(?:(?:hi|hello|hey|hola|please|pls|por favor|can|could|would|will|you|somebody|someone|puedes|podrias|me)\b"
    r"[\s,!]*)*"
    r"(?:(?:validate|check|lint|verify|review|inspect|test|look at|have a look at|look over|"
    r"what(?:'s| is) wrong (?:with|in|here)|"
    r"is there anything wrong (?:with|in)|is|here is|here's|this is|valida(?:r)?|revisa(?:r)?|comprueba|comprobar|"
    r"verifica(?:r)?|mira|que (?:esta|hay de) mal en|aqui esta|esta es|esta)(?![\w-])[ \t]*)"
    r"(?:(?:if|this|these|that|it|the|my|our|following|pmta|powermta|config(?:uration|uracion)?|stanzas?|lines?|file|part|of|"
    r"for|me|us|please|ok|okay|right|correct|valid|fine|is|are|esto|esta|este|mi|la|el|de|por favor|bien|"
    r"bloque|linea|lineas)(?![\w-])[ \t,]*)*(?:[:?!.]+|(?=\s*(?:\n|<|`|[a-z]+-[a-z-]+\s))|\s*$)\s*",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:pmta|powermta|config|configuration|configuracion|stanza)\b", re.IGNORECASE)
_THANKS = re.compile(
    r"\n\s*(?:thanks|thank you|thx|ty|please|pls|gracias|por favor)[\s,.!]*(?:in advance)?[\s.!]*$", re.IGNORECASE
)
_FENCED = re.compile(r"```(?:[\w-]*[^\S\n]*\n)?(.*?)```", re.DOTALL)
_SET = re.compile(r"^\s*(?:[a-z][a-z0-9]*(?:-[a-z0-9]+)+\s+\S|<)", re.MULTILINE)
"""A setting, or a tag, that stands outside."""

_ACCENTS = str.maketrans("áéíóúÁÉÍÓÚ", "aeiouAEIOU")


def introduction(text: str) -> str:
    """What introduces a config that follows, as it was written; empty where it begins at once."""
    match = _INTRODUCED.match(text[:_LONGEST].translate(_ACCENTS))
    return text[: match.end()] if match else ""


def names_config(introduced: str) -> bool:
    """Whether an introduction says that a config follows."""
    return _NAMED.search(introduced.translate(_ACCENTS)) is not None


def is_introduction(text: str) -> bool:
    """Whether nothing follows."""
    return bool(text.strip()) and introduction(text) == text


def without_words(text: str) -> str:
    """The text without what introduces it and thanks behind it; of a single code block its content."""
    fenced = _FENCED.findall(text)
    if len(fenced) == 1 and not _SET.search(_FENCED.sub("", text)):
        return str(fenced[0]).strip("\n")
    said = text[len(introduction(text)) :]
    return said[: thanks.start()] if (thanks := _THANKS.search(said)) else said
