"""Replies that providers give today, as a pattern-list meets them. Data: add a row where a provider says something new.

Columns: provider; the reply, its placeholders filled; what it is about: `rate` (slow down), `block` (stop, or wait for
hours), `limit` (fewer connections, or messages on each) and `mailbox` (one recipient, no reason to slow down).
Sources: the providers' pages for senders, and replies that parsers of bounces and public configs know (2024 to 2026).
"""

from typing import NamedTuple

RATE, BLOCK, LIMIT, MAILBOX = "rate", "block", "limit", "mailbox"


class Reply(NamedTuple):
    provider: str
    text: str
    kind: str


TODAY: tuple[Reply, ...] = (
    Reply(
        "Gmail 4.7.28",
        "421 4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP",
        RATE,
    ),
    Reply(
        "Gmail 4.7.0", "421 4.7.0 This message is suspicious due to the very low reputation of the sending domain", RATE
    ),
    Reply("Gmail 4.2.1", "450 4.2.1 The user you are trying to contact is receiving mail at a rate that", MAILBOX),
    Reply("Gmail 5.1.1", "550 5.1.1 The email account that you tried to reach does not exist", MAILBOX),
    Reply(
        "Yahoo TSS04", "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume", RATE
    ),
    Reply(
        "Yahoo TSS05", "421 4.7.0 [TSS05] Messages from 192.0.2.1 temporarily deferred due to unexpected volume", RATE
    ),
    Reply("Yahoo TSS09", "553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred", BLOCK),
    Reply("Yahoo messages", "421 Max message per connection reached, closing transmission channel", LIMIT),
    Reply("Yahoo 554.30", "554 30 Sorry, your message cannot be delivered. This mailbox is disabled (554.30)", MAILBOX),
    Reply("Microsoft S775", "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited (S775)", RATE),
    Reply(
        "Microsoft 4.7.652",
        "451 4.7.652 The mail server [192.0.2.1] has exceeded the maximum number of connections",
        LIMIT,
    ),
    Reply("Microsoft RP-001", "421 RP-001 (BAY) Unfortunately, some messages from 192.0.2.1 weren't sent", RATE),
    Reply(
        "Microsoft S3150", "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. block list (S3150)", BLOCK
    ),
    Reply("Microsoft busy", "451 4.7.500 Server busy. Please try again later from [192.0.2.1]", RATE),
    Reply("Microsoft 5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable", MAILBOX),
    Reply("Apple 4.7.1", "451 4.7.1 Service unavailable - try again later", RATE),
    Reply("Apple CS01", "554 5.7.1 [CS01] Message rejected due to local policy", BLOCK),
    Reply("GMX policy", "421 Reject due to policy violations", RATE),
    Reply("GMX block", "554 gmx.net (mxgmx010) Nemesis ESMTP Service not available. IP address is block listed", BLOCK),
    Reply("Orange 104", "421 mwinf5c04 ME Trop de connexions, veuillez verifier votre configuration. OFR_104", LIMIT),
    Reply("Orange 999", "421 mwinf5c04 ME Service refuse. Veuillez essayer plus tard. OFR_999", RATE),
    Reply("T-Online", "554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help) (BL)", BLOCK),
    Reply("Comcast RL000001", "421 4.1.0 192.0.2.1 Throttled - try again later. RL000001", RATE),
)
