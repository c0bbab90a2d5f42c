"""Last labels of host names: which dotted words are hosts, and not names of classes, methods or packages. Data only."""

_GENERIC = (
    "com net org info biz edu gov mil int arpa name pro mobi asia tel jobs travel museum coop aero post cat eus gal "
    "app dev cloud online site shop store xyz tech space website email agency company services solutions systems "
    "digital group gmbh berlin hamburg wien tirol swiss bayern koeln cologne nrw paris london madrid barcelona lat "
    "club life ltd inc blog news live world one top icu vip bar studio design consulting software center zone team "
    "expert guru page network networks work works today hosting media photo art games game fun ninja rocks "
    "social events house homes garden energy bike cafe restaurant health clinic care legal law tax finance fund "
    "capital bank credit global international earth city land amsterdam saarland scot wales quebec nyc tokyo africa "
    "microsoft google amazon "
)
_RESERVED = (
    "example test invalid local localhost localdomain lan home internal intern intranet corp private intra domain "
    "box nas office svc cluster docker onion "
)
"""RFC 2606 (1999), RFC 6762 (2013), and what networks of one's own are called."""

GENERIC = frozenset((*_GENERIC.split(), *_RESERVED.split()))


def is_suffix(label: str) -> bool:
    """Whether hosts end in a label: one of a country, a common one, or one that is kept for private networks."""
    return label in GENERIC or (len(label) == COUNTRY and label.isalpha())


COUNTRY = 2
"""Letters of a country's top-level domain."""
