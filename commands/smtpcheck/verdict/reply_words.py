"""What a refusal in words is about: the name in our EHLO, or the address that we connect from. Both are ours. Data.

Wordings of Postfix, Exim, Sendmail, Exchange, Haraka, qmail, PowerMTA, MDaemon, Courier and large receivers.
"""

import re

OF_OUR_NAME = re.compile(
    r"helo|ehlo|\bfqdn|fully[- ]qualified|literal|(?<!reverse )host ?name|domain name|greeting name"
    r"|invalid domain|name invalid|use this name|mail loops back|domain must resolve",
    re.IGNORECASE,
)
"""What servers write where the name is at fault, in a refusal that could be about nothing but us."""

NAMES_NAME = re.compile(
    r"(?:helo|ehlo)[ /_-]?(?:helo|ehlo)?[ _-]?(?:name|host|domain|argument)|host ?name|domain name", re.IGNORECASE
)
"""The same in a reply that may speak of the command itself: `503 Send EHLO first` does not speak of a name."""

OF_OUR_ADDRESS = re.compile(
    r"5\.7\.25\b|\br?dns\b|\bptr\b|reverse|block ?list|black ?list|blocked|\b(?:dns|r)bl\b|spamhaus|spamcop|barracuda"
    r"|sorbs|\bbanned\b|reputation|client host|your (?:ip|address|host|network|server)\b|\bip=|sending ip"
    r"|connections? (?:will )?not (?:be )?accepted from|(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.])",
    re.IGNORECASE,
)
"""What servers write where the address that we come from is at fault; most name it."""
