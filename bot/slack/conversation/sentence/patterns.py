"""How people ask for something, and words that tell: patterns, in English and Spanish, in lower case. Data only."""

CLOSING = (
    r"(?:ok(?:ay)?|great|perfect|cool|nice|alright|vale|genial|perfecto|bueno|super)?[ ,.!]*(?:thx|thanks?|thank you|"
    r"ty|cheers|gracias|muchas gracias|that'?s (?:all|it)|that is all|eso es todo|bye|goodbye|adios|hasta luego|"
    r"see you|good job|well done|buen trabajo)(?:[ ,.!]+(?:so|very|super|really|a|much|lot|useful|helpful|nice|great|"
    r"cool|awesome|that'?s|is|all|it|bye|for|now|the|your|help|muy|util|todo|eso|es|por|tu|ayuda|portero|bot|"
    r"everyone)){0,6}"
)
"""Thanks, and a good bye, and nothing else: a pattern for the whole text."""

GREETING = (
    r"(?:hi|hello|hey|hola|morning|good (?:morning|afternoon|evening|day)|buenas|buenos dias|buenas (?:tardes|noches)|"
    r"saludos)(?:[ ,!]+(?:there|all|everyone|everybody|team|portero|bot|a todos|again|you)){0,3}"
)
"""And nothing else: a pattern for the whole text."""

HESITATES = (
    "maybe|perhaps|probably|possibly|might|should|(?:i|we) would(?! like)|(?:i|we)'d(?! like)|i think|quizas|tal vez|"
    "a lo mejor|deberiamos|habria que|yo diria"
)
"""Who speaks of an order so gives none. A pattern."""

COMES_AGAIN = "every|each|cada|nightly|daily|todas las|todos los|always|siempre"
"""Of a quiet: it does not begin now, and not once. A pattern."""

STATES = (
    "up|down|working|works|work|alive|reachable|slow|ok|answering|answers|answer|responding|responds|respond|open|"
    "closed|blocked|broken|fine|running|online|offline|caido|caida|funciona|funcionando|responde|contesta|vivo|lento|"
    "abierto|cerrado|bloqueado|va|anda"
)
"""Beside a host: whether it is so is for a check to say."""

NO_MAIL = (
    r"(?:can'?t|can ?not|could ?n[o']t|unable to|not able to|no (?:puedo|podemos|puede|consigo)) "
    r"(?:send|enviar|mandar)(?: any| out)?(?: e-?mails?| mails?| correos?| emails?)|"
    r"(?:e-?mails?|mails?|correos?) (?:(?:is|are|does|do) ?n(?:ot|'?t)|never|no) "
    r"(?:being )?(?:sending|sent|send|go(?:ing)? out|leav(?:e|ing)|arriv(?:e|ing)|delivered|get(?:ting)? through|"
    r"salen?|se envian?|llegan?)|"
    r"(?:queues?|colas?) (?:(?:is|are|keeps?|esta|estan|sigue|siguen) )?"
    r"(?:growing|grows?|full|stuck|crecen?|creciendo|llenas?|paradas?)|"
    r"everything (?:times? out|is timing out|fails|bounces)|nothing (?:works|goes out|is going out|leaves)|"
    r"no (?:sale|funciona) nada|nada (?:sale|funciona)|todo falla"
)
"""No mail goes out, as people say it: a pattern."""

MAIL_PROGRAMS = "outlook|thunderbird|apple mail|iphone|android|k-9|fairemail|mail client|email client|cliente de correo"
"""Beside `set up`: whose settings are asked for."""

OUTLOOK = r"(?:(?:my|our|the|mi|el) )?outlook(?: (?:account|client|cuenta))?"
"""Two services and a program are called so: a pattern for the whole of what is to be set up."""

_ANYBODY = r"(?:it|this|that|these|there|they|we|you|i|any(?:body|one|thing)|some(?:body|one|thing)|everyone|others?)"
ASKS = (
    rf"(?:is|are|does|did|do|has|have|can|could|should|will|would) {_ANYBODY}(?!\w)|"
    r"(?:is|are|does|did|has|can|will) the |"
    r"was (?:it|this|that|any(?:body|one|thing)|there)(?!\w)|who(?: |'s |s )\S|whose |what(?:'s|s| is| was| are|"
    r" happened| changed| else| did| does| about| can| should| do| now| time| if)(?!\w)|when (?:is|was|did|will|does|"
    r"can)(?!\w)|where (?:is|are|was|did|does|can)(?!\w)|why |how (?:is|are|long|many|much|often|did|does|do|can|"
    r"should|bad|come|far|serious)(?!\w)|which (?:ones?|of|is|are|hosts?|ports?|was|were|servers?)(?!\w)|any (?:news|"
    r"updates?|idea)|eta$|total down ?time$|has(?: this| it| that)? (?:happened|been)|quien |quienes |desde cuando|"
    r"hasta cuando|cuando (?:fue|se|vuelve|empezo|cayo)|cuant[oa]s? |donde (?:esta|estan|se) |cual (?:es|fue) |"
    r"cuales |por ?que |alguien |hay (?:alguien|novedades|algo|mas)|que (?:pasa|paso|ha|hay|hacemos|hago|mas|puertos?|"
    r"hosts?|significa)|como (?:va|esta|estan|se )|es (?:nuestr[oa]|culpa|cosa|grave|de ellos)"
)
"""How a short question begins that ends in no question mark: a pattern."""

OURS = (
    r"(?:(?:is|are|does|do) (?:all )?(?:of )?(?:our|my) "
    r"(?:e-?mails?|mail (?:servers?|hosts?)|mail|servers?|hosts?|smtp|mtas?|mx(?:es|s)?)"
    r"(?: still| all)?(?: service| systems?)?|(?:is|are) (?:all|everything|all hosts|all servers|we)|"
    r"(?:esta|estan|va|van|funciona|funcionan|anda)(?: bien)? (?:nuestros?|nuestras?|mis?) "
    r"(?:correos?|e-?mails?|servidor(?:es)?|hosts?)|(?:esta |va )?todo)"
    r"(?: (?:ok|okay|fine|up|down|well|healthy|working|work|running|alive|good|bien|ok|caidos?|arriba|vivos?|mal))?"
    r"(?: (?:now|today|ahora|hoy))?"
)
"""How everything is that is watched, of no host by name: a pattern for the whole text."""

_SHUT = (
    "block(?:ed|s|ing)?|closed|filter(?:ed|s|ing)?|firewalled|bloquead[oa]s?|bloquean?|cerrad[oa]s?|filtrad[oa]s?|"
    "filtran?"
)
_OUT = "(?:(?:outbound|outgoing|outwards|out|salientes?|de salida) )?"
_OURS = (
    r"(?:our|my|the|nuestr[oa]|mi|el|la) (?:isp|provider|hoster|network|firewall|router|office|cloud|proveedor|red|"
    r"cortafuegos|operador)"
)
_HOW = rf"(?: {_OUT}(?:{_SHUT}))?"
_NUMBER = r"(?:ports? |puertos? )?(?P<port>\d{1,5})"
OWN_NETWORK = (
    (
        r"(?:is|are|does|do|can we (?:send|get out|connect)(?: out)? on|esta|estan|tenemos|podemos salir por|sale)"
        r"(?: (?:bloqueado|abierto|cerrado|filtrado))?"
        r"(?: the| el| los)?(?: outbound| outgoing)?(?: ports?| puertos?)? (?P<port>\d{1,5})"
        r"(?: (?:blocked|open|closed|filtered|allowed|get out|go out|work|bloqueado|abierto|cerrado|filtrado))?"
        r"(?: (?:outbound|outwards))?"
        r" (?:here|for us|from here|from our (?:side|network)|(?:on|in|by) our network|aqui|desde aqui|para nosotros|"
        r"(?:en|de|por) nuestra red)"
    ),
    rf"(?:is|are) our {_OUT}(?:ports? )?(?P<port>\d{{1,5}}) {_OUT}(?:{_SHUT}|open)(?: out(?:bound)?)?",
    rf"(?:do we have|have we|are we|tenemos|nos|esta nuestro){_HOW} (?:on )?(?:the |el )?{_OUT}{_NUMBER}{_HOW}",
    rf"(?:does|is|do|bloquea|filtra) {_OURS}{_HOW} {_OUT}(?:the |el )?{_NUMBER}(?: out(?:bound)?)?",
    (
        rf"(?=.*\b(?:we|us|our|here|tenemos|nos|nuestr[oa]|aqui|me|i)\b)(?=.*\b(?:{_SHUT})\b)"
        r"(?:which|what|que|cuales|are any|any|are there|hay(?: algun)?|tenemos(?: algun)?|do we have(?: any)?)"
        rf" {_OUT}(?:smtp |mail )?(?:ports?|puertos?)(?: [\w']+){{0,7}}"
    ),
    rf"{_OURS} (?:blocks?|is blocking|bloquea) (?:which|what|que) (?:ports|puertos)",
    rf"(?:which|what|que) (?:ports|puertos) (?:does |is )?{_OURS} (?:block|blocking|let(?:s)? (?:out|through)|bloquea)",
)
"""Whether we get out, on a port or on any: patterns for the whole text."""

ENDING = (
    r"(?:which|what|any|are any|are there any|is any|do we have(?: any)?|have we(?: any)?|how many|all|list|que|hay|"
    r"cuales|cuantos|tenemos|lista)(?!\w).{0,60}(?<!\w)(?:certs?|certificates?|certificados?)(?!\w).{0,40}"
    r"(?<!\w)(?:end|ends|ending|expire|expires|expiring|expired|run out|renew|renewed|caduca|caducan|caducar|vence|"
    r"vencen|vencer|renovar)(?!\w)"
)
"""Which certificates end, of no host by name: a pattern for the beginning."""

_CERTIFICATES = "(?:certs?|certificates?|certificados?)"
_ENDED = "(?:expired|ended|run out|out of date|outdated|caducad[oa]s?|vencid[oa]s?|expirad[oa]s?|caducaron|vencieron)"
_ASKED = (
    "which|what|any|is|are|have|has|do|does|list|show|there|we|our|the|all|hosts?|servers?|had|with|of|that|been|got|"
    "an|whose|already|que|cuales|hay|tenemos|algun|nuestr[oa]s|los|un|tienen|con|ya|han|ha|lista|estan|esta"
)
EXPIRED = (
    rf"(?:(?:{_ASKED}) ){{0,6}}(?:{_ENDED} {_CERTIFICATES}|{_CERTIFICATES} (?:(?:{_ASKED}) ){{0,3}}{_ENDED})"
    r"(?: (?:already|ya|today|now|hoy|ahora))?"
)
"""Which certificates have ended, of no host by name: a pattern for the whole text."""

UNTIL_WHEN = (
    r"(?:this|next) (?:week|month|year)|(?:in|within) (?:the next )?\d{1,3} ?(?:days?|weeks?|months?|d)|"
    r"(?:until|before|by) \w.{0,30}|tomorrow|today"
)
"""A time to come, in such a question: a pattern."""

UNREACHED = (
    r"(?:can'?t|can ?not|(?:could|does|do|did|is|will)(?: not|n'?t)|unable to|failed to|fails to|not) "
    r"(?:even )?(?:connect|connecting|reach|get through|log ?in)|"
    r"no (?:se |me |nos )?(?:puede |puedo |podemos |pueden |consigo |deja |logra )?(?:conecta|conectar|llegar|acceder|"
    r"entrar)"
)
"""Beside a host: that somebody does not get to it, and how, is for a check to say. A pattern."""

REACHED_NOTHING = (
    r"refused|timed? ?out|unreachable|no route|errno|trying|tcptestsucceeded|failed|unable to connect|rechazad[ao]|"
    r"agotado"
)
"""In what a tool answered: the same connection, tried from here, says more. A pattern."""

PASTED = "errors?|exception|fatal|warning|failed|traceback"
"""What programs say, and people who paste it."""

TOOLS = r"(?:telnet|ncat|netcat|nc|nmap|openssl s_client|test-netconnection|tnc)"
"""What people look at a port with: a command line of theirs is for a check to carry out."""

_SEVERAL = (
    "two|2|three|3|several|different|various|all|both|many|multiple|more|dos|tres|vari[oa]s|distint[oa]s|diferentes|"
    "tod[oa]s(?: l[oa]s)?"
)
_PLACES = "places?|sites?|machines?|vantages?|locations?|networks?|sitios|lugares|maquinas|máquinas|redes|ubicaciones"
EVERYWHERE = (
    rf"(?:from|desde) (?:{_SEVERAL})(?: different| of our| the| our)? (?:{_PLACES})|from everywhere|desde todas partes"
)
"""Said of a check from more than one machine: a pattern."""

OF_ALL = (
    "hosts|servers|watch(?:es)?|any|our|we|all|list|which certs|which certificates|hay|tenemos|nuestros|algun|"
    "que certificados|cuales certificados"
)
"""Beside certificates: those of every host are asked for, whatever was spoken of. A pattern."""

COMPARES = (
    "compare|compared|comparing|comparison|vs|versus|differences?|differs?|different|compara|comparar|comparacion|"
    "diferencias?|diferencian|diferentes?|distint[oa]s?"
)
"""Beside two hosts: what differs between them is asked. A pattern."""

CHANGED = "changed|changes|cambio|cambios"
YESTERDAY = "yesterday|ayer"
PAST = f"history|historia|historial|{CHANGED}|{YESTERDAY}"
"""Beside a host: what was is for the history to say."""
