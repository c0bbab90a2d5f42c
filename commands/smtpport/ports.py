"""The ports, told in our own words, each with its registration and its evidence. Data only."""

from commands.smtpport import sources as s
from commands.smtpport.evidence import reported, unconfirmed
from commands.smtpport.records import Port

PORTS = (
    Port(
        24,
        "private mail systems, LMTP by custom",
        "none (set aside for private mail systems)",
        "lmtp",
        "none",
        (
            (
                "LMTP hands mail to a mailbox store on your own network. It must not run on 25, and it stays inside: "
                "port 24 or a UNIX socket, never across the Internet."
            ),
            "A client says LHLO instead of EHLO.",
        ),
        (s.IANA, s.RFC_2033, s.POSTFIX_LMTP),
        {1: (s.RFC_2033,)},
    ),
    Port(
        25,
        "relay between mail servers",
        "smtp",
        "relay",
        "starttls",
        (
            (
                "The original port of SMTP, since RFC 821, and still the registered default. Mail servers use it to "
                "hand mail to each other: MX records carry no port, so delivery to other people's domains is always 25."
            ),
            (
                "Asynchronous (out-of-band) bounces and feedback-loop reports come to the MX of the return path on 25 "
                "too: a server that wants them must listen there."
            ),
            (
                "Apps and mail clients should not send through it. Many ISPs and clouds block it outbound, to stop "
                "spam from infected machines; unless you run a mail server, nothing of yours needs it."
            ),
            "TLS is offered with STARTTLS and cannot be demanded of the whole world; MTA-STS or DANE harden it.",
            (
                "To see whether your network lets 25 out, connect from a shell (telnet, nc, openssl) to a known mail "
                "exchanger. A 220 greeting means open; silence or a refusal there, and on a second operator's server, "
                "means blocked."
            ),
        ),
        (s.IANA,),
        {
            0: (s.RFC_821, s.RFC_5321, s.RFC_8314_7_3, s.IANA),
            1: (s.RFC_3464, s.RFC_5321, s.RFC_5965),
            2: (s.RFC_6409_3_1, s.SPARKPOST_GUIDE),
            3: (s.RFC_3207_4, s.RFC_8461, s.RFC_7672),
            4: (s.SPARKPOST_GUIDE,),
        },
    ),
    Port(
        26,
        "a shared hoster's way round blocks on 25",
        "none (unassigned)",
        "submission",
        "starttls",
        ("Hosters with cPanel open it as a second submission port. Nothing registers it for mail.",),
        (
            s.IANA,
            reported(
                "Digicom, port 26",
                "https://portal.digicom.com/index.php?rp=/knowledgebase/81/",
                "undated (read 2026-11)",
            ),
        ),
    ),
    Port(
        80,
        "web port that one relay answers SMTP on",
        "http",
        "submission",
        "starttls",
        ("The port of the web. SMTP2GO also takes SMTP there, for networks that let nothing else out.",),
        (s.IANA, s.SMTP2GO),
    ),
    Port(
        110,
        "POP3: fetching mail, not sending it",
        "pop3",
        "reading",
        "starttls",
        ("Mail clients fetch mail with POP3 or IMAP. Sending is SMTP and needs a port of its own.",),
        (s.IANA, s.RFC_8314_3),
    ),
    Port(
        143,
        "IMAP: reading mail, not sending it",
        "imap",
        "reading",
        "starttls",
        ("Mail clients read mail with IMAP or POP3. Sending is SMTP and needs a port of its own.",),
        (s.IANA, s.RFC_8314_3),
    ),
    Port(
        366,
        "on-demand mail relay",
        "odmr",
        "relay",
        "none",
        ("ODMR (ATRN) lets a site that is not always connected ask for its mail. Rare today.",),
        (s.IANA, s.RFC_2645),
    ),
    Port(
        443,
        "web port that one relay answers SMTP on",
        "https",
        "submission",
        "implicit",
        ("The port of the secure web. SMTP2GO also takes SMTP there with TLS from the first byte.",),
        (s.IANA, s.SMTP2GO),
    ),
    Port(
        465,
        "submission with TLS from the first byte",
        "submissions (beside urd, on purpose)",
        "submission",
        "implicit",
        (
            (
                "Recommended by RFC 8314 (2018) for apps and mail clients, next to 587 with STARTTLS. Where your "
                "provider offers it, it is fine to use."
            ),
            (
                'You will still read that 465 is deprecated. That was a fair reading until 2018: the "smtps" '
                "registration of the 1990s had been withdrawn and the number given to another service. Since then the "
                'registry lists it for mail again, as "submissions".'
            ),
            (
                "SparkPost accepts no connections on 465, and its guide calls the port obsolete: for SparkPost the "
                "answer is 587, then 2525. Microsoft 365 has no 465 either."
            ),
            "A client must be set to SSL/TLS, not STARTTLS, on this port.",
        ),
        (s.RFC_8314_3_3,),
        {1: (s.RFC_8314_7_3, s.IANA, s.SPARKPOST_PORTS), 2: (s.SPARKPOST_NO_465, s.SPARKPOST_API, s.M365)},
    ),
    Port(
        587,
        "submission with STARTTLS",
        "submission",
        "submission",
        "starttls",
        (
            (
                "The port on which apps, mail clients and sending systems hand mail to their provider, after a login. "
                "RFC 6409 reserves it."
            ),
            (
                "The session begins in clear, so set the client to require STARTTLS; with TLS required it is as safe "
                "as 465 (RFC 8314)."
            ),
            'A client set to SSL/TLS instead of STARTTLS fails here, with "wrong version number" or a hang.',
        ),
        (s.RFC_8314_3_3,),
        {0: (s.RFC_6409_3_1, s.RFC_6409_4_3, s.IANA)},
    ),
    Port(
        588,
        "an alternate of one provider",
        "cal",
        "submission",
        "starttls",
        ("Mailjet is said to answer on it; no page of its own was read for it. It is registered for something else.",),
        (
            s.IANA,
            unconfirmed(
                "Mailjet, ports (588 not read there)", "https://smtptester.org/guides/mailjet-smtp-test/", "2026"
            ),
        ),
    ),
    Port(
        993,
        "IMAP with TLS: reading mail, not sending it",
        "imaps",
        "reading",
        "implicit",
        ("Mail clients read mail here. Sending is SMTP and needs a port of its own.",),
        (s.IANA, s.RFC_8314_3),
    ),
    Port(
        995,
        "POP3 with TLS: fetching mail, not sending it",
        "pop3s",
        "reading",
        "implicit",
        ("Mail clients fetch mail here. Sending is SMTP and needs a port of its own.",),
        (s.IANA, s.RFC_8314_3),
    ),
    Port(
        1025,
        "mail catcher for development",
        "blackjack",
        "local",
        "none",
        ("Mailpit and MailHog listen here: they show what an app sends and deliver nothing.",),
        (s.IANA, s.MAILPIT),
    ),
    Port(
        2465,
        "alternate for 465",
        "lbm",
        "submission",
        "implicit",
        ("Amazon SES, Resend and Scaleway answer here with TLS from the first byte, for networks that close 465.",),
        (s.IANA, s.SES, s.RESEND, s.SCALEWAY_TEM),
    ),
    Port(
        2525,
        "alternate for 587, by custom",
        "ms-v-worlds",
        "submission",
        "starttls",
        (
            (
                "No standard gives it to SMTP; the registry has another service there. SparkPost and many other "
                "providers answer on it all the same, for networks that close 587, and most speak STARTTLS there too."
            ),
            (
                "Google Compute Engine is the example that is always named. That is history: Google's page now names "
                "25 alone as blocked."
            ),
            "Nobody's MX listens on it, so that it does not answer there means nothing.",
        ),
        (s.IANA, s.SPARKPOST_API),
        {1: (s.SPARKPOST_API, s.GITLAB_CHARTS, s.GITLAB_GCE), 2: (s.RAILWAY,)},
    ),
    Port(
        2526,
        "a second alternate, rarely seen",
        "ema-sent-lm",
        "submission",
        "starttls",
        ("Some hosts open it as a second alternate. No provider's page was found that lists it.",),
        (s.IANA,),
    ),
    Port(
        2587,
        "alternate for 587",
        "masc",
        "submission",
        "starttls",
        ("Amazon SES, Resend and Scaleway answer here with STARTTLS, for networks that close 587.",),
        (s.IANA, s.SES, s.RESEND, s.SCALEWAY_TEM),
    ),
    Port(
        8025,
        "alternate of SMTP2GO; default of aiosmtpd",
        "ca-audit-da",
        "submission",
        "starttls",
        ("SMTP2GO takes mail here. On a developer's machine it is the usual port of aiosmtpd.",),
        (s.IANA, s.SMTP2GO, s.AIOSMTPD),
    ),
    Port(
        8465,
        "alternate of SMTP2GO",
        "not looked up",
        "submission",
        "implicit",
        ("SMTP2GO takes mail here with TLS from the first byte.",),
        (s.SMTP2GO,),
    ),
)
