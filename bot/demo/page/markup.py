"""HTML made of elements, so that nothing that anybody wrote can become markup."""

import re
from typing import TypeAlias
from xml.etree.ElementTree import Element, tostring  # nosec - elements are made here, nothing is parsed

Child: TypeAlias = "Element | str | None"
Value: TypeAlias = str | bool | None

UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What HTML has no place for; a browser would drop it or take it for something else."""


def tag(element: str, /, *children: Child, **attributes: Value) -> Element:
    """An element. Of attributes, True is one without a value, None and False are left out; `_` stands for `-`."""
    made = Element(element)
    for key, value in attributes.items():
        if value is not None and value is not False:
            made.set(key.strip("_").replace("_", "-"), "" if value is True else value)
    for child in children:
        _append(made, child)
    return made


def html(element: Element) -> str:
    """The element as text for a browser."""
    return UNSEEN.sub("\N{REPLACEMENT CHARACTER}", tostring(element, encoding="unicode", method="html"))


def _append(parent: Element, child: Child) -> None:
    if child is None:
        return
    if isinstance(child, Element):
        parent.append(child)
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + child
    else:
        parent.text = (parent.text or "") + child
