"""Plain questions about Portero itself, as newcomers ask them. English and Spanish. Data only.

A row for each: words that all have to stand in the question, in lower case and without accents, and its answer, as
`docs/`, SECURITY.md and the help of the commands have it. The first that fits decides.
"""

from collections.abc import Mapping

from bot.slack.conversation.questions.topic_words import ALERTS, CHANGE, GUESTS, HOW, KEEP, KEPT, WHO, YOU, Topic

TOPICS: Mapping[str, Topic] = {
    "how to check": Topic(
        (),
        "Write its name, with a port or without: `mail.example.com`, `mail.example.com 587`; in a channel "
        "`@portero mail.example.com`. I look at its ports ({ports}), TLS and certificate, and never log in or send "
        "mail. Then ask on: `why?`, `again`, `watch it`.",
        ("check", "help"),
    ),
    "posted secret": Topic(
        (),
        "Delete that message, which I can't, and change the password: whoever reads here may have seen it. I keep no "
        "messages, and cover what looks like a password or a key in all that I show, keep and log.",
        ("settings",),
    ),
    "test mail": Topic(
        (
            "send|sends|sending|manda|mandar|mandas|mandes|envia|enviar|envias|envies",
            (
                "(?:test|testing|sample|trial|real|dummy)[- ](?:e-?mails?|mails?|messages?)|(?:e-?mails?|mails?) to|"
                "(?:correos?|e-?mails?|mails?|mensajes?) (?:de (?:prueba|test|ejemplo)|reales)"
            ),
        ),
        "I send no mail and never log in: a check greets a server, looks at its TLS, and leaves. I say whether {host} "
        "is ready to take mail, which port and TLS to use, and what an error means. `/smtpwatch test "
        "mail.example.com` shows what an alert looks like.",
        ("check", "port"),
        unless="which|what|how (?:do|can|should) (?:i|we)|cannot|can ?not|can't|unable|error|need to|que puerto|"
        "como (?:envio|mando)",
        of_hosts=True,
    ),
    "open relay": Topic(
        (
            "open relays?|open to relay|relays? for (?:any|every)(?:one|body)|relays? for all|relays? abiert[oa]s?",
            "is|are|does|do|can|check|test|esta|es|comprueba",
        ),
        "Whether {host} relays for everybody I do not test: a check never tries to send. It says what each port "
        "offers, logins included; `/pmta` finds the lines of a config that make an open relay.",
        ("check", "config"),
        unless=r"what|mean|spam|somebody|someone|abused?|5\d\d|denied",
        of_hosts=True,
    ),
    "login": Topic(
        (
            (
                "logs? in|log(?:ging)? (?:in|on|into)|login to|authenticate|send (?:any )?e?-?mails?|autenticas?|"
                "inicias sesion|envias correos?"
            ),
            (
                r"does (?:it|this|portero|the bot|a check)|do you|will (?:you|it)|te|inicias|envias|^(?:log ?in|"
                r"authenticate)"
            ),
        ),
        "No: I send no mail and never log in. A check connects, says EHLO, looks at TLS and the certificate, and "
        "leaves with QUIT; it never says MAIL, RCPT or AUTH.",
        ("check",),
        unless="which|what|who|why|how|offer",
        of_hosts=True,
    ),
    "secrets": Topic(
        (
            "passwords?|secrets?|credentials?|api keys?|keys|tokens?|contrasenas?|claves?|secretos?",
            (
                "paste|share|type|write|post|put|send|safe|secure|leaks?|hide|mask|see|store|keep|pego|pegar|pongo|"
                "escribo|escribir|compartir|guardas?|ves"
            ),
            f"{YOU}|here|safe|aqui|seguro",
        ),
        "Better not: I need none, for I never log in. What looks like a password or a key is covered before anything "
        "is shown, kept or logged, but your message stays in Slack: delete it, and change what was in it.",
        unless="wrong|error|rejected|refused|fails",
    ),
    "files": Topic(
        (
            (
                "csv|jsonl?|files?|excel|spreadsheets?|download(?:ed)?|export(?:ing)?|archivos?|ficheros?|descarg(?:o|"
                "ar)|export(?:o|ar)"
            ),
            (
                "watches|vigilancias|history|results?|checks|log|audit|incidents?|outages?|data|historial?a?|"
                "resultados|registro|incidentes|datos"
            ),
        ),
        "Behind a list `csv`, `json` or `jsonl` makes a file, which comes by direct message: `/smtphistory since 7d "
        "csv`, `/smtpwatch incidents since 7d csv`. Where Portero runs, a terminal has the log of changes "
        "and the list of watches: `portero log --all --format csv`, `portero watch list --json`.",
        ("file", "incidents", "log"),
        unless="configs?|pmta|since|last|today|yesterday|incidents since|past|this|week|month|pasad[oa]s?|"
        "est[ae]|semana|mes|(?:export|download|exporta) (?:the |los )?"
        "(?:incidents|incidentes)|error|config file",
    ),
    "reads": Topic(
        (
            "read|reads|reading|listen|listens|listening|see|sees|spy|spying|lee|lees|leer|escuchas?|ves|espias?",
            f"{YOU}|my|our|nuestros|mis|lees|ves|escuchas",
            (
                "e?-?mails?|channels?|messages?|conversations?|chats?|everything|dms?|threads?|canal|canales|mensajes|"
                "conversaciones|todo|hilos?"
            ),
        ),
        "I see nobody's mail. I read what is written to me: direct messages, messages that mention me, and one on "
        "which somebody uses a shortcut of mine. Nothing else in a channel reaches me, and your messages are not kept.",
        ("settings", "help"),
        unless="who|whom|anyone|anybody|can (?:others?|people|admins?|my)|quien|history|i (?:check|ask)(?:ed)?|"
        "gmail|google|outlook|microsoft|yahoo|(?:my|our) provider",
    ),
    "kept": Topic(
        (
            KEEP,
            KEPT,
            f"{YOU}|data|results?|configs?|how long|where|datos|resultados|cuanto(?: tiempo)?|donde|guardas",
        ),
        "Kept are results (what was asked of which host, what was seen, by whom and where), watches with their "
        "incidents and notes, and a log of changes. Your messages are not, nor passwords. Configs are {configs}. "
        "{retention}.",
        ("mine", "settings"),
        unless=f"{CHANGE}|only|watch|show|export|queues?|mail server|backup",
        alone="privacy(?: policy)?|data protection|gdpr|rgpd|privacidad",
    ),
    "sees": Topic(
        (
            (
                f"{WHO}|(?:can|could|may|does|will) (?!i |you |we |it )@?\\w+(?= (?:see|read|view|find|look at) (?:my|"
                "what i) (?:checks?|results?|questions?|history|dms?|ask|type))"
            ),
            "see|sees|read|reads|look at|view|find|ve|ven|lee|leen|ver|leer",
            (
                "what i|my|mine|i (?:check|ask|type|write)(?:ed)?|checks?|results?|this|it|answers?|lo que|mis|mi|"
                "resultados?|respuestas?|esto|private|privado"
            ),
        ),
        "{who_sees_what}",
        ("settings",),
        unless="down|alerts?|watch(?:es|ing)?|certs?|certificates?|changed|incident|problem|error|anyone else|anybody "
        "else|happen",
    ),
    "private": Topic(
        ("(?:is|are) (?:this|it|that|my|these) .{0,20}private|who sees what|quien ve que|es(?: esto)? privado",),
        "{who_sees_what}",
        ("settings",),
    ),
    "who": Topic(
        (
            f"{WHO}|{GUESTS}|members?",
            "use|uses|using|allowed|access|talk|permission|permitted|usan?|usar(?:te)?|utiliza(?:r)?|acceso|permitido",
            f"{YOU}|here|aqui|usarte",
        ),
        "Everybody in this workspace may use me. Guests, and people of other organisations in shared channels, only "
        "where whoever runs Portero allows it (`PORTERO_ALLOW_GUESTS`, `PORTERO_ALLOW_TEAMS`); admins see and delete "
        "all results.",
        ("settings",),
        unless="from|desde|ports?|muted?|changed|checked|watch(?:es|ing)?|access denied",
    ),
    "stop alerts": Topic(
        (
            f"{HOW}|stop|quiero",
            (
                "stop|stops|quiet|silence|silent|mute|fewer|less|disable|turn off|too many|no more|get rid|unsubscribe|"
                "par(?:o|ar)|silenci(?:o|ar)|menos|desactiv(?:o|ar)|quit(?:o|ar)|dejar de"
            ),
            ALERTS,
        ),
        "Of one host: `mute mail.example.com 2d`, `snooze mail.example.com 2h`, or delete its watch. Of all: `mute all "
        "2h`. Each alert has buttons for that, too; who acknowledges one is not reminded.",
        ("list",),
    ),
    "where alerts go": Topic(
        (
            HOW,
            f"{CHANGE}|send|route|redirect|choose|pick|different|another|mover|enviar|elegir|otro",
            f"(?:channels?|canal|canales).*(?:{ALERTS})|(?:{ALERTS}).*(?:channels?|canal|canales|go|come|posted)",
        ),
        "`/smtpwatch edit mail.example.com in #channel` sends the alerts of a watch elsewhere, `notify @group` says "
        "whom they mention; its card has *Edit*, too.",
        ("list",),
    ),
    "get alerts": Topic(
        (
            HOW,
            (
                "get|receive|set ?-?up|create|make|add|turn on|enable|be|recib(?:o|ir)|configur(?:o|ar)|cre(?:o|ar)|"
                "activar"
            ),
            f"{ALERTS}|told|warned|paged",
        ),
        "Watch the host in the channel that is to be told: `watch mail.example.com every 15m`. It alerts there when "
        "something changes for good, and mentions whom `notify @group` names.",
        ("watch",),
        unless="error|bounce|why|rid|spam",
    ),
    "invite": Topic(
        (
            f"{HOW}|invite|why",
            (
                "invite|inviting|add (?:you|portero|the bot)|bring|get you|use (?:it|you|portero|this)|private|"
                "invit(?:o|ar)|anadirte|te anado|usarte"
            ),
            "channels?|canal|canales|here|aqui",
        ),
        "`/invite @portero` in the channel, a private one, too: then mentions are answered there and alerts posted. "
        "Commands such as `/smtpcheck` work everywhere, and answer you alone.",
        ("watch",),
    ),
    "other protocols": Topic(
        (
            "imaps?|pop3?s?|webmail|web mail|ews|ldap|https?|websites?|ssh|ftp",
            "check|checks|test|monitor|support|supports|probe|watch|compruebas?|comprobar|soportas?|vigilar|revisar",
        ),
        "I check SMTP alone, on these ports: {ports}. IMAP, POP3, web mail and other services I do not look at.",
        ("check",),
        unless="which|what|port|puerto|settings|error",
        alone=r"(?:pop3?s?|imaps?) [\w-]+\.[\w.-]+",
    ),
    "sender records": Topic(
        (
            "spf|dkim|dmarc|bimi",
            "has|have|does|is|are|check|checks|look|show|what|which|test|tiene|hay|comprueba|miras?",
        ),
        "I look at servers and ports, not at SPF, DKIM and DMARC. `dig +short TXT {domain}` shows SPF, `dig +short TXT "
        "_dmarc.{domain}` DMARC; of DKIM one has to know the selector, which stands in a signed mail.",
        ("check",),
        of_hosts=True,
        unless=r"5\d\d|4\d\d|fail\w*|error\w*|refus\w*|reject\w*|bounce\w*|why|mean\w*|for|difference|how|need\w*|ports?|"
        "softfail|required?|spam|blocked|unauthenticated",
    ),
    "blocklists": Topic(
        (
            (
                "(?:black|block|deny)-? ?list(?:s|ed|ing)?|dnsbls?|rbls?|spamhaus|barracuda|listas? negras?|reputation|"
                "reputacion"
            ),
            "check|look|lookup|look up|is|are|am|do|can|test|estamos|esta|comprueba|comprobar|puedes|miras",
        ),
        "I look nothing up in blocklists. Where a server refuses our address and names one, the check says so, and "
        "what to do.",
        ("check", "network"),
        unless=r"5\d\d|4\d\d|blocked using|refus\w+|delist\w*|reject\w*|bounce\w*|get off|removed?|how do",
        of_hosts=True,
    ),
    "language": Topic(
        (
            "spanish|espanol|castellano|english|ingles|languages?|idiomas?|french|german|frances|aleman",
            "speak|do|can|in|which|what|understand|answer|hablas|puedes|en|que|entiendes",
        ),
        "I understand English and Spanish (entiendo inglés y español) and answer in English.",
        ("help",),
        unless="programming",
    ),
    "licence": Topic(
        (
            (
                "open ?-?source|licen[cs]es?|source code|codigo (?:abierto|fuente)|licencia|(?:es|eres) gratis|"
                "(?:you|it|this|portero) free|free of charge|(?:much|does|do) .{1,30} costs?|cuanto cuestas?|"
                "who (?:made|wrote|built|develops|created) (?:you|this|portero|it)|quien te (?:hizo|ha hecho|creo)"
            ),
        ),
        "Portero is open source, under the Apache-2.0 licence, and free. It runs on a machine of whoever runs it here.",
        ("status",),
    ),
    "documentation": Topic(
        (
            "docs?|documentation|manual|readme|tutorial|instructions|documentacion|guia|instrucciones",
            "where|is|are|have|link|find|show|read|any|donde|hay|tienes|esta",
        ),
        "`help` lists the commands, `help smtpcheck` shows one with all its examples. The whole documentation lies "
        "beside the program, in `docs/`: `verdicts.md` on what is said of a host, `operating.md` for whoever runs it.",
        ("help",),
        unless="pmta|powermta|rule|setting",
    ),
    "commands": Topic(
        (
            "commands?|comandos?|features?|funciones",
            "which|what|list|all|show|are there|have|que|cuales|hay|tienes|lista",
        ),
        line="portero help",
        unless="smtp|ehlo|pmta|supports?|sql",
    ),
    "what it does": Topic(
        (
            "you|portero|it|this|bot|sirves|haces|puedes",
            (
                "good for|do for (?:me|us)|capable of|your (?:job|purpose)|can you do|able to do|sirves|saber? "
                "hacer|puedes hacer"
            ),
        ),
        line="conversation hello",
        unless="starttls|tls|port|ports",
    ),
    "be quiet": Topic(
        (
            "how|can i|can we|como|puedo",
            (
                "shut (?:you )?up|you (?:shut up|be quiet|stop)|be quiet|leave (?:me|us) alone|stop (?:talking|"
                "posting|bothering|messaging|pinging|writing)(?: to)? ?(?:me|us|here)?|deja de escribir(?:me|nos)?|"
                "que te calles"
            ),
        ),
        "I write only what is asked, and alerts. Of one host: `mute mail.example.com 2d`, or delete its watch; of "
        "all: `mute all 2h`. `/remove @portero` takes me out of a channel.",
        ("list",),
    ),
}
