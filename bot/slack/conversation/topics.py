"""Plain questions about Portero itself, as newcomers and administrators ask them. English and Spanish. Data only.

A row of `TOPICS` for each: words that all have to stand in the question, in lower case and without accents, and its
answer, as `docs/`, SECURITY.md and the help of the commands have it. The first that fits decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.slack.conversation.topic_words import ALERTS, CHANGE, GUESTS, HOW, KEEP, KEPT, MACHINE, SET_UP, WHO, YOU


@dataclass(frozen=True, slots=True)
class Topic:
    """`asks` are patterns of words of which each has to stand in the question, and never one of `unless`.

    `said` is mrkdwn with names of facts, `offers` names buttons (`plain_answers`); with `line` a command answers.
    `of_hosts`: a host may stand in it.
    """

    asks: tuple[str, ...]
    said: str = ""
    offers: tuple[str, ...] = ()
    unless: str = ""
    line: str = ""
    of_hosts: bool = False


TOPICS: Mapping[str, Topic] = {
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
    "login": Topic(
        (
            (
                "logs? in|log(?:ging)? (?:in|on|into)|login to|authenticate|send (?:any )?e?-?mails?|autenticas?|"
                "inicias sesion|envias correos?"
            ),
            "does (?:it|this|portero|the bot|a check)|do you|will (?:you|it)|te|inicias|envias",
        ),
        "No: I send no mail and never log in. A check connects, says EHLO, looks at TLS and the certificate, and "
        "leaves with QUIT; it never says MAIL, RCPT or AUTH.",
        ("check",),
        unless="which|what|who|why|how|offer",
    ),
    "secrets": Topic(
        (
            "passwords?|secrets?|credentials?|api keys?|keys|tokens?|contrasenas?|claves?|secretos?",
            (
                "paste|share|type|write|post|put|send|safe|secure|leaks?|hide|mask|see|store|keep|pego|pegar|pongo|escribo|"
                "escribir|compartir|guardas?|ves"
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
                "csv|jsonl?|files?|excel|spreadsheets?|download(?:ed)?|export(?:ing)?|archivos?|ficheros?|descarg(?:o|ar)|"
                "export(?:o|ar)"
            ),
            (
                "history|results?|checks|log|audit|incidents?|outages?|data|historial?a?|resultados|registro|incidentes|"
                "datos"
            ),
        ),
        "Behind a list `csv`, `json` or `jsonl` makes a file, which comes by direct message: `/smtphistory since 7d "
        "csv`, `/smtpwatch incidents since 7d csv`. The log of changes comes as a file in a terminal where Portero "
        "runs: `portero log --all --format csv`.",
        ("file", "incidents", "log"),
        unless="configs?|pmta|since|last|today|yesterday|incidents since|(?:export|download|exporta) (?:the |los )?"
        "(?:incidents|incidentes)|error|config file",
    ),
    "reads": Topic(
        (
            "read|reads|reading|listen|listens|listening|see|sees|spy|spying|lee|lees|leer|escuchas?|ves|espias?",
            f"{YOU}|lees|ves|escuchas",
            (
                "channels?|messages?|conversations?|chats?|everything|dms?|threads?|canal|canales|mensajes|conversaciones|"
                "todo|hilos?"
            ),
        ),
        "I read what is written to me: direct messages, messages that mention me, and one on which somebody uses a "
        "shortcut of mine. Nothing else in a channel reaches me, and your messages are not kept.",
        ("settings", "help"),
        unless="who|whom|anyone|anybody|can (?:others?|people|admins?|my)|quien|history|i (?:check|ask)(?:ed)?",
    ),
    "how long": Topic(
        (
            (
                f"how long|cuanto(?: tiempo)?|retention|retencion|{CHANGE}|delete|only|for|"
                r"\d+ ?(?:d|days?|weeks?|months?|dias?|meses)"
            ),
            "retention|retencion|kept|keeps?|stored?|guard(?:a|as|an|ar|ado|ados)|conserv(?:a|an|ar)",
            KEPT,
        ),
        "{retention}. It is set where Portero runs: `PORTERO_RETENTION_DAYS`; `portero settings` there has each by its "
        "name.",
        ("settings",),
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
    ),
    "sees": Topic(
        (
            WHO,
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
    "from where": Topic(
        (
            "who|whom|allowed|permitted|quien|quienes",
            "from|desde",
            "(?:may|can|could|allowed to|permitted to|is able to)(?: \\w+)?|puede|pueden",
            "check|checks|run|use|test|probe|comprobar|usar|revisar|lanzar",
        ),
        "Whoever I serve may check from every machine, unless `PORTERO_VANTAGES_ALLOW` names for one which channels, "
        "groups or people alone may; that is set where Portero runs.",
        ("vantages",),
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
    "guests": Topic(
        (
            GUESTS,
            "allow|let|can|may|could|see|add|invite|work|do|are|remove|pueden?|permitir|deja(?:r)?",
        ),
        "Guests, and people of other organisations in shared channels, are not served unless whoever runs Portero "
        "allows it (`PORTERO_ALLOW_GUESTS`, `PORTERO_ALLOW_TEAMS`).",
        ("settings",),
    ),
    "admins": Topic(
        (
            "admins?|administrators?|administrador(?:es)?",
            "add|make|become|who|be|is|are|name|new|another|anad(?:o|ir)|hacer|quien|soy",
        ),
        "Admins here are the admins and owners of the workspace, and whom `PORTERO_ADMINS` names where Portero runs: "
        "they see and delete all results.",
        ("settings",),
        unless="see|read|without|need|permission",
    ),
    "machine": Topic(
        (SET_UP, MACHINE),
        "Each machine that sends can check in my place. Where Portero runs: `PORTERO_NATS=managed` and `portero "
        "vantage add mta-03 --out mta-03.json`; on that machine `portero worker --credentials mta-03.json`. It needs "
        "no Slack token and no open port.",
        ("vantages",),
        unless="alerts?|channel|watch|postfix|exim|outlook|wordpress|mail (?:from|through|with)|refused",
    ),
    "forget": Topic(
        (
            "delete|deletes|deleting|remove|erase|forget|purge|gdpr|rgpd|borr(?:o|a|ar)|elimin(?:o|a|ar)|olvid(?:a|ar)",
            (
                "(?:person|user|people|somebody|someone|employee)(?:s|'s)?|usuarios?|personas?|empleados?|gdpr|rgpd|data|"
                "datos"
            ),
        ),
        "A result is deleted by *Delete* in its details. All that a person asked is deleted where Portero runs: "
        "`portero history forget U0123456789` (their Slack id), and what is old by `portero history prune --days 90`.",
        ("mine", "settings"),
        unless="watch(?:es)?|vigilancias?|tags?",
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
    "bug": Topic(
        (
            f"{HOW}|who|quien|report|i",
            (
                "report (?:a |an )?(?:bugs?|problems?|issues?|errors?|wrong \\w+)|bugs?|support|complain|give feedback|"
                "reportar? (?:un )?(?:fallo|error|problema)|soporte"
            ),
        ),
        "Whoever runs Portero here finds in their log what a request id in an answer names. A wrong verdict is a bug: "
        "in a terminal `portero check HOST --record seen.json` keeps what was seen, to be attached to the report.",
        ("status", "help"),
        unless="feedback loops?|starttls|tls|auth|ports?",
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
    "version": Topic(
        ("version|release", f"{YOU}|which|what|que|running"),
        line="portero status",
        unless="tls|ssl|pmta|powermta|postfix|exim|workers?|openssl|smtp|min(?:imum)?|new",
    ),
    "upgrade": Topic(
        (f"{HOW}|when", "upgrade|updat(?:e|ed|ing)|new version|actualiz(?:o|ar)", "you|portero|bot"),
        "Where Portero runs: `portero history backup FILE`, then `git pull && make .venv/.installed`, and restart it. "
        "The history is migrated at the start; where commands were added, the new manifest goes under *App Manifest*.",
        ("status",),
    ),
    "backup": Topic(
        (
            f"{HOW}|do you|is there|are there|hay",
            "back ?-?ups?|back up|restore|copias? de seguridad|respaldo|restaurar",
        ),
        "Where Portero runs `portero history backup FILE` copies the history while the bot goes on. To restore: stop "
        "it, remove `portero.db-wal` and `portero.db-shm`, put the copy in the place of `portero.db`.",
        ("status",),
        unless="mx|watch",
    ),
    "database": Topic(
        (
            "where|which|what|donde|que|cual|how (?:big|large)",
            "database|db|sqlite|data|history file|base de datos|datos",
            "stored?|kept|is|are|lies?|lives?|located|esta|estan|guardan?|big|large|use|uses",
        ),
        "The history is one SQLite file on the machine where Portero runs: `~/.local/share/portero/portero.db` unless "
        "`PORTERO_DATABASE` says otherwise. {retention}.",
        ("status",),
    ),
    "limits": Topic(
        (
            "how (?:many|often)|cuant[oa]s",
            "checks?|comprobaciones|hosts?",
            "can|may|allowed|per|a minute|puedo|podemos|por",
        ),
        line="portero limits",
        unless="did|were|have|failed|watched",
    ),
    "settings": Topic(
        (
            f"{HOW}",
            CHANGE,
            "settings|limits?|allowed ports|rates?|ajustes|limites|configuracion",
        ),
        "Settings are changed where Portero runs: `portero settings`, in a terminal there, has each by its name and "
        "says what applies.",
        ("settings",),
        unless="client|outlook|smtp|mail|watch|interval|pmta",
    ),
}
