"""What a plain question about Portero is made of: its row, and words that several share, in English and Spanish."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """`asks` are patterns of words of which each has to stand in the question, and never one of `unless`.

    `said` is mrkdwn with names of facts, `offers` names buttons (`plain_answers`); with `line` a command answers.
    `of_hosts`: a host may stand in it. `alone`: a pattern of a whole text that asks the same.
    """

    asks: tuple[str, ...]
    said: str = ""
    offers: tuple[str, ...] = ()
    unless: str = ""
    line: str = ""
    of_hosts: bool = False
    alone: str = ""


ASKING = (
    "what|whats|what's|which|who|who's|whom|whose|where|how|why|when|do|does|did|can|could|is|are|may|am|will|would|"
    "should|que|cual|cuales|quien|quienes|donde|como|por que|cuando|cuanto|cuanta|puedo|puedes|puede|pueden|podemos|"
    "se puede|hay|es|eres|tienes|lees|guardas|hablas|entiendes|ves|escuchas|envias|mandas|almacenas|me lees|nos lees"
)
"""Words that a question begins with."""

YOU = "you|your|u|it|bots?|portero|this|that|app|te|tu|tus|eres|puedes|esto|usted"
HOW = (
    "how|how to|where|can i|can we|could i|may i|is it possible|way to|what do i|do i|como|donde|puedo|podemos|"
    "se puede|que hago"
)
WHO = (
    "who|whom|anyone|anybody|everyone|everybody|others?|other people|somebody|someone|people|boss|manager|colleagues?|"
    "coworkers?|team(?:mates?)?|admins?|quien|quienes|alguien|otros|demas|jefe|jefa|companeros?|equipo"
)
GUESTS = "guests?|externals?|contractors?|shared channels?|other (?:companies|organi[sz]ations)|invitados?|externos?"
KEEP = (
    "keep|keeps|kept|keeping|stor(?:e|es|ed|ing)|storage|sav(?:e|es|ed|ing)|retain(?:s|ed)?|retention|remember(?:s|"
    "ed)?|record(?:s|ed|ing)?|log(?:s|ged|ging)?|collect(?:s|ed)?|guard(?:a|as|ais|an|ar|ado|ados|ada|adas)|"
    "almacen(?:a|as|an|ar|ado|ados)|conserv(?:a|as|an|ar)|registr(?:a|as|an)|recuerdas|recoges|retencion"
)
KEPT = (
    "e-?mails?|mails?|messages?|data|info(?:rmation)?|results?|checks?|history|everything|anything|things|what (?:i|"
    "we)|configs?|searches|questions|conversations?|about me|correos?|mensajes?|datos|informacion|resultados?|todo|"
    "lo que|comprobaciones|historial|preguntas|sobre mi"
)
CHANGE = "change|move|set|configure|edit|adjust|shorten|limit|reduce|cambio|cambiar|configur(?:o|ar)|ajust(?:o|ar)"
SET_UP = (
    "adds?|adding|hook up|connect|set ?-?up|install|installing|configure|register|enroll?|deploy|create|join|"
    "anad(?:o|ir)|agreg(?:o|ar)|conect(?:o|ar)|instal(?:o|ar)|configur(?:o|ar)|registrar|cre(?:o|ar)"
)
MACHINE = (
    "machines?|vantages?|workers?|(?:another|other|second|more|new) (?:server|host|place|network|site|region|"
    "datacenter)s?|(?:server|host|place) to check from|maquinas?|otro (?:servidor|sitio|host)|otra (?:red|maquina)"
)
ALERTS = "alerts?|alerted|notifications?|notified|messages?|pings?|noise|spam|alarms?|avisos?|alertas?|notificaciones"
