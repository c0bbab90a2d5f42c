"""What people tell somebody to do with a host, and which command that is. English and Spanish. Data only.

All in lower case and without accents, as patterns. A host that is named stands as `HOST`. `ACTS` has the verbs,
`NOUNS` what they are done to, `SHAPES` what both come to; `ASKED` whole questions. How they are read: `orders`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.slack.conversation.sentence import phrases

HOST = "\N{HOUSE}"
"""Stands where a host stood: nobody types it."""

REQUESTS = (
    rf"{phrases.PLEASE}|(?:can|could|would|will) (?:we|some(?:body|one)|any(?:body|one))|"
    r"(?:we|i|you) (?:need to|have to|should|must|want to|have got to)|some(?:body|one)|go ahead and|and|"
    r"i want you to|i'?d like(?: you)? to|alguien puede|puede alguien|podemos|hay que|"
    r"tenemos que|tengo que|me gustaria|y"
)
"""Said before an order."""

HOW = (
    r"how (?:do|can|could|would|should) (?:i|we|you)|how to|(?:can|may|could) i|is it possible to|is there a way to|"
    r"should (?:i|we)|deberia(?:mos)?|como (?:se )?(?:puedo|puede|podemos|hago para)?|se puede|puedo"
)
"""The same of who asks how it is done."""

FILLERS = frozenset(
    [
        "the",
        "a",
        "an",
        "my",
        "our",
        "your",
        "this",
        "that",
        "these",
        "those",
        "all",
        "any",
        "of",
        "on",
        "for",
        "from",
        "about",
        "to",
        "at",
        "with",
        "in",
        "by",
        "again",
        "more",
        "every",
        "each",
        "into",
        "is",
        "are",
        "there",
        "set",
        "up",
        "configured",
        "host",
        "hosts",
        "server",
        "servers",
        "machine",
        "domain",
        "now",
        "please",
        "me",
        "us",
        "further",
        "current",
        "el",
        "la",
        "los",
        "las",
        "lo",
        "un",
        "una",
        "mi",
        "mis",
        "del",
        "nuestro",
        "nuestra",
        "nuestros",
        "nuestras",
        "de",
        "en",
        "para",
        "sobre",
        "al",
        "por",
        "con",
        "este",
        "esta",
        "servidor",
        "servidores",
        "mas",
        "otra",
        "vez",
    ]
)
"""Said between a verb, what it is done to and a host."""

NO_MORE = r"any ?more|any longer|at all|no more|for now|right now|mas|ya|otra vez|por ahora|again"
"""Said behind an order, beside courtesies."""

_STOP = (
    r"(?:stop|quit|cease|end|do(?: not|n'?t)|no(?: longer| more)?|never|(?:i|we) do(?: not|n'?t) (?:want|need)|enough|"
    r"dej(?:a|ad|e) de|para de|basta de|(?:ya )?no(?: quier[eo]s?| queremos)?(?: (?:mas|que))?)"
    r"(?: (?:any|more|me|us|the|these|to|send(?:ing)?|get(?:ting)?|nos|mas|las|los|en|recibir|"
    r"mandes|envies)(?!\w)){0,9}"
)
_WATCHING = (
    r"watch(?:ing)?|monitor(?:ing)?|check(?:s|ing)?|prob(?:e|ing)|test(?:ing)?|vigil(?:ar|es|emos|ad|e|ando)|"
    r"monitori(?:zar|ces)|comprob(?:ar|ando)|compruebes|revis(?:ar|es)"
)
_ALERTING = (
    r"alert(?:ing|s)?|alarms?|notif(?:y|ying|ications?)|pag(?:e|ing|es)|warn(?:ing|ings)?|tell(?:ing)?|ping(?:ing|s)?|"
    r"bother(?:ing)?|spam(?:ming)?|messages?|messaging|post(?:ing|s)?|noise|avis(?:ar|es|os|o)|alertas?|alert(?:ar|es)|"
    r"notifi(?:car|ques)|notificaciones|mensajes?|molest(?:ar|es)|"
    r"(?:dar|des) la lata|desp(?:ertar|iertes)|bug(?:ging)?|wak(?:e|ing)(?: (?:me|us))?(?: up)?|mention(?:ing|ar|es)?"
)


@dataclass(frozen=True, slots=True)
class Act:
    """`orders` as somebody is told to do it; `done` as it is told of who did it."""

    orders: str
    done: str = ""


ACTS: Mapping[str, Act] = {
    "delete": Act(
        rf"{_STOP} (?:{_WATCHING})|delete|remove|drop|kill|get rid of|take (?=⌂ o(?:ff|ut))|cancel|take off|"
        "unwatch|erase|discard|borra(?:r|d)?|"
        "elimina(?:r|d)?|quita(?:r|d)?|retira(?:r)?|saca(?:r)?|deja de vigilar",
        "deleted|deleting|removed|removing|dropped|cancell?ed|borrado|borro|eliminado|elimino|quitado|quito",
    ),
    "mute": Act(
        rf"{_STOP} (?:{_ALERTING})|(?:put|pon(?:er)?) (?=⌂ (?:on mute|en silencio))|mute|silence|s?hush|shh+|quiet|"
        "shut up|be quiet|keep quiet|ignore|give (?:me|us) (?:a break|some peace)|danos un respiro|basta|"
        "silencia(?:r|d)?|calla(?:r|os|d|te)?|ignora(?:r)?",
        "muted|silenced|ignored|silenciado|silencio|callado",
    ),
    "unmute": Act(
        rf"un-?mute|un-?silence|de(?:s-?)?silencia(?:r)?|{_STOP} (?:muting|mute|silenciar)", "unmuted|unsilenced"
    ),
    "snooze": Act("snooze|postpone|pospon(?:er)?|aplaza(?:r)?", "snoozed|postponed|pospuesto|pospuso|aplazado|aplazo"),
    "unsnooze": Act("un-?snooze", "unsnoozed"),
    "undo": Act(
        "undo|un-?delete|restore|bring back|put back|deshaz|deshacer|restaura(?:r)?|recupera(?:r)?", "restored"
    ),
    "add": Act(
        "start (?:watching|monitoring|to watch|to monitor)|add|create|put|make|set up|start(?= an? )|watch|monitor|new|"
        "anad[ei]r?|agrega(?:r)?|pon(?:er)?|crea(?:r)?|"
        "vigila(?:r)?|monitoriza(?:r)?",
        "added|created|made|anadido|anadio|creado|creo|agregado|agrego",
    ),
    "pause": Act(
        "pause|suspend|hold|disable|deactivate|stop|end|pausa(?:r)?|suspende(?:r)?|desactiva(?:r)?|para(?:r)?|deten(?:er)?",
        "paused|suspended|disabled|stopped|deactivated|pausado|pauso|suspendido|suspendio|desactivado|desactivo|parado|"
        "paro",
    ),
    "resume": Act(
        "resume|unpause|reactivate|re-?enable|enable|activate|start|continue|reanuda(?:r)?|reactiva(?:r)?|activa(?:r)?",
        "resumed|unpaused|reactivated|re-?enabled|enabled|started|reanudado|reanudo|reactivado|reactivo",
    ),
    "unack": Act("un-?ack(?:nowledge)?|not acked|re-?open", "unacked"),
    "ack": Act("ack|acknowledge|reconoce(?:r)?|confirma(?:r)?", ""),
    "run": Act("re-?run|run|ejecuta(?:r)?|lanza(?:r)?", ""),
    "test": Act("test|try|rehearse|prueba|probar", ""),
    "show": Act(
        rf"{phrases.SHOW_ME}|show|open|display|see|list|check|look at|what(?: is| are)?|which|is there|are there|"
        r"do we have|muestra(?:r)?|ver|abre|abrir|hay|tenemos|cual es|cuales son|revisa|mira",
        "",
    ),
    "edit": Act(
        "edit|change|modify|adjust|set|increase|reduce|lower|raise|edita(?:r)?|cambia(?:r)?|modifica(?:r)?|ajusta(?:r)?|"
        "sube|baja",
        "changed|edited|modified|touched|set|cambiado|cambio|editado|edito|modificado|modifico|tocado|toco",
    ),
    "send": Act("send|post|route|direct|forward|manda(?:r)?|envia(?:r)?|publica(?:r)?", ""),
    "move": Act("move|rename|replace|swap|switch|migrate|renombra(?:r)?|mueve|mover|reemplaza(?:r)?", "moved|renamed"),
    "extend": Act("extend|prolong|lengthen|amplia(?:r)?|alarga(?:r)?|extiende|extender", "extended|prolonged"),
    "untag": Act("un-?tag|un-?label", "untagged"),
    "tag": Act("tag|label|etiqueta(?:r)?", "tagged|labell?ed|etiquetado|etiqueto"),
    "notify": Act(r"(?:notify|alert|warn|inform|tell|ping|mention|avisa(?:r)?|notifica(?:r)?)(?: a)? (?=@)", ""),
    "resolve": Act(
        "resolve|close|solve|finish|clear|mark|cierra|cerrar|resuelve|resolver|termina(?:r)?|marca(?:r)?", ""
    ),
    "assign": Act(
        "assign|reassign|escalate|hand over|hand off|hand|transfer|give|delegate|page|(?:re)?asigna(?:r)?|escala(?:r)?|"
        "delega(?:r)?|transfiere|transferir|traspasa(?:r)?|pasa(?:r)?",
        "",
    ),
    "operate": Act(
        "restart|reboot|reload|fix|repair|upgrade|update|patch|install|deploy|flush|block|unblock|white-?list|"
        "black-?list|allow-?list|ban|unban|shut ?down|power (?:off|on)|delist|renew|rotate|reset|purge|drain|"
        "reinicia(?:r)?|"
        "arregla(?:r)?|repara(?:r)?|actualiza(?:r)?|instala(?:r)?|bloquea(?:r)?|desbloquea(?:r)?|apaga(?:r)?|enciende|"
        "encender|renueva|renovar|vacia(?:r)?|purga(?:r)?",
        "",
    ),
}
"""The first whose verb fits decides: longer ones stand first where they begin alike."""

NOUNS: Mapping[str, str] = {
    "watch": r"watch ?list|watch(?:es|ing)?|monitors?|monitoring|vigilancias?|monitorizacion",
    "alert": r"alert(?:s|ing)?|alarms?|notifications?|messages?|pings?|pages?|warnings?|noise|alertas?|avisos?|"
    r"notificaciones|mensajes?|alarmas?",
    "incident": r"incidents?|outages?|incidentes?|incidencias?",
    "quiet": r"mutes?|muting|snoozes?|silence|silencio|pausa",
    "ack": r"acks?|acknowledge?ments?|acuse",
    "deletion": r"delete|deletion|removal|borrado",
    "tag": r"tags?|labels?|etiquetas?",
    "every": r"interval|frequency|schedule|intervalo|frecuencia",
    "ports": r"ports?|puertos?",
    "in": r"channel|canal",
    "runbook": r"runbook",
    "settings": r"settings?|options?|ajustes|opciones",
    "owner": r"owner(?:ship)?|duen[oa]s?|propietari[oa]s?",
    "name": r"name|nombre",
    "history": r"history|results?|data|entries|historia|historial|resultados?|datos",
    "certificate": r"certs?|certificates?|certificados?",
    "dns": r"dns|mx|dns records?",
}
WATCHED = ("watch", "alert", "incident", "ack", "runbook", "every")
"""What is of a watch, and not of a host: beside a host it is a word of an order."""


class Behind(Enum):
    """What may stand behind the host."""

    NOTHING = "nothing, or ports, which tell watches apart"
    END = "an end, a reason"
    ANYTHING = "anything"
    VALUE = "what it is set to"
    TIME = "an end, and nothing else"
    HOST = "another host"
    ROUTE = "a channel, or somebody"


@dataclass(frozen=True, slots=True)
class Shape:
    """`acts` done to one of `nouns` (empty: to the host itself; several, parted by `|`) is `line`, as it is typed.

    A line that begins with `?` is answered in the conversation, by the row of that name in `what_to_do`.
    """

    acts: str
    nouns: str
    line: str
    behind: Behind = Behind.NOTHING


SHAPES: Sequence[Shape] = (
    Shape("delete", "|watch|alert", "smtpwatch delete {host}"),
    Shape("delete|unmute", "quiet", "smtpwatch resume {host}"),
    Shape("delete|unack|undo", "ack", "?unack"),
    Shape("delete", "history", "portero delete"),
    Shape("delete|mute|pause", "incident", "?resolve"),
    Shape("mute", "|watch|alert", "smtpwatch mute {host} {behind}", Behind.END),
    Shape("mute", "|watch|alert", "?unnotify {name}", Behind.NOTHING),
    Shape("snooze", "|watch|alert|incident", "smtpwatch snooze {host} {behind}", Behind.END),
    Shape("pause", "watch", "?pause {value}", Behind.TIME),
    Shape("pause", "watch", "smtpwatch pause {host} {behind}", Behind.ANYTHING),
    Shape("pause", "alert", "smtpwatch mute {host} {behind}", Behind.END),
    Shape("resume", "watch|alert|quiet", "smtpwatch resume {host}"),
    Shape("unmute", "|watch|alert", "smtpwatch unmute {host}"),
    Shape("unsnooze", "|watch|alert", "smtpwatch unsnooze {host}"),
    Shape("ack", "|watch|alert|incident", "smtpwatch ack {host} {behind}", Behind.ANYTHING),
    Shape("run", "watch", "smtpwatch run {host}"),
    Shape("test", "watch|alert", "smtpwatch test {host}"),
    Shape("undo", "|watch|deletion", "smtpwatch undo {host}"),
    Shape("undo", "quiet", "smtpwatch resume {host}"),
    Shape("add", "|watch|alert", "smtpwatch add {host} {behind}", Behind.ANYTHING),
    Shape("add", "certificate|dns", "smtpwatch add {noun} {host} {behind}", Behind.ANYTHING),
    Shape("add|tag", "tag", "smtpwatch tag {host} {name}"),
    Shape("delete|untag", "tag", "smtpwatch untag {host} {name}"),
    Shape("tag", "", "smtpwatch tag {host} {value}", Behind.VALUE),
    Shape("untag", "", "smtpwatch untag {host} {value}", Behind.VALUE),
    Shape("delete|untag", "|tag", "?tags"),
    Shape("show", "watch|alert|every|in|runbook|settings|tag", "smtpwatch show {host}"),
    Shape("show", "incident", "smtpwatch incidents {host} {behind}", Behind.ANYTHING),
    Shape("edit|assign|add", "owner", "?owner {value}", Behind.VALUE),
    Shape("edit|assign|add", "owner", "?owner", Behind.ANYTHING),
    Shape("assign", "watch", "?owner {value}", Behind.VALUE),
    Shape("move", "|watch|alert", "smtpwatch edit {host} {route} {value}", Behind.ROUTE),
    Shape("move|edit", "|watch|name", "?move", Behind.HOST),
    Shape("edit", "name", "?move", Behind.ANYTHING),
    Shape("edit", "|watch|alert|settings", "smtpwatch edit {host}"),
    Shape("edit|add", "every|in|runbook", "smtpwatch edit {host} {noun} {value}", Behind.VALUE),
    Shape("edit", "ports", "smtpwatch edit {host} ports {value}", Behind.VALUE),
    Shape("send|move", "watch|alert", "smtpwatch edit {host} {route} {value}", Behind.VALUE),
    Shape("extend", "|quiet", "?extend {value}", Behind.VALUE),
    Shape("notify", "", "?notify {name}"),
    Shape("unack", "|watch|alert|incident", "?unack", Behind.ANYTHING),
    Shape("resolve", "|watch|alert|incident", "?resolve", Behind.ANYTHING),
    Shape("assign", "|watch|alert|incident", "?assign", Behind.ANYTHING),
    Shape("assign", "", "?assign {name}", Behind.ANYTHING),
    Shape("operate", "alert|incident", "?resolve", Behind.ANYTHING),
    Shape("move|edit", "|watch", "?move", Behind.ANYTHING),
    Shape("operate|resume|pause", "*", "?operate", Behind.ANYTHING),
)
"""The first that fits decides. What is no shape is asked back."""

EVERYDAY = frozenset({"show", "run", "test", "send"})
"""Acts that may as well ask for a check, or tell something: what is no shape of theirs is read by others."""

ENDS: Mapping[str, str] = {
    "on mute ?|en silencio ?": "",
    "(?:por|para|durante) (?=hoy|est[ae] |(?:el )?fin)": "",
    "(?:hasta|until|till) (?:el |la |the )": "until ",
}
"""What is only said before an end at the beginning of what stands behind: the command reads the end itself."""

OF_WATCHES = frozenset({"delete", "mute", "unmute", "snooze", "unsnooze", "ack", "unack", "tag", "untag", "undo"})
"""Acts that are looked for behind a host, too: other words there tell what it does."""

_WHO = r"(?:who(?: has|'s| was it that| else)?|quien(?: lo)?(?: ha)?)"
_ON = r"(?:looking (?:at|after|into)|on|handling|working on|fixing|taking care of|mirando|con)"
_GETS = (
    r"(?:gets?|receives?|hears?|sees?|(?:is|are|gets?|will be) (?:alerted|notified|told|paged|warned|pinged)|"
    r"watch(?:es)?|is watching|recibe|vigila|se entera)"
)
_SO = r"(?:watched|monitored|muted|snoozed|paused|silenced|acked|acknowledged|vigilad[oa]|silenciad[oa]|pausad[oa])"
_PAGED = (
    r"(?:paged|alerted|notified|warned|pinged|told|woken(?: up)?|called|mentioned|"
    r"(?:getting|get|receiving|receive|got) (?:all )?(?:these |those |the |so many )?"
    r"(?:alerts?|messages|notifications|pages|pings)|(?:an? |the )?(?:alerts?|pages?|alarms?))"
)

_OWNS = r"(?<!\w)(?:owns?|owner|belongs?|duen[oa]|propietari[oa]|es)(?!\w)"
ASKED: Sequence[tuple[str, str]] = (
    (rf"{_WHO} (?P<done>DONE)\b[^⌂]*⌂(?P<behind>.*)", "portero log {group} {host} {behind}"),
    (r"when (?:was|were|did \w+) [^⌂]*⌂ (?P<done>DONE)", "portero log {group} {host}"),
    (rf"(?:who|a quien|quien|whom) (?:se )?{_GETS}\b[^⌂]*⌂.*", "smtpwatch show {host}"),
    (r"(?:where|donde) [^⌂]*(?:alert|notif|avis|mensaje|message)[^⌂]*⌂.*", "smtpwatch show {host}"),
    (r"a quien (?:se )?(?:avisa|notifica)[^⌂]*⌂.*", "smtpwatch show {host}"),
    (
        rf"(?:who|any(?:body|one)|some(?:body|one)|quien|alguien)(?: is|'s| esta)? {_ON} ⌂.*",
        "smtpwatch incidents {host}",
    ),
    (
        rf"(?:who|whose|what|which|quien|cual|de quien)(?:'s)?\b[^⌂]*{_OWNS}[^⌂]*(?:watch|vigilancia|monitor)[^⌂]*⌂.*",
        "smtpwatch show {host}",
    ),
    (r"(?:who|whose)\b[^⌂]*⌂[^⌂]*(?:watch|monitor|vigilancia)(?: is (?:it|this|that))?", "smtpwatch show {host}"),
    (r"(?:who has|quien lleva|quien tiene|quien atiende|quien mira) ⌂.*", "smtpwatch incidents {host}"),
    (r"(?:who owns|whose is|de quien es) ⌂.*", "smtpwatch show {host}"),
    (r"who (?:has )?ack(?:nowledg)?ed [^⌂]*⌂ (?P<behind>.+)", "portero log acknowledgements {host} {behind}"),
    (r"(?:is|are) ⌂(?: (?:still|already|currently))* (?:muted|snoozed|paused|silenced|quiet).*", "?quiet"),
    (rf"(?:how long|(?:un)?til+ when|hasta cuando|cuanto(?: tiempo)?) (?:is|will|esta|estara)[^⌂]*⌂.*{_SO}", "?quiet"),
    (rf"(?:how long|(?:un)?til+ when|hasta cuando|cuanto(?: tiempo)?) (?:esta|estara) {_SO} ⌂", "?quiet"),
    (rf"(?:is|are) ⌂(?: (?:being|still|already|currently))* {_SO}.*", "smtpwatch show {host}"),
    (rf"(?:ya )?(?:se vigila|(?:se )?esta(?: siendo)? {_SO}|(?:estamos|estas) vigilando) ⌂.*", "smtpwatch show {host}"),
    (r"(?:are|do) (?:we|you) (?:already )?(?:watch|monitor)(?:ing)? ⌂.*", "smtpwatch show {host}"),
    (rf"(?:why|since when) (?:is|are) [^⌂]*⌂ {_SO}|(?:por ?que|desde cuando) esta {_SO} ⌂", "smtpwatch show {host}"),
    (r"(?:why|por ?que) [^⌂]*(?<!\w)(?:un)?(?:mut|snooz|paus|silenc|pospu)\w*[^⌂]*⌂.*", "smtpwatch show {host}"),
    (rf"(?:why|por ?que) [^⌂]*(?<!\w){_PAGED}[^⌂]*⌂.*", "smtpwatch incidents {host}"),
    (r"por ?que [^⌂]*(?:avis|alert|notific|despert)[^⌂]*⌂.*", "smtpwatch incidents {host}"),
)
"""Questions as a whole, and what is typed for them. `DONE` stands for what was done, `{group}` for its kind."""

GROUPS: Mapping[str, str] = {
    **dict.fromkeys(("mute", "unmute", "snooze", "unsnooze"), "mutes"),
    **dict.fromkeys(("tag", "untag"), "tags"),
    "delete": "deletions",
}
"""Which changes the log is asked for, by what was done; of others it shows all of the host."""
