"""Plain questions about the program that runs here: versions, logs, metrics, machines, networks, other services.

Data only, as `running_topics`; the first that fits decides.
"""

from collections.abc import Mapping

from bot.slack.conversation.questions.topic_words import HOW, YOU, Topic

_MACHINE = r"(?!mx|mail|smtp|relay|pool|out)[a-z]{2,16}-\d{1,3}"
_CHECKS = "check|checks|probe|probes|test|watch|reach|allow|comprob\\w+|vigil\\w+"

TOPICS: Mapping[str, Topic] = {
    "newer": Topic(
        (
            "newer|latest|update available|up to date|new (?:version|release)|version nueva|ultima version",
            f"{YOU}|version|release|there",
        ),
        "I do not look for newer versions. The status has this one; whoever runs Portero finds others where it came "
        "from, and what is new in `CHANGELOG.md`.",
        ("status",),
        unless="postfix|exim|pmta|powermta|tls|how|check|result|alert|watch",
        alone="changelog|what(?: is|'s|s) new|release notes|novedades|que hay de nuevo",
    ),
    "own status": Topic(
        (
            "you|portero|estas|bot",
            (
                "(?:everything|all) (?:ok|okay|well|good|fine)|are you (?:ok|okay|well|alive|up|healthy|working|"
                "running)|(?:is|does) (?:portero|the bot) (?:ok|up|working|work|running|healthy|alive)|"
                "todo bien contigo"
            ),
        ),
        line="portero status",
        alone="health|uptime|your (?:health|uptime)|(?:how long|since when) (?:have|are) you (?:been )?(?:running|up)",
    ),
    "restart": Topic(
        (
            HOW,
            "restart|reload|reboot|stop|start|reinici(?:o|ar)|arranc(?:o|ar)",
            "you|portero|the bot|yourself|te",
        ),
        "Not from Slack. Where Portero runs as a service: `systemctl restart portero`, or `systemctl reload portero` "
        "for settings that changed. Running checks may finish first, for up to 25 s.",
        ("status",),
        unless="alert\\w*|messages?|watch\\w*|from|posting|writing|talking",
        alone="(?:restart|reload|reboot|reinicia(?:te)?)(?: (?:portero|yourself|the bot|you|it))?",
    ),
    "logs": Topic(
        (
            "where|which|what|how|can i|find|show|see|read|donde|como|ver",
            "(?:your |the |portero'?s? |error |los |tus )?logs?(?: files?)?|registros",
            "are|is|your|you|portero|bot|see|read|find|estan|tus",
        ),
        "Logs go to standard error, as a service to the journal: `journalctl -u portero`. They name request ids, "
        "commands and Slack ids, never what was typed. Who changed what is in the log of changes.",
        ("log", "status"),
        unless="mail|smtp|postfix|exim|pmta|powermta|audit|changes?|since|today|yesterday|csv|file|download|export|log "
        "in|who|say|says|means?|kept|keep|long|by",
    ),
    "metrics": Topic(
        (
            "prometheus|grafana|metrics|metricas|dashboards?",
            f"{YOU}|have|is|are|how|where|do|can|hay",
        ),
        "Prometheus reads `/metrics` (how Portero and its watches are) and `/probe` (a check) at `PORTERO_HOST` and "
        "`PORTERO_PORT`, 127.0.0.1:3000 if they are not set. Rules for alerts and a dashboard for Grafana lie in "
        "`docs/`.",
        ("status",),
        unless="pmta|powermta|postfix|exim",
        alone="metrics|prometheus|grafana|metricas|dashboard|monitoring",
    ),
    "programs": Topic(
        (
            "api|apis|rest|json|sdk",
            f"{YOU}|have|is there|are there|hay|tienes",
            "have|is|are|offer|use|there|hay|tienes",
        ),
        "Programs use the terminal where Portero runs: each command has `--json` and exit statuses. Over HTTP there "
        "are `/probe` and `/metrics`, and webhooks of watches. `docs/api.md` has it all.",
        ("help",),
        unless="mail|send|ses|gmail|sendgrid|mailgun|key|keys|microsoft|graph",
        alone="(?:rest )?api|api docs?",
    ),
    "elsewhere": Topic(
        (
            (
                "webhooks?|pagerduty|opsgenie|(?:microsoft |ms )?teams|alertmanager|apprise|telegram|discord|sms|ntfy|"
                "by e?-?mail|por (?:correo|e-?mail)"
            ),
            (
                "(?:send |post |forward |get )?alerts?|alerting|notif\\w*|is there|can|do|does|support|integrat\\w*|"
                "avisos?|alertas?|hay|pages?"
            ),
        ),
        "Besides Slack a watch alerts by `mail ops@example.com`, `webhook URL`, `teams URL`, `pagerduty critical`, "
        "`alertmanager critical` and `apprise NAME`, typed behind `/smtpwatch add` or `edit`. Each needs its setting "
        "where Portero runs: `docs/watches.md`.",
        ("list", "settings"),
        unless="ports?|error|office|outlook|settings|watch|channel|guests?|why|blocked|other teams|"
        "send (?:mail|email)s?",
        of_hosts=True,
        alone="webhooks?|pagerduty|opsgenie|(?:microsoft |ms )?teams|alertmanager|apprise|telegram|ntfy|email alerts",
    ),
    "whose digest": Topic(
        (
            "who|where|which|what|how|quien|donde|como",
            "digest|daily summary|resumen diario",
        ),
        "A digest is posted in the channel for which it is set, for all who read there: `/smtpwatch digest daily "
        "09:00` there sets it, `/smtpwatch digest off` ends it.",
        ("digest",),
        unless="stop|off|end|disable|cancel|sha\\d*|dkim|hash|auth|md5",
    ),
    "machine off": Topic(
        (
            (
                "^(?:(?:how (?:do|can) (?:i|we)|can (?:i|we|you)) )?(?:remove|revoke|disconnect|rotate|cut off|delete|"
                f"kick out|quita|elimina|desconecta) (?:the (?:machine|vantage|worker) )?{_MACHINE}"
            ),
        ),
        line="portero revoke",
    ),
    "machines": Topic(
        (
            (
                "(?:is|are|what(?: is|'s)|why is|whats|esta) (?:wrong with )?(?:the )?"
                f"(?:{_MACHINE}|machines?|vantages?|workers?)"
            ),
            "connected|online|offline|there|wrong|alive|conectad[oa]s?|down|up",
        ),
        line="portero vantages",
        alone="(?:(?:list|show|which|what) )?(?:the )?(?:connected )?(?:machines|vantages|vantage points|workers|"
        "maquinas)(?: are (?:there|connected))?",
    ),
    "from which": Topic(
        (
            "from",
            "which|where|what|que|donde",
            "check|checks|checking|probe|comprob\\w+",
            "servers?|machines?|places?|you",
        ),
        line="portero vantages",
        unless="who|checked|did|ips?|address(?:es)?",
    ),
    "own address": Topic(
        (
            "ips?|ip address(?:es)?|address(?:es)?|ehlo|helo|ptr|direccion(?: ip)?|direcciones",
            "your|you|portero(?:'s)?|tus?|te",
            "what|whats|what's|which|where|from|show|que|cual|desde|with|connect\\w*|use|is",
        ),
        "I connect from the machine on which Portero runs and, where that is said, from the other machines. "
        "`PORTERO_EHLO_NAME` is the name in EHLO; `portero doctor`, in a terminal there, says whether it and the PTR "
        "record fit the address.",
        ("network", "vantages"),
        unless="mail servers?|block\\w*|allow|blacklist\\w*|email|e-mail|send me|check",
        alone="(?:your )?(?:ehlo|helo)(?: name)?|your ip(?: address)?",
    ),
    "firewall": Topic(
        (
            "firewall|cortafuegos|allow-?list|open",
            "need|have to|must|should|do (?:i|we)|necesit\\w+|hay que",
            "you|portero|the bot|what|que",
        ),
        "Nothing has to be open from outside, except in HTTP mode. Outwards: 443 to Slack, 53 to the name servers, "
        "{ports} to the hosts that are checked, 443 for MTA-STS. `portero doctor`, where Portero runs, prints the list "
        "for its settings.",
        ("network",),
        unless=r"for (?!you)\w+|mail|smtp|postfix|exim|pmta|powermta|send|receive|outlook|e-?mail|correo|\d+|source|"
        "relay",
    ),
    "scopes": Topic(
        (
            "scopes?|permissions?|permisos",
            "you|your|portero|app|bot|tienes|tu",
            "which|what|need|have|list|show|que|cuales|why",
        ),
        "`app_mentions:read`, `assistant:write`, `channels:read`, `chat:write`, `commands`, `files:read`, "
        "`groups:read`, `im:history`, `users:read`; and, which may be declined, `chat:write.public`, "
        "`files:write`, `im:write`, `usergroups:read`. `portero doctor`, where Portero "
        "runs, says which are missing and what each costs.",
        ("settings",),
        unless="denied|error|admin|gmail|microsoft|google",
        alone="(?:oauth )?scopes|permissions|permisos",
    ),
    "internal": Topic(
        (
            "can|could|may|do|does|how|is it|allow|puedes?|se puede",
            _CHECKS,
            (
                "internal|intranet|lan|rfc ?1918|private (?:ips?|address(?:es)?|networks?|hosts?|ranges?)|intern[oa]s?|"
                "redes privadas"
            ),
        ),
        "Public addresses alone are checked, unless `PORTERO_ALLOW_NETWORKS` names a network: that is set where "
        "Portero runs, and open to everybody here.",
        ("settings",),
        unless="who|quien|channels?",
        alone=r"allow (?:the )?(?:network )?\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?",
    ),
    "deny": Topic(
        (
            (
                r"^(?:(?:how (?:do|can) (?:i|we)|can (?:i|we|you)) )?"
                r"(?:(?:block|ban|deny|blacklist) (?:the (?:host|domain) )?[\w-]+\.[\w.-]+|"
                r"(?:stop|keep|prevent) (?:it|you|people|users|portero|any(?:one|body)|every(?:one|body)) (?:from )?"
                r"(?:check|prob|test)ing [\w-]+\.[\w.-]+)|^never (?:check|probe)|"
                r"^(?:do not|don't) let (?:people|anybody|anyone|them) (?:check|probe)"
            ),
        ),
        "Which hosts nobody may check is set where Portero runs, by `PORTERO_DENY_HOSTS`: no word in Slack opens them. "
        "At mail servers I block nothing.",
        ("settings",),
        of_hosts=True,
        unless="alert\\w*|mail from|sender|spam|addresses",
    ),
    "ports allowed": Topic(
        (
            "ports?|puertos?",
            "probe|check|test|scan|comprobar|revisar|escanear",
            "any|allowed|may|like|all|every|cualquier",
            "people|users?|anyone|anybody|somebody|we|you|everybody|can i|cualquiera",
        ),
        "These ports may be checked here, and no others: {ports}. They are set where Portero runs (`PORTERO_PORTS`).",
        ("settings",),
        unless="for|from|open|closed|blocked",
        alone=(
            "(?:(?:which|what) )?ports (?:do you|does it|are|may (?:i|we)|can (?:i|we|you|be)|may be)(?: be)?"
            "(?: allow(?:ed)?| check(?:ed)?| probed?| permit(?:ted)?| look at)(?: here)?|allowed ports|"
            "(?:(?:can|could|may|how (?:do|can)) (?:i|we|you) )?(?:allow|permit|enable) (?:the )?ports? \\d+(?: too)?|"
            "que puertos (?:se pueden|puedes|puedo) comprobar|que puertos compruebas"
        ),
    ),
}
