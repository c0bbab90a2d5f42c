"""Words of everyday sentences, by what they are a sign of, the same in English and Spanish. Data only.

All in lower case and without accents; several words are written with a space between them. A word is a sign of one
thing; what `everyday_sentences` makes of the signs together is there.
"""

from collections.abc import Mapping


def _said(*texts: str) -> tuple[str, ...]:
    return tuple(one.strip() for text in texts for one in text.split(","))


SIGNS: Mapping[str, tuple[str, ...]] = {
    # what is asked
    "who": _said("who, whos, who's, whom, whose, which people, quien, quienes, a quien, de quien"),
    "what": _said("what, whats, what's, wat, que, cual, cuales, which, which one, which ones, cual de"),
    "when": _said("when, whens, when's, what time, cuando, a que hora"),
    "where": _said("where, wheres, where's, donde, en donde"),
    "from where": _said("from where, where from, desde donde, from which, desde que, from what, desde cuales"),
    "how": _said("how, hwo, how to, como"),
    "how many": _said("how many, how much, cuantas, cuantos, cuanto, cuanta, how big, how large"),
    "how often": _said(
        "how often, how frequently, cada cuanto, con que frecuencia, cuantas veces, how many times",
    ),
    "how long": _said(
        "how long, how much time, cuanto tiempo, cuanto lleva, cuanto llevan, for how long, cuanto tarda",
    ),
    "since when": _said(
        "since when, since what time, desde cuando, desde que hora, how long has, how long since",
    ),
    "why": _said("why, how come, por que, porque"),
    "mean": _said(
        "explicar, explicame, explicas, mean, means, meaning, meant, stand for, significa, significan, quiere decir",
        "quieren decir, explain, explica, plain words, simple words, plain english, simple terms, simple english",
        "in short, en cristiano, palabras sencillas",
    ),
    "difference": _said("difference, differences, different, diferencia, diferencias, distinto"),
    # who
    "me": _said("i, he, me, my, mine, im, i'm, ive, i've, myself, yo, mi, mis, mio, mios, conmigo"),
    "us": _said("we, us, our, ours, nos, nosotros, nuestro, nuestra, nuestros, nuestras"),
    "you": _said(
        "you, your, yours, yourself, portero, te, tu, tus, ti, the bot, this bot, bot, el bot, al bot, este bot",
        "contigo",
    ),
    "it": _said(
        "its, it's, this, that, these, those, them, they, lo, la, le, les, esto, eso, esta cosa, ello, it",
    ),
    "private": _said("private, privately, confidential, privado, privada, en privado"),
    "others": _said(
        "anyone, anybody, someone, somebody, everyone, everybody, others, other people, people, else, colleagues",
        "coworkers, team, boss, manager, somebody else, anyone else, alguien, alguien mas, otros, los demas",
        "los otros, companeros, mi jefe, jefe, equipo, gente",
    ),
    "sides": _said(
        "us or them, them or us, our side or theirs, ours or theirs, nuestra o suya, nuestro o suyo",
        "nosotros o ellos, ellos o nosotros, our fault or theirs, cosa nuestra o suya, my side or theirs, me or them",
    ),
    "side": _said("whose side, which side, side, sides, whose fault, lado, de que lado, de quien es la culpa"),
    "human": _said(
        "human, a human, person, a person, a robot, robot, a bot, real person, persona, humano, maquina o persona",
    ),
    # what is done
    "ask": _said(
        "ask, asked, asking, question, questions, query, queries, look up, looked up, looking up, lookups, search",
        "searched, searches, type, typed, wrote, requested, requests, request, pregunto, pregunte, pregunta",
        "preguntas, preguntar, preguntado, preguntarte, consulta, consultas, consulto, consulte, consultado, busque",
        "pedi",
    ),
    "check": _said(
        "check, checks, checked, checking, test, tests, tested, testing, try, probe, probes, probed, verify",
        "comprueba, compruebas, comprobar, comprobado, comprobacion, comprobaciones, compruebe, mira, miras, mirar",
        "mirado, revisa, revisas, revisar, revisado, revision, prueba, probar, pruebas, look, looks, looking, looked",
    ),
    "use": _said(
        "use, used, uses, using, usage, usar, usa, usan, uso, usado, utiliza, utilizado, usarte, usandote, utilizar",
    ),
    "see": _said(
        "find out, see, sees, seen, read, reads, reading, view, visible, hear, ve, ven, lee, leen, leer, ver, veo",
        "visto",
    ),
    "show": _said("find, show, list, display, ensename, muestrame, muestra, lista, encuentro, dime, give"),
    "history": _said("history, results, stuff, past, historial, historia, resultados, cosas"),
    "may": _said(
        "limit, limits, limited, quota, quotas, rate limit, rate, per minute, per hour, per day, a minute, an hour",
        "a day, allowed, maximum, max, limite, limites, por minuto, por hora, al dia, maximo, cuota, permitido",
        "may i, puedo, am i allowed",
    ),
    "store": _said(
        "end up, ends up, acaban, store, stores, stored, storing, save, saves, saved, keep, keeps, kept, remember",
        "remembers, collect, guarda, guardas, guardan, guardar, almacena, almacenas, almacenan, conservas",
    ),
    "password": _said(
        "password, passwords, passwd, pwd, credentials, secrets, pass, contrasena, contrasenas, clave, claves",
        "credenciales, secretos",
    ),
    "login": _said(
        "login, logins, log in, sign in, log on, account, user, username, authenticate, authentication",
        "iniciar sesion, inicio de sesion, acceso, usuario, cuenta, autenticar, autenticacion, entrar",
    ),
    "mail": _said("mail, mails, email, emails, e-mail, e-mails, message, correo, correos, mensaje"),
    "send": _said(
        "send, sends, sending, manda, mandas, mandar, mandame, envia, envias, enviar, enviame, post, publica, pasame",
        "get",
    ),
    "inbox": _said(
        "mailbox, mailboxes, inbox, inboxes, my emails, my mails, my mail, buzon, bandeja, mis correos",
    ),
    "deliver": _said(
        "reach, reaches, arrive, arrives, delivered, get to, land, llega, llegan, llegar, entregado",
    ),
    "receipt": _said("received, bounced, lost, recibido, perdido"),
    "run": _said(
        "runs, run, operates, operate, manages, maintains, maintainer, administers, administra, administras",
        "gestiona, mantiene, lleva este bot, in charge of, responsible for, installed, hosts you, behind",
    ),
    "support": _said(
        "talk to, speak to, hablar con, broken bot, support, complain, contact, help desk, soporte, problems with",
    ),
    "documentation": _said(
        "documentation, docs, manual, manuals, handbook, guide, documentacion, guia, tutorial",
    ),
    "purpose": _said(
        "for, point, purpose, good for, use of, do for me, do for us, what can you do, para que, sirve, sirves",
        "capable, que hace, que haces, can you do",
    ),
    "new here": _said(
        "new here, just joined, just started, new on the team, acabo de llegar, soy nuevo, soy nueva, joined",
    ),
    "colour": _said(
        "colour, colours, color, colors, icons, icon, symbols, emoji, emojis, colores, iconos, simbolos",
    ),
    "slow": _said(
        "slow, so slow, slowly, slower, long, lento, lenta, lentos, tardas, tarda, tan lento, hang, hangs, take",
        "takes",
    ),
    "minute": _said(
        "shortest interval, minimum interval, smallest interval, intervalo minimo, every minute, each minute",
        "cada minuto, every 1 minute, once a minute, per second, every second",
    ),
    "phone": _said(
        "phone, phones, mobile, cell, iphone, android, tablet, movil, moviles, telefono, mail app, mail client",
        "client, cliente, printer, impresora, outlook, thunderbird",
    ),
    "terminal": _said("terminal, command line, cli, shell, console, consola, linea de comandos"),
    "down": _said(
        "down, broken, failing, offline, dead, fails, caido, caida, caidos, caidas, roto, rota, falla, fallan",
        "fallando, unreachable, not working, no funciona, no va, outage, on fire",
    ),
    "well": _said("fine, ok, okay, good, healthy, green, bien, vale, in order, en orden"),
    "back": _said(
        "is it back, back, recovered, vuelto, recuperado, resuelto, fixed, solved yet, working again, arreglado",
    ),
    "else down": _said(
        "other hosts, others affected, other servers, other ones, anything else, affected, afectados, afectado",
        "afecta, otros servidores, mas servidores",
    ),
    "bad": _said("how bad, how serious, how severe, gravedad, impact, grave"),
    "mend": _said(
        "fix itself, sort itself out, resolve itself, se arregla solo, se arreglara, heal, eta, come back",
    ),
    "care": _said(
        "on it, on this, look at it, looked at it, looking at it, look at this, looking into, looks after",
        "looking after, looked into, handling, handles, handle, working on, taking care, takes care, picked up",
        "pick up, acked, acknowledged, owns it, lleva, llevando, lo lleva, encarga, se encarga, atiende, atendiendo",
        "mirando, mirandolo, lo mira, on call, de guardia, assigned, asignado, lo esta mirando, lo tiene, seen it",
        "seen this",
    ),
    "call": _said("call, escalate to, contact person, llamar, llamo, aviso a quien, a quien llamo"),
    "paged": _said(
        "paged, page, pages, notified, notify, notifies, alerted, warned, told, pinged, informed, woken, avisado",
        "avisada, avisados, avisas, avisaste, aviso, avisasteis, notificado, avisa, avisan, notificas",
        "gets the alerts, get the alerts, gets alerts, recibe las alertas, recibe los avisos, enterado",
    ),
    "next": _said(
        "next, again, siguiente, proxima, proximo, otra vez, de nuevo, next time, upcoming, the next",
    ),
    "only": _said(
        "it just, this just, is just, just port, just the, only, solo, solamente, unicamente, nada mas",
    ),
    "rest": _said(
        "the rest, rest, other ports, others too, everything else, all ports, submission, smtp, as well",
        "los demas puertos, el resto, otros puertos, todos los puertos, all of them, the other ports, other port",
    ),
    "port": _said("port, ports, puerto, puertos"),
    "changed": _said(
        "changed, changes, change, cambiado, cambio, cambios, cambia, whats different, news, novedades, anything new",
    ),
    "happened": _said(
        "happened, happen, happens, went on, went wrong, paso, pasado, ocurrio, pasa, ocurre, sucedio",
    ),
    "before": _said(
        "before, already, ever, first time, antes, alguna vez, ya antes, primera vez, in the past, previously",
    ),
    "todo": _said(
        "should i do, should we do, do i do, do we do, can i do, que hago, que hacemos, what next, hago, hacemos",
        "do now",
    ),
    # watches
    "watch": _said(
        "watch, watches, watching, watched, monitor, monitors, monitoring, monitored, monitorizar, vigilancia",
        "vigilancias, vigila, vigilas, vigilar, vigilado, vigilamos, vigilando",
    ),
    "alert": _said(
        "alert, alerts, alarm, alarms, notification, notifications, alerting, pings, noise, alerta, alertas, avisos",
        "notificaciones, alarmas, messages",
    ),
    "quiet": _said(
        "mute, silence, stop, stops, snooze, quiet, pause, turn off, switch off, shut up, shut, bothering, disable",
        "dont alert, don't alert, do not alert, do not disturb, silencia, silenciar, calla, callate, parar, pausa",
        "apaga, desactiva, no me avises, no avises, deja de avisar, no alertes, turn it off, turn, off switch",
        "mute button",
    ),
    "stop all": _said(
        "para todo, para todas, para todos, paralo todo, stop everything, turn everything off, apaga todo",
    ),
    "night": _said(
        "at night, nights, overnight alerts, por la noche, por las noches, de noche, after hours",
        "outside office hours",
    ),
    "remove": _said(
        "kill, remove, removes, delete, deletes, clear, drop, wipe, erase, get rid of, cancel, borra, borrar",
        "elimina, eliminar, quita, quitar, borrame, purge",
    ),
    "all": _said("all, every, everything, all of, the whole, todo, todas, todos, all the, everybody's"),
    "add": _said(
        "add, adds, added, create, set up, setup, hook up, connect, install, register, make, new, anade, anadir",
        "anado, agrega, agregar, crea, crear, conectar, instalar, pon, poner, otra, otro, another",
    ),
    "machine": _said(
        "country, cloud, continent, pais, nube, machine, machines, server, servers, node, vantage, vantage point",
        "probe server, location, locations, region, site, maquina, maquinas, servidor, servidores, sitio, ubicacion",
        "sitios, worker, workers",
    ),
    "digest": _said(
        "summary, summaries, digest, report, overview, recap, resumen, resumenes, informe, informes",
    ),
    "here": _said(
        "here, in here, this channel, in this channel, aqui, este canal, en este canal, the channel, canal, channel",
    ),
    "share": _said("share, share button, press share, share in channel, compartir, boton compartir, comparto"),
    "undo": _said("undo, revert, take back, take it back, deshacer, deshago, deshace"),
    "invite": _said("invite, invito, invitar, add to channel"),
    # how it runs
    "database": _said("database, db, sqlite, data file, history file, base de datos"),
    "backup": _said("back up, backup, backups, back it up, copia de seguridad, copias de seguridad, respaldo"),
    "version": _said("version, release, build, que version"),
    "update": _said(
        "up to date, newer version, latest version, actualizado, actualizada, outdated, al dia de version",
    ),
    "restart": _said("restart, reboot, reiniciar, reinicio, reinicia"),
    "setting": _said("setting, settings, configure, ajustes, opciones, configuracion"),
    "blocklist": _said("blacklist, blacklisted, blocklist, blocklisted, lista negra, listas negras, spamhaus"),
    "config": _said(
        "config, configs, config file, config files, configuration files, fichero, ficheros, archivo, archivos",
    ),
    "own": _said("conversation, chat, dm, dms, direct message, conversacion, conversaciones, messages here"),
    # courtesies
    "thanks": _said(
        "thanks, thank you, thank you so much, thx, ty, tysm, many thanks, thanks a lot, cheers, gracias",
        "mil gracias, muchas gracias, that helped, that solved it, solved it, got it, makes sense, understood",
        "good to know, helped, me ha servido, entendido, perfecto, perfect, great, awesome, brilliant, nice, lovely",
        "genial, estupendo, good bot, well done, good job, appreciated, nice one, much appreciated",
    ),
    "hello": _said(
        "how's it going, hows it going, que tal, how are things, hi, hello, hey, hiya, yo there, hola, buenas",
        "buenos dias, buenas tardes, good morning, morning, good evening",
    ),
    "sorry": _said(
        "sorry, oops, ups, wrong window, wrong channel, never mind, nevermind, nvm, forget it, my bad, perdon",
        "perdona, lo siento, me he equivocado, da igual, olvidalo, ignore that, ignore me",
    ),
    "sleep": _said("sleep, tired, joke, chiste, favourite, love you, te quiero, happy, birthday"),
    "german": _said(
        "german, french, spanish, english, language, languages, aleman, ingles, frances, espanol, idioma, idiomas",
    ),
}

TIMES: Mapping[str, tuple[str, ...]] = {
    "since yesterday": _said("yesterday, since yesterday, ayer, desde ayer, de ayer"),
    "today": _said("today, hoy, this morning, this afternoon, esta manana, esta tarde, so far today"),
    "since 7d": _said(
        "this week, last week, past week, esta semana, la semana pasada, weekend, over the weekend, last weekend",
        "the weekend, fin de semana, el fin de semana, recently, lately, ultimamente, the last few days",
    ),
    "since 30d": _said("this month, last month, past month, este mes, el mes pasado"),
    "since last night": _said("last night, anoche, overnight, during the night, esta noche"),
}
"""When it was, by what is typed behind `/smtphistory`."""

OFTEN: Mapping[str, tuple[str, ...]] = {
    "daily": _said("daily, every day, each day, every morning, diario, diaria, cada dia, cada manana, todos los dias"),
    "weekly": _said("weekly, every week, each week, semanal, cada semana, todas las semanas"),
    **{
        day: _said(f"every {day}, each {day}, on {day}s, {day}s, cada {spanish}, los {spanish}, todos los {spanish}")
        for day, spanish in {
            "monday": "lunes",
            "tuesday": "martes",
            "wednesday": "miercoles",
            "thursday": "jueves",
            "friday": "viernes",
            "saturday": "sabado",
            "sunday": "domingo",
        }.items()
    },
}
"""How often a summary comes, as it is typed behind `/smtpwatch digest`."""

LITTLE = frozenset[str]().union(
    *map(
        str.split,
        (
            "a about actually ahora al algo algun alguna also am an and any are as asi at be been being between bit",
            "but by can con cosa could currently de del desde did do does done el en enter entre eres es esa esas ese",
            "esos esta estan estas este estoy exactly favor from funciona funcionan getting go going gone got ha",
            "habeis hace hacer had han has have hay hecho host hosts if in into is just kindly know las like los many",
            "mas mate may maybe might mismo moment more much must muy need no not now nueva nuevo o of off on one",
            "ones or out over own para pero please pls plz podria podrias pongo por puede pueden puedes put putting",
            "quick quickly quiero quisiera really right se ser shall should si sigue siguen so sobre some somehow",
            "somewhere son soy still such tambien tell tengo than the then there there's thing things tiene to too u",
            "un una unas unos up va van very want was way well were whatever will with work working works would y ya",
            "yet",
        ),
    )
)
"""Words that say nothing of what is meant."""

FREE = frozenset({"me", "us", "you", "it", "here", "hello", "what", "how", "others", "new here"})
"""Signs that may stand in a sentence beside those that it is told by."""

AREAS: Mapping[str, frozenset[str]] = {
    "watches": frozenset(
        {"watch", "alert", "quiet", "digest", "paged", "care", "down", "remove", "night", "else down"}
    ),
    "history": frozenset({"history", "changed", "happened", "time", "before"}),
    "portero": frozenset(
        {"store", "may", "run", "support", "database", "backup", "version", "update", "restart", "setting", "terminal"}
    ),
}
"""What a sentence may be about by a sign of it, where no more is understood."""
