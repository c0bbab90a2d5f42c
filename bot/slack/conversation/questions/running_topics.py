"""Plain questions about Portero itself, as whoever runs it and administrators ask them. English and Spanish. Data only.

A row for each: words that all have to stand in the question, in lower case and without accents, and its answer, as
`docs/`, SECURITY.md and the help of the commands have it. The first that fits decides.
"""

from collections.abc import Mapping

from bot.slack.conversation.questions.topic_words import CHANGE, GUESTS, HOW, KEPT, MACHINE, SET_UP, YOU, Topic

TOPICS: Mapping[str, Topic] = {
    "who deletes": Topic(
        (),
        "Whoever made a watch, everybody in its channel, and admins may delete it. That asks first, *Undo* brings it "
        "back for ten minutes, and the log says who it was. It can't be kept to one person.",
        ("list", "log"),
    ),
    "delete history": Topic(
        (),
        "Nothing is deleted yet. Whoever asked for a result of {host}, and admins, delete it by *Delete* in its "
        "details: *Open* in its history. Where Portero runs, `portero history forget U0123456789` deletes what a "
        "person asked, `portero history prune --days 90` what is older.",
        ("history",),
        of_hosts=True,
    ),
    "how long": Topic(
        (
            (
                f"how long|cuanto(?: tiempo)?|retention|retencion|{CHANGE}|delete|only|for|"
                r"\d+ ?(?:d|days?|weeks?|months?|dias?|meses)"
            ),
            "retention|retencion|kept|keeps?|stored?|guard(?:a|as|an|ar|ado|ados)|conserv(?:a|an|ar)",
            f"{KEPT}|last|ultimos|retention|retencion",
        ),
        "{retention}. It is set where Portero runs: `PORTERO_RETENTION_DAYS`; `portero settings` there has each by its "
        "name.",
        ("settings",),
        unless="queues?|colas?|postfix|exim|pmta|powermta|mail servers?",
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
    "guests": Topic(
        (
            GUESTS,
            "allow|let|can|may|could|see|add|invite|work|do|are|remove|pueden?|permitir|deja(?:r)?",
        ),
        "Guests, and people of other organisations in shared channels, are not served unless whoever runs Portero "
        "allows it (`PORTERO_ALLOW_GUESTS`, `PORTERO_ALLOW_TEAMS`).",
        ("settings",),
    ),
    "own role": Topic(
        (), line="portero settings", alone="am i (?:an? )?admin(?:istrator)?(?: here)?|soy admin(?:istrador)?"
    ),
    "admins": Topic(
        (
            "admins?|administrators?|administrador(?:es)?",
            "add|make|become|who|be|is|are|am|name|new|another|anad(?:o|ir)|hacer|quien|soy",
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
            (
                "delete|deletes|deleting|remove|erase|wipe|forget|purge|gdpr|rgpd|borr(?:o|a|ar)|elimin(?:o|a|ar)|"
                "olvid(?:a|ar)"
            ),
            (
                "(?:person|user|people|somebody|someone|employee)(?:s|'s)?|gdpr|rgpd|data|results?|history|everything|"
                "all of it|me|usuarios?|personas?|empleados?|datos|resultados?|historial?a?|todo"
            ),
        ),
        line="portero delete",
        unless="who|quien|watch(?:es)?|vigilancias?|tags?|tagged|etiquetas?|alerts?|mutes?|logs?|certs?|notes?|from "
        "the|how long",
        of_hosts=True,
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
        alone="support|soporte|report a bug|feedback",
    ),
    "version": Topic(
        ("version|release", f"{YOU}|which|what|que|running"),
        line="portero status",
        unless="tls|ssl|pmta|powermta|postfix|exim|workers?|openssl|smtp|min(?:imum)?|newer|new|latest",
    ),
    "upgrade": Topic(
        (f"{HOW}|when", "upgrade|updat(?:e|ed|ing)|new version|actualiz(?:o|ar)", "you|portero|bot"),
        "Where Portero runs: `portero history backup FILE`, then `git pull && make .venv/.installed`, and restart it. "
        "The history is migrated at the start; where commands were added, the new manifest goes under *App Manifest*.",
        ("status",),
        alone="(?:upgrade|update|actualiza)(?: (?:portero|yourself|you|the bot))?",
    ),
    "backup": Topic(
        (
            f"{HOW}|do you|is there|are there|hay",
            "back ?-?ups?|back up|restore|back(?:ing)? (?:you|it|portero) up|copias? de seguridad|respaldo|restaurar",
        ),
        "Where Portero runs `portero history backup FILE` copies the history while the bot goes on. To restore: stop "
        "it, remove `portero.db-wal` and `portero.db-shm`, put the copy in the place of `portero.db`.",
        ("status",),
        unless="mx|watch",
        alone="back ?-?ups?|back up|respaldo|copias? de seguridad",
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
    "owners": Topic(
        (
            (
                "^make (?:me|\\w+) the owner|owners?|owns?|belongs?|ownership|transfer|hand over|take over|duen[oa]s?|"
                "traspas(?:o|ar)"
            ),
            "watch(?:es)?|vigilancias?",
        ),
        "A watch stays with whoever made it; everybody in its channel, its owner and admins may change it. `list all` "
        "names them, the card of each whom it belongs to.",
        ("list",),
        unless="how many",
        alone=r"(?:(?:list|show) )?(?:the )?watches (?:of|by) \S+|whose watches|(?:list|show) \S+'s watches",
    ),
    "move all": Topic(
        (
            "move|transfer|migrate|send|route|mueve|pasa|mover|pasar",
            "watches|alerts|vigilancias|avisos|alertas",
            "all|every|everything|tod[oa]s|each|from",
        ),
        "Each watch is moved by itself: `/smtpwatch edit mail.example.com in #channel`, or *Edit* on its card. Its "
        "channel is told who moved it.",
        ("list",),
    ),
    "who left": Topic(
        (
            "left|leaves|leaving|quits?|gone|fired|retires?|se (?:va|fue|ha ido)|deja",
            "watch(?:es)?|alerts?|vigilancias?|checks|results|resultados",
            "what|who|que|happens|how|still",
        ),
        "Watches in channels go on whoever leaves, and everybody there may change them. `portero history forget "
        "U0123456789`, where Portero runs, deletes what somebody asked; their watches in direct messages end with "
        "that.",
        ("list",),
    ),
    "rights": Topic(
        (
            "stop|prevent|forbid|restrict|keep|block|disable|ban|allow|impedir|evitar|prohibir|limitar|only",
            (
                "from (?:adding|making|creating|checking|using|watching|muting|deleting|probing)|(?:add|make|create|"
                "check|probe) (?:watches|hosts|anything)|(?:portero|you|the bot|access) (?:for|to) @?\\w+|"
                "anad(?:a|an|ir)|vigilar|comprobar"
            ),
        ),
        "There are no rights by person: whoever may use me may check and watch, within the limits. Hosts can be "
        "denied (`PORTERO_DENY_HOSTS`), watches limited (`PORTERO_WATCHES_MAX`), machines given to some "
        "(`PORTERO_VANTAGES_ALLOW`).",
        ("settings",),
        unless="alert|alerting|alerts|port|network|provider|isp|firewall",
    ),
    "uninstall": Topic(
        ("uninstall(?:ed|ing)?|remove (?:you|the app|portero)|delete the app|desinstal(?:o|ar|amos)",),
        "I keep no tokens: after an uninstall there is only the history file, on the machine where Portero runs, "
        "until it is deleted there. Watches alert no more.",
        ("settings",),
    ),
    "configuration": Topic(
        (
            (
                "you(?:'?re| are)? (?:configured|set up)|your (?:settings|configuration|config|setup)|(?:how|"
                "what) (?:is|are) (?:portero|the bot) (?:configured|set up)|estas configurado|tu configuracion"
            ),
        ),
        line="portero settings",
    ),
    "how many watches": Topic(
        ("how many|cuantas|cuantos", "watches|vigilancias|hosts (?:are|do|se) .{0,20}(?:watch|vigil)\\w*"),
        line="smtpwatch list all",
        unless="alert|fail|down|may|can|limit|most",
    ),
}
