"""What people begin with when they write to Portero, in English and Spanish, and which command that is. Data only.

All in lower case and without accents (`understanding.folded`). Of two phrases the longer one counts.
"""

from dataclasses import dataclass
from enum import Enum


class Fits(Enum):
    """What has to follow a phrase, so that an ordinary sentence is not taken for an order."""

    ANYTHING = "anything, or nothing"
    SOMETHING = "any word"
    NOTHING = "nothing"
    TARGET = "a host or an address, or no more than two words"
    HOST = "a host or an address"
    WATCH = "a host, what chooses watches, or a length of time"
    WATCHED = "a host, or what is watched of one"
    NUMBER = "a port"
    MANUAL = "a rule or a setting of PowerMTA"
    SENDER = "a provider, or a program that sends"
    WHEN = "a host or a time"
    TAGGED = "a tag of watches"
    CHANGES = "a kind of change, as the log knows it"


@dataclass(frozen=True, slots=True)
class Phrase:
    """`begins` (several, parted by `|`) means `/<command> <head> <what follows>`; with `whole` the text as it is."""

    begins: str
    command: str
    head: str = ""
    fits: Fits = Fits.ANYTHING
    whole: bool = False


PLEASE = (
    "(?:can|could|would|will) u|pls|plz|hey|hi|hello|hola|buenas|buenos dias|buenas tardes|ok|okay|please|por favor|"
    "porfa|portero|bot|can you|could you|would you|will you|puedes|podrias|i want to|i would like to|i need to|quiero|"
    "quisiera|necesito|let us|let's|just|now|ahora"
)
SHOW_ME = (
    "show me the|show us the|give me the|show me|show us|give me|give us|let me see|i want to see|muestrame|"
    "muestranos|ensename|dame|quiero ver"
)
COURTESIES = f"{PLEASE}|{SHOW_ME}"
"""Said before what is meant."""

AFTERWARDS = (
    "right now|at the moment|currently|atm|plz|please|pls|por favor|porfa|thanks|thank you|gracias|for me|now|ahora|"
    "asap"
)
"""Said behind it."""

CONVERSATION = "conversation"
"""What stands in a command's place where none is meant: nobody types it."""

PHRASES = (
    # help
    Phrase("help|ayuda|help me|ayudame|commands|comandos", "portero", "help", Fits.NOTHING),
    Phrase(
        "hello|hi|hey|hola|buenas|buenos dias|what can you do|what do you do|how do you work|how does this work|"
        "who are you|what are you|what are you for|what is this|what is portero|who are you and what are you for|"
        "are you there|que es esto|que eres|para que sirves|"
        "ping|hi there|hey there|hello there|hello everyone|hi all|good morning|good afternoon|good evening|morning|"
        "buenas noches|que puedes hacer|que sabes hacer|que haces|como funciona|como funcionas|"
        "quien eres|how do i use this|how do i use you|how do i start|are you an ai|are you a bot|eres una ia",
        CONVERSATION,
        "hello",
        Fits.NOTHING,
    ),
    Phrase(
        "thanks|thank you|thank you very much|many thanks|thanks a lot|thx|ty|cheers|gracias|muchas gracias|ok|okay|"
        "great|perfect|perfecto|genial|vale|well done|good bot",
        CONVERSATION,
        "thanks",
        Fits.NOTHING,
    ),
    Phrase("help|help with|help on|ayuda|ayuda con|ayuda sobre", "portero", "help", Fits.SOMETHING),
    Phrase(
        "status|how are you|are you ok|are you healthy|is portero healthy|is portero ok|version|estado|como estas",
        "portero",
        "status",
        Fits.NOTHING,
    ),
    Phrase("log|the log|change log|who changed what|registro|quien cambio que", "portero", "log", Fits.NOTHING),
    Phrase(
        "show log|show the log|who muted what|who deleted what|who did what|el registro|"
        "quien ha cambiado que|quien ha hecho que",
        "portero",
        "log",
        Fits.NOTHING,
    ),
    Phrase("log today|log hoy", "portero", "log today", Fits.NOTHING),
    Phrase("log yesterday|log ayer", "portero", "log yesterday", Fits.NOTHING),
    Phrase("doctor", "portero", "doctor", Fits.NOTHING),
    Phrase("limits|rate limits|what are the limits|retention|admins|limites", "portero", "limits", Fits.NOTHING),
    Phrase("how do i watch|como vigilo", "portero", "help smtpwatch"),
    Phrase(
        "delete everything|delete all|delete all the|delete everything with|delete all with|delete all watches with|"
        "remove everything|remove everything with|remove all with|borra todo|borra todo con|borra todas|"
        "elimina todo con",
        "smtpwatch",
        "delete",
        Fits.TAGGED,
    ),
    Phrase(
        "who changed anything|who changed something|who changed things|did anybody change anything|"
        "did anyone change anything|has anybody changed anything|quien ha tocado algo|quien cambio algo|"
        "quien ha cambiado algo",
        "portero",
        "log",
    ),
    Phrase("log since|the log since", "portero", "log since", Fits.SOMETHING),
    Phrase("audit log|the audit log|log of changes", "portero", "log"),
    Phrase("log by|changes by", "portero", "log by", Fits.SOMETHING),
    Phrase(
        "log|the log of|who changed the|who changed|registro de|quien cambio los",
        "portero",
        "log",
        Fits.CHANGES,
    ),
    Phrase(
        "what was deleted|what has been deleted|who deleted something|who deleted anything|deletions|show deletions|"
        "list deletions|que se borro|que se ha borrado",
        "portero",
        "log deletions",
    ),
    Phrase(
        "is it us|is it us or them|is it our fault|es culpa nuestra|is it only us|is it just us|"
        "is it our network|is our network ok|are we blocked|somos nosotros|"
        "es solo cosa nuestra|solo somos nosotros|es nuestra red",
        "smtpcheck",
        "network",
        Fits.NOTHING,
    ),
    Phrase("settings|my settings|ajustes|mis ajustes|configuracion", "portero", "settings", Fits.NOTHING),
    Phrase("vantages|places|where can you check from|sitios|desde donde", "portero", "vantages", Fits.NOTHING),
    # checks
    Phrase(
        "check|check on|check out|check if|check whether|test|probe|try|verify|inspect|look at|have a look at|"
        "take a look at|look into|revisa|revisar|comprueba|comprobar|verifica|verificar|chequea|chequear|prueba|probar|"
        "mira|examina|examinar|analiza|echa un vistazo a|echale un vistazo a",
        "smtpcheck",
        "",
        Fits.TARGET,
    ),
    Phrase(
        "recheck|check again|again|run again|retry|vuelve a comprobar|comprueba otra vez|revisa otra vez|otra vez",
        "smtpcheck",
        "again",
        Fits.HOST,
    ),
    Phrase("network|our network|check our network|check the network|check network", "smtpcheck", "network"),
    Phrase("nuestra red|la red|revisa nuestra red|comprueba nuestra red", "smtpcheck", "network", Fits.NOTHING),
    Phrase(
        "which ports does our network let out|which ports get out|que puertos deja salir nuestra red",
        "smtpcheck",
        "network",
        Fits.NOTHING,
    ),
    # the history
    Phrase(
        "history|history of|history for|show history of|past of|historia|historial|"
        "historia de|historial de|el historial de|la historia de|export|export history of|exporta",
        "smtphistory",
    ),
    Phrase(
        "what changed|what changed at|what changed on|what has changed at|changes|changes at|changes of|changes on|"
        "que cambio|que cambio en|que ha cambiado|que ha cambiado en|cambios|cambios en|cambios de",
        "smtphistory",
        "changes",
    ),
    Phrase(
        "anything change|anything changed|did anything change|has anything changed|what's changed|whats changed|"
        "ha cambiado algo|cambio algo|algo ha cambiado",
        "smtphistory",
        "changes",
        Fits.WHEN,
    ),
    Phrase(
        "what did i check|what have i checked|what did i ask|que he comprobado|que comprobe",
        "smtphistory",
        "mine",
        Fits.WHEN,
    ),
    Phrase(
        "who checked|who has checked|who tested|who looked at|who asked about|quien ha comprobado|quien comprobo|"
        "quien ha mirado|quien miro|quien reviso",
        "smtphistory",
        "who asked",
        Fits.HOST,
    ),
    Phrase(
        "what did i check|what did i check so far|what have i checked|what have i checked so far|que he comprobado",
        "smtphistory",
        "mine",
        Fits.NOTHING,
    ),
    Phrase(
        "how many checks did we run|how many checks did we make|how many checks were run|what did we check|"
        "cuantas comprobaciones hicimos",
        "smtphistory",
        "",
        Fits.SOMETHING,
    ),
    Phrase("since when|how long has|desde cuando", "smtphistory", "since when", Fits.HOST),
    Phrase(
        "how long was|how long were|when was|when did|was|were|how available was|how available is|availability of|"
        "uptime of|cuanto tiempo estuvo|cuanto estuvo|cuanto ha estado|cuando estuvo|estuvo|disponibilidad de",
        "smtphistory",
        "",
        Fits.HOST,
    ),
    Phrase("cuando se cayo|cuando cayo", "smtphistory", "down", Fits.HOST),
    Phrase(
        "what happened to|what happened with|what happened at|que paso con|que paso en|que le paso a|que ha pasado con",
        "smtphistory",
        "changes",
        Fits.HOST,
    ),
    Phrase("compare|compara", "smtphistory", "compare", Fits.HOST),
    Phrase(
        "what failed|what is failing|failures|failed|que fallo|que ha fallado|que falla|fallos|fallos de",
        "smtphistory",
        "failed",
    ),
    Phrase(
        "certificates|certs|expiring certificates|expiring certs|certificates expiring|certs expiring|"
        "certificates that expire|certificates that end|which certificates end|which certificates expire|"
        "which certs expire|what certificates expire|certificados|certificados que caducan|certificados que vencen|"
        "que certificados caducan|que certificados vencen",
        "smtphistory",
        "certificates",
    ),
    # watches
    Phrase(
        "watches|my watches|list watches|list my watches|show watches|show my watches|list|"
        "the watches|all watches|all my watches|our watches|vigilancias|mis vigilancias|las vigilancias",
        "smtpwatch",
        "list",
    ),
    Phrase("list all watches|show all watches|list all the watches", "smtpwatch", "list all", Fits.NOTHING),
    Phrase("watches in|list watches in|show watches in|show the watches in", "smtpwatch", "list", Fits.SOMETHING),
    Phrase(
        "what is watched|what is being watched|what do you watch|what are you watching|what are we watching|"
        "what do we watch|which hosts are watched|which hosts do we watch|which hosts do you watch|que se vigila|"
        "who is watching what|"
        "que vigilas|lista|que vigilamos|que estas vigilando|que estamos vigilando",
        "smtpwatch",
        "list",
        Fits.NOTHING,
    ),
    Phrase(
        "where do i see my watches|where are my watches|where do i find my watches|donde veo mis vigilancias",
        "smtpwatch",
        "list mine",
        Fits.NOTHING,
    ),
    Phrase(
        "what is broken now|what's failing|whats failing|what is failing now|anything failing|what is down|what's "
        "down|whats down|down|what is broken|what's broken|whats broken|what is wrong|what's wrong|is anything "
        "down|is anything broken|anything down|is everything ok|is everything up|is everything fine|que esta "
        "caido|que hay caido|que esta roto|hay algo caido",
        "smtpwatch",
        "list down",
        Fits.NOTHING,
    ),
    Phrase("watch|add a watch|new watch|vigila|nueva vigilancia", "smtpwatch", "add", Fits.NOTHING),
    Phrase(
        "watch|monitor|keep an eye on|start watching|start monitoring|vigila|vigilar|vigilame|vigilanos|monitoriza|"
        "monitorizar|observa",
        "smtpwatch",
        "add",
        Fits.WATCHED,
    ),
    Phrase("stop watching|unwatch|deja de vigilar", "smtpwatch", "delete", Fits.WATCH),
    Phrase("mute|silence|silencia|silenciar", "smtpwatch", "mute", Fits.WATCH),
    Phrase("unmute", "smtpwatch", "unmute", Fits.WATCH),
    Phrase("snooze|pospon", "smtpwatch", "snooze", Fits.WATCH),
    Phrase("unsnooze", "smtpwatch", "unsnooze", Fits.WATCH),
    Phrase("pause|pausa", "smtpwatch", "pause", Fits.WATCH),
    Phrase("resume|reanuda", "smtpwatch", "resume", Fits.WATCH),
    Phrase("ack|acknowledge", "smtpwatch", "ack", Fits.WATCH),
    Phrase("ack|acknowledge|i ack", "smtpwatch", "ack", Fits.NOTHING),
    Phrase(
        "what is muted|what's muted|which watches are muted|is anything muted|que esta silenciado|que hay silenciado",
        "smtpwatch",
        "list quiet",
        Fits.NOTHING,
    ),
    Phrase("note", "smtpwatch", "note", Fits.WATCH),
    Phrase(
        "incidents|outages|incidentes|incidencias|show the incidents|show incidents|"
        "list incidents|export incidents|export the incidents|download the incidents|exporta los incidentes|"
        "exporta las incidencias|exporta incidencias|descarga las incidencias|dame las incidencias|dame los incidentes|"
        "give me the incidents|"
        "exporta incidentes|how many incidents|how many outages|how many incidents did we have|what broke|"
        "what broke on|"
        "what happened on|muestra los incidentes|cuantos incidentes|cuantos incidentes hubo|cuantas incidencias hubo",
        "smtpwatch",
        "incidents",
    ),
    Phrase(
        "postmortem|postmortem of|postmortem for|post-mortem of|incident report of|informe de|who acked|"
        "who acknowledged|quien reconocio|quien ha reconocido",
        "smtpwatch",
        "incidents",
        Fits.HOST,
    ),
    Phrase(
        "what happened tonight|what broke tonight|que ha pasado esta noche|informe de esta noche|"
        "resumen de esta noche|summary of tonight",
        "smtpwatch",
        "incidents tonight",
        Fits.NOTHING,
    ),
    Phrase(
        "what went wrong|summary|summary of|summary for|recap|recap of|report of|report for|resumen|resumen de|"
        "resumen del|informe del",
        "smtpwatch",
        "incidents",
        Fits.WHEN,
    ),
    Phrase("postmortem|what happened|que paso|que ha pasado", "smtpwatch", "incidents", Fits.NOTHING),
    Phrase(
        "what happened yesterday|what broke yesterday|que paso ayer", "smtpwatch", "incidents yesterday", Fits.NOTHING
    ),
    Phrase(
        "what happened this week|what broke this week|que ha pasado esta semana|que ha fallado esta semana",
        "smtpwatch",
        "incidents this week",
        Fits.NOTHING,
    ),
    Phrase(
        "what went wrong overnight|what broke overnight|what failed overnight|what went wrong last night|"
        "what happened last night|what broke last night|what happened overnight|que paso anoche|"
        "postmortem of last night|informe de anoche|resumen de anoche|resumen de la noche|summary of last night|"
        "summary of the night|night summary|overnight summary|recap of last night",
        "smtpwatch",
        "incidents last night",
        Fits.NOTHING,
    ),
    Phrase("digest", "smtpwatch", "digest", Fits.SOMETHING),
    # configs
    Phrase("explain|what is|what does|que es|explica|explicame", "pmta", "explain", Fits.MANUAL),
    Phrase(
        "validate|validate this|lint|valida|validar|valida esto",
        "pmta",
        "",
        Fits.SOMETHING,
    ),
    # ports
    Phrase(
        "which port|what port|which ports|what ports|port for|ports for|best port|que puerto|que puertos|puerto para|"
        "puertos para|cual puerto|cual es el puerto",
        "smtpport",
        whole=True,
        fits=Fits.SOMETHING,
    ),
    Phrase(
        "how do i send mail from|how do i send email from|how do i send from|how do we send from|how can i send from|"
        "how do i send mail with|how do i send mail through|como envio correo desde|como envio desde|como mando desde",
        "smtpport",
        whole=True,
        fits=Fits.SOMETHING,
    ),
    Phrase("why not|por que no|porque no|explain|explica", "smtpport", whole=True, fits=Fits.NUMBER),
    Phrase(
        "how do i set up|how do i configure|how do we set up|how to set up|how to configure|set up|setup|configure|"
        "settings for|smtp settings for|mail settings for|server settings for|como configuro|como se configura|"
        "como configurar|configurar|configura|ajustes de|ajustes para|datos de|configuracion de|configuracion para",
        "smtpport",
        fits=Fits.SENDER,
    ),
)

NAMED = ("smtpcheck", "smtpport", "pmta", "smtphistory", "smtpwatch", "portero")
"""Commands by their names, with or without the slash."""
