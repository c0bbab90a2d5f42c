"""Words that say the same in examples of what people write, in English and Spanish: what each stands for. Data only."""

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "down": (
        "down broken broke break breaks dead offline out fail fails failed failing failure caido caida caidos "
        "cayo cae roto rota falla fallo fallado fallando"
    ),
    "work": "work works funciona funcionan va responde back vuelve recover recovers fixed arreglado resuelto",
    "alert": (
        "alert alerts alerting alarm alarms notification notifications alerta alertas avisos alarma post posts posting"
    ),
    "tell": (
        "tell told ping pinged paged notify notified alerted inform informed warn warned wake woken woke "
        "waking aviso avisado avisar avisaste enterado enterada avisasteis llamado despierto"
    ),
    "on-call": "on-call oncall duty guardia",
    "anyone": "anyone anybody someone somebody alguien everybody everyone",
    "who": "who whos who's whose quien quienes",
    "what": "what whats what's cual cuales which",
    "how": "how como",
    "when": "when cuando",
    "where": "where donde",
    "why": "why",
    "long": "long tiempo llevamos llevan minutes minutos",
    "much": "much many cuanto cuanta cuantos cuantas",
    "often": "often veces times",
    "before": "before antes already ya",
    "outage": "outage outages incident incidents caidas incidencia incidencias incidente incidentes",
    "first": "first earlier primero primera primer",
    "only": "only just solo solamente",
    "rest": "other others rest otros otras demas resto",
    "all": "all everything both todo todos todas ambos",
    "also": "too also well tambien",
    "port": "port ports puerto puertos 25 465 587 2525 submission",
    "quiet": (
        "mute muted silence silenced silent snooze snoozed quiet silencio silenciado silenciada silenciar "
        "pausa paused silencia"
    ),
    "until": "until till til hasta end ends acaba termina",
    "ack": "ack acked acknowledge acknowledged reconocido reconocio",
    "handle": (
        "handle handling handles dealing deal looking working owns own took takes pick picked encarga lleva "
        "llevando mirando atiende"
    ),
    "look": "compruebo comprobar look check see mirar miro mira revisar revisa reviso looks",
    "server": "server servers box machine machines host hosts servidor servidores maquina maquinas boxes",
    "start": "start begin empiezo empezar debug debugging",
    "now": "now ahora moment right currently still sigue",
    "exactly": "exactly exact exactamente precisely actual actually concreto concretamente",
    "happen": "happen happened happens pasa paso pasado pasando ocurrio ocurrido unfold",
    "order": "order sequence step steps orden secuencia timeline chronology cronologia course events event",
    "story": "story historia",
    "summary": (
        "summary summarize summarise sum recap brief resumen resume resumelo resumir short tl;dr words lines "
        "line sentence frase lineas palabras breve corto tldr"
    ),
    "for": (
        "boss manager management customer customers client support desk jefe cliente direccion soporte status "
        "page estado pagina"
    ),
    "set": ("configuro monto montado set made make create created creo creada added add puso dijo"),
    "watch": "watch watches watching watched vigila vigilancia vigilancias vigilar vigilado monitor monitored",
    "here": "here aqui channel canal",
    "week": "week semana",
    "month": "month mes november october",
    "today": "today hoy",
    "yesterday": "yesterday ayer night noche overnight",
    "change": (
        "change changed changes edit edited touched fiddled messed messing altered cambio cambiado cambiar "
        "cambios tocado toco"
    ),
    "delete": (
        "clean delete deleted deletes deletion remove removed removes wipe erase clear forget borra borrar "
        "borrame borraste borran borro elimina eliminar quitar olvida disappear thrown"
    ),
    "keep": "keep keeps kept hold store stored save retention guarda guardas guardar guardado conservas duran",
    "result": "result results history checks data resultado resultados historial datos comprobacion comprobaciones",
    "may": "allowed may can able permission permitido permiso puede puedo cualquiera",
    "password": (
        "password passwords passwd pwd secret secrets credential credentials key token tokens contrasena "
        "clave claves contrasenas secreto"
    ),
    "typed": (
        "typed type pasted paste posted wrote written shared leaked pegado escrito escribi puse colado escapado pegue"
    ),
    "accident": "accident accidentally mistake oops ups error querer sin",
    "use": "use using usage uso usar usa usarte used",
    "help": "help useful purpose point good sirve sirves vale ayudar ayuda",
    "bot": "bot app thing portero tool",
    "command": "command commands comando comandos",
    "setting": "setting settings config configured configuration configuracion ajuste ajustes configurado",
    "file": "file csv excel spreadsheet xls xlsx fichero archivo json",
    "export": "export download exporta exportar descarga descargar pasame",
    "ai": "ai ia chatgpt gpt llm robot inteligencia artificial language model machine-learning",
    "human": "human person persona humano",
    "thanks": "thanks thank thx gracias cheers great perfect perfecto genial",
    "done": "done nothing nada listo that'll",
    "elsewhere": "elsewhere outside another different otra otro",
    "certificate": "cert certs certificate certificates certificado certificados",
    "wrong": "wrong bad problem mal problema matter",
    "question": "ask question questions answer preguntar preguntarte pregunta preguntas understand",
    "people": "people gente user users usuario usuarios",
    "last": "last past pasada ultima ultimo",
}
"""By meaning the words that stand for it."""

WORDS: Mapping[str, str] = {word: meant for meant, words in MEANINGS.items() for word in words.split()}
