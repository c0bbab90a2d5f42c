"""English and Spanish words of questions and what they mean. Data only; accents, case and hyphens do not count.

Names of providers and networks stand in their own rows. What is in none of the tables is reported as not understood.
"""

ROLES = {
    "lmtp": "lmtp, dovecot, cyrus, mailbox store, mail store, mailbox delivery, local delivery, entrega local, buzones",
    "receive": (
        "bounce, bounces, bounced, bounce processing, rebote, rebotes, devolucion, devoluciones, fbl, fbls, feedback "
        "loop, feedback loops, feedback, arf, dsn, dsns, complaints, complaint, quejas, receive, receives, receiving, "
        "inbound, incoming, incoming mail, recibir, recibo, recibe, reciben, recepcion, entrante, entrantes, out of "
        "band, oob, async, asynchronous, asincronos, fuera de banda, return path, bucle de retroalimentacion, accept "
        "mail, mail server mx, aceptar correo, aceptar rebotes, cannot receive, cant receive, can not receive, not "
        "receiving, no longer receive, dont receive, do not receive, not receive, no recibo, no recibe, no puedo "
        "recibir, no recibimos"
    ),
    "device": (
        "printer, printers, scanner, scanners, copier, copiers, photocopier, mfp, mfd, multifunction, multi "
        "function, scan, scan to email, scan to mail, scan2mail, camera, cameras, nas, synology, qnap, ups, plc, "
        "alarm, fax, idrac, ilo, ipmi, esxi, vcenter, vsphere, dvr, nvr, hikvision, dahua, reolink, plotter, "
        "legacy, legacy device, old device, device, devices, appliance, xerox, ricoh, kyocera, konica, canon, "
        "brother, epson, lexmark, toshiba, pantum, impresora, impresoras, escaner, escaneres, fotocopiadora, "
        "fotocopiadoras, multifuncion, multifuncional, camara, camaras, dispositivo, dispositivos, dispositivo "
        "antiguo, aparato, escanear"
    ),
    "local": (
        "localhost, local, locally, localmente, dev, development, developing, developer, local development, "
        "mailhog, mailpit, maildev, smtp4dev, inbucket, greenmail, mailcatcher, mail catcher, aiosmtpd, laptop, "
        "unit tests, docker compose, staging, fake smtp, dummy, desarrollo, pruebas, desarrollo local, entorno "
        "local, portatil, ordenador local"
    ),
    "listener": (
        "listener, listeners, smtp listener, listen, listening, listens, inject, injects, injection, injecting, "
        "inyeccion, inyectar, inyectamos, escuchar, escucha, escuche, accept injections, own smtp server, my own "
        "server, servidor propio, mi propio servidor"
    ),
    "relay": (
        "mx, mx record, mx records, mta, mtas, server to server, servers to servers, mta to mta, direct to mx, "
        "direct delivery, deliver direct, deliver directly, send directly, send direct, enviar directamente, "
        "deliver, delivers, delivering, between servers, between mail servers, other mail servers, other domains, "
        "other servers, to others, to other people, federation, servidor a servidor, entre servidores, de servidor "
        "a servidor, entrega directa, checking a mailbox, check a mailbox, check mailboxes, verify addresses, "
        "verifying addresses, verify mailboxes, address verification, email validation, smtp validate email, mail "
        "checker, email checker, email validator, email validators, email verifier, mailbox verification, validate "
        "email, validate emails, validate addresses, entregar, entrega, entregan, entregue, entregar directo, otros "
        "dominios, otros servidores"
    ),
    "submission": (
        "submission, submit, submitting, submissions, send, sends, sending, sent, app, apps, application, "
        "applications, client, clients, mail client, email client, outlook, thunderbird, apple mail, apple, crm, erp, "
        "website, web site, web app, webapp, wordpress, drupal, joomla, laravel, django, rails, nodemailer, "
        "phpmailer, script, scripts, newsletter, newsletters, transactional, marketing, campaign, campaigns, cron, "
        "jenkins, gitlab, grafana, nextcloud, smarthost, smart host, relayhost, outgoing, outbound, customers, saas, "
        "backend, microservice, envio, enviar, envia, enviamos, envian, enviando, envios, aplicacion, aplicaciones, "
        "cliente, clientes, cliente de correo, pagina web, sitio web, web, boletin, boletines, saliente, salientes, "
        "campanas, transaccional, mandar, mando, programa"
    ),
    "reading": "imap, imaps, pop, pop3, pop3s, leer correo, read mail, fetch mail, fetchmail",
}
"""Role codes and the words that name them, in the order in which they win over each other."""

INCIDENTAL = {
    "lmtp": "dovecot, cyrus, buzones",
    "receive": (
        "receive, receiving, receives, inbound, incoming, incoming mail, accept mail, recibir, recibo, recibe, "
        "reciben, recepcion, entrante, entrantes, aceptar correo, bounce, bounced, bounces, async, feedback"
    ),
    "local": (
        "local, locally, localmente, dev, development, developing, developer, laptop, docker compose, staging, "
        "desarrollo, pruebas, portatil, ordenador local"
    ),
    "listener": "own smtp server, my own server, servidor propio, mi propio servidor",
    "submission": (
        "outlook, thunderbird, apple mail, apple, client, clients, mail client, email client, cliente, clientes, "
        "cliente de correo"
    ),
    "device": "legacy, device, devices, appliance, dispositivo",
}
"""Words of a role that describe where something runs or what works; they give way where something else is asked."""

WEAK_RELAY = "relay, relaying, relays, retransmitir, retransmision, reenviar, reenvio"
"""Words that mean server to server when nothing else says what is meant: providers call their service a relay too."""

SOFTWARE = {  # frameworks have their names in frameworks.toml
    "openssl": "openssl, s client",
    "telnet": "telnet, putty",
    "nc": "nc, netcat, ncat",
    "sendemail": "sendemail",
}

TLS = {
    "starttls": (
        "starttls, start tls, explicit tls, opportunistic tls, tls explicito, no secure option, no ssl option, no "
        "ssl tls option, no implicit tls, cannot do ssl, only does starttls, only starttls, starttls only, solo "
        "starttls, without ssl option, no tiene ssl, no soporta ssl, does not support ssl, doesnt support ssl, "
        "does not do ssl"
    ),
    "implicit": (
        "no starttls option, no opcion de starttls, no tiene opcion de starttls, no tiene starttls, knows no starttls, "
        "only ssl, ssl only, solo ssl, ssl, "
        "ssl/tls, ssl tls, implicit, implicit tls, tls implicit, smtps, submissions port, tls wrapper, wrapper, "
        "wrappermode, tls implicito, implicito"
    ),
    "none": (
        "plaintext, plain text, cleartext, clear text, unencrypted, no tls, without tls, no encryption, without "
        "encryption, no ssl, insecure, without starttls, no starttls, without ssl, sin starttls, sin tls, sin cifrar, "
        "sin cifrado, sin ssl, texto plano, sin encriptar"
    ),
    "any": "tls 1.0, tls 1.1, tls 1.2, tls 1.3, tls, encrypted, encryption, encrypt, secure, securely, "
    "security, cifrado, cifrada, cifrar, seguro, segura",
}

LOGIN_FAILED = (
    "rejects my username, rejects my user name, rejects my user, refuses my username, rejects my login, rejects my "
    "api key, rechaza mi usuario, no acepta mi usuario, no acepta mi clave, "
    "rechaza mi contrasena, rechaza la contrasena, no acepta mi contrasena, rejects my password, refuses my "
    "password, password is refused, password is rejected, refuses the login, rejects the login, "
    "falla la autenticacion, falla el login, no me deja autenticar, no autentica, auth failed, authentication "
    "failed, auth failure, authentication failure, login failure, auth fails, authentication fails, login failed, "
    "login fails, wrong password, password wrong, accept my password, password rejected, password not accepted, "
    "username and password not accepted, invalid credentials, bad credentials, contrasena incorrecta, no acepta la "
    "contrasena, autenticacion fallida, error de autenticacion, no se pudo autenticar, no pudo autenticar, no puede "
    "autenticar, could not authenticate, cannot authenticate to, fallo de autenticacion"
)
"""That a login is refused: whatever port stands beside it was reached."""

TOPICS = {
    "mismatch": (
        "wrong version number, ssl3 get record, unknown protocol, tls handshake error, handshake error, handshake "
        "failure, handshake failed, ssl error, tls error, error ssl, error tls"
    ),
    "why_not": (
        "why not, why cant, why cannot, why shouldnt, why should i not, why avoid, why dont, not use, por que no, "
        "porque no, por que no puedo, porque no puedo, no debo, no usar"
    ),
    "why": "why, por que, porque, reason, reasons, razon, motivo, how come",
    "lift": (
        "unblock, unblocked, get unblocked, get port 25 unblocked, unblocking, open port 25, opening port 25, get "
        "port 25 opened, have it opened, get it opened, lift, remove the block, request port 25, desbloquear, "
        "abrirse, desbloqueo, desbloqueen, abrir el puerto 25, abran el puerto 25, que abran, debloquer, freischalten, "
        "freigeben, desbloqueiam"
    ),
    "where": (
        "where to run it, where to host, where can i host, where to run, where should i host, which provider "
        "allows port 25, which vps allows, which hoster, which host allows, which hosts allow, who allows port 25,"
        " that allow port 25, that allows port 25, providers with port 25, vps with port 25, donde alojar, donde "
        "alojo, donde montar, which cloud "
        "allows, which clouds allow, which vps for, which hoster for, best vps for, que vps para, que hosting "
        "para, any hoster that, any host that, any vps that, any provider that, hoster that leaves, "
        "host that leaves, hoster with port 25, leaves it open, leaves 25 open, algun hosting que, algun "
        "vps que, algun proveedor que, algun hoster que, que proveedor permite, que vps permite, que hosting permite"
    ),
    "login": (
        f"{LOGIN_FAILED}, user name for, username for, smtp user, smtp username, smtp user name, smtp password, smtp "
        "usuario, smtp contrasena, user and key, usuario y clave, which password, what password, que usuario, que "
        "contrasena, basic auth, basic authentication, basicauth, modern auth, modern "
        "authentication, oauth, oauth2, xoauth2, app password, app passwords, application password, app specific "
        "password, username and password, user and password, less secure apps, smtp auth, contrasena de aplicacion, "
        "contrasenas de aplicacion, clave de aplicacion, usuario y contrasena, autenticacion basica, autenticacion "
        "moderna"
    ),
    "inject": "inject, injects, injection, injecting, inyeccion, inyectar, inyectamos",
    "test": (
        "test, tests, testing, check, checking, verify, how do i know, how can i tell, find out, diagnose, probar, "
        "pruebo, comprobar, compruebo, verificar, como se si, diagnosticar"
    ),
    "explain": (
        "what is, whats, what does, explain, meaning, difference, versus, vs, compare, tell me about, que es, "
        "explica, explicar, diferencia, diferencias, significa, para que sirve, deprecated, obsolete, legacy port, "
        "standard, obsoleto, desactualizado, estandar, still used, vigente"
    ),
}

FAILED = (
    "not allowed, not permitted, forbidden, prohibited, no permite, no permitido, can not, does not send, doesnt "
    "send, sends nothing, nothing reaches, nothing gets, nothing goes, nothing leaves, never reaches, does not reach, "
    "do not reach, doesnt reach, dont reach, not going out, do not go out, does not go out, no mails, nothing "
    "arrives, never arrives, not being sent, no envia nada, same error, same result, same timeout, same problem, same "
    "thing happens, mismo error, blocked, blocks, block, blocking, tried, failed, fails, failing, fail, timeout, "
    "timeouts, timed out, times out, time out, timing out, refused, refuses, closed, hangs, hang, hung, unreachable, "
    "filtered, not working, doesnt work, does not work, dont work, didnt work, wont connect, cant connect, cannot "
    "connect, cant use, cannot use, cant, cannot, couldnt, could not, could not connect, not possible, not available, "
    "unavailable, no answer, stuck, dropped, etimedout, econnrefused, stopped working, no longer works, wont send, "
    "wont work, isnt working, not sending, never works, keeps failing, nao funciona, nao conecta, nao envia, "
    "bloqueada, bloqueadas, gesperrt, blockiert, geht nicht, funktioniert nicht, ne marche pas, ne fonctionne pas, "
    "bloque, bloques, tarda, se queda colgado, no envia, no se envia, no se envian, no manda, se agota, bloqueado, "
    "bloqueada, bloqueados, bloquea, bloquean, bloquear, falla, fallan, fallo, fallido, fallida, no funciona, no "
    "funcionan, no me funciona, no me va, no me deja, no nos funciona, no nos deja, no va, no conecta, no responde, "
    "rechazado, rechaza, rechazada, cerrado, cerrados, agota, agotado, tiempo de espera, no puedo usar, no puedo, no "
    "puede, no podemos, no pueden, no deja, no sale, no llega, no disponible, probado, he probado, sin exito, sin "
    "puerto, filters, filtering, drops, dropping, shuts, shut off, shut down, rejects, intercepts, intercepted, "
    "denies, denied, forbids, restricts, restricted, bans, banned, prevents, prohibits, cuts, cuts off, kills, "
    "eats, does not open, doesnt open, does not let, doesnt let, filtra, filtran, corta, cortan, cortado, cierra, "
    "cierran, prohibe, prohiben, impide, impiden, tumba, capa, capan, capado, no abre, no abren, broken, borked, "
    "kaputt, dead, roto, rota, estropeado"
)
"""A port in the same clause as one of these was tried, or is out of the question."""

FROM = (
    "from, on, in, at, behind, inside, within, hosted, hosted on, hosted at, running, running on, runs on, isp, "
    "desde, en, dentro, dentro de, alojado, alojado en, alojada en, detras, detras de, on an, sitting in, deployed on"
)
TO = (
    "to, through, via, with, using, use, uses, over, into, for, towards, by, por, con, hacia, mediante, usando, uso, "
    "a traves de, al, a, para, usar, utilizar, usa, usamos, utilizo"
)

MOVED = (
    "moved to, moving to, migrated to, migrating to, switched to, switching to, changed to, now use, now using, we "
    "use now, cambiado a, cambiamos a, migrado a, migramos a, migrar a, pasado a, pasamos a, nos pasamos a, ahora "
    "uso, ahora usamos"
)
"""Before a name: it is the one that counts now."""

BREAKS = (
    "but, so, then, and now, because, ya que, puesto que, mas nao, mas, aber, can, could, should, what, which, "
    "instead, shall, pero, entonces, puedo, debo, que, cual"
)
"""Words that begin another clause."""

GENERAL = (
    "port, ports, puerto, puertos, smtp, esmtp, what should i use, what do i use, what can i use, que uso, que debo "
    "usar, que puedo usar, que utilizo"
)
"""Words that ask for the general answer when nothing else is said."""

BARRED = (
    "without, without port, sin el puerto, not, no, never, anything but, any but, anything except, any port but, "
    "any port except, anything other than, other than, different from, instead of, rather than, alternative to, "
    "alternatives to, alternative for, replacement for, except, apart from, nunca, que no sea, salvo, excepto, "
    "menos, distinto de, distinto del, distinto a, en vez de, en lugar de, en lugar del, alternativa a, "
    "alternativa al, alternativo a, alternativo al, aparte de"
)
"""Just before a port: the asker does not want it."""

ONLY = (
    "may only use, can only use, must only use, only allowed to use, solo puedo usar, solo podemos usar, blocked "
    "except, blocked except for, blocked but, blocked apart from, closed except, closed except for, closed but, "
    "closed apart from, everything except, everything but, all but, all except, all ports but, all ports except, "
    "blocks everything except, blocks everything but, only allows, only allow, only lets, only open, only have, only "
    "has, bloqueado excepto, bloqueado menos, bloqueado salvo, cerrado excepto, cerrado menos, cerrado salvo, todo "
    "menos, todo excepto, todo salvo, solo permite, solo deja, solo abre, solo tenemos, solo tengo, offers only, only "
    "offers, supports only, only supports, accepts only, only accepts, only listens on, solo ofrece, solo admite, "
    "solo acepta, solo soporta, has only, have only, provides only, gives only, allows only"
)
"""Before a port: it is the only one that is open."""

WEB_PORTS = (
    "nothing but http, nothing but https, nothing but web, nothing but http and https, only https, https only, only "
    "http and https, only https is open, only https open, only https allowed, only http https, only https outbound, "
    "only web ports, only web traffic, only http, http and https only, just https, solo https, solo http y https, "
    "solo sale https, solo navegacion, solo trafico web"
)
"""All that is open is what browsers use."""

ALL_PORTS = (
    "smtp to outside, smtp to the outside, outgoing smtp, outbound smtp, smtp outbound, external smtp, smtp "
    "connections, smtp traffic, all smtp ports, all mail ports, all email ports, all the smtp ports, every smtp port, "
    "every mail port, any smtp port, all outgoing smtp, all outbound smtp, smtp entirely, smtp completely, smtp "
    "altogether, all of the smtp ports, all outbound mail ports, smtp ports, todos los puertos smtp, todos los "
    "puertos de correo, todo el smtp, alle smtp ports"
)
"""Beside what fails: none of the usual ports gets out."""

WANTED = (
    "i want, want, we want, i want to use, want to use, i need to use, need to use, i prefer, prefer, would like "
    "to use, insists on, requires, must use, have to use, has to use, quiero, quiero usar, prefiero, debo usar, "
    "tengo que usar, change it to, switch it to, force it to, use instead"
)
"""Right before a port: it is the one that is asked for."""

ASKING = "is, are, was, does, do, did, has, have, will, would, any, esta, estan, es, se, tiene, bloquea, bloquean"
"""At the beginning of a clause: what follows is asked, not told."""

ANONYMOUS = (
    "without user, without a user, without username, no auth, without auth, no authentication, without "
    "authentication, no login, without login, no password, without password, without a password, unauthenticated, "
    "anonymous, cannot log in, cant log in, cannot authenticate, cant authenticate, sin autenticacion, sin "
    "autenticar, sin autenticarse, sin usuario, sin contrasena, sin login"
)

CONNECTOR = "connector, connectors, send connector, inbound connector, outbound connector, conector, conectores"
"""Of Microsoft 365: it takes mail without a login, on 25."""

MAIL_SERVER = (
    "plesk, directadmin, ispconfig, froxlor, proxmox mail gateway, pmg, mail gateway, smtp gateway, mail server, "
    "mailserver, mail servers, servidor de correo, servidores de correo, postal, postal server, postal install, "
    "mailcow, mail cow, mailcow dockerized, wildduck, wild duck, iredmail, mailu, stalwart, simplelogin, simple "
    "login, mail in a box, mailinabox, miab, docker mailserver, modoboa, poste.io, zimbra, hmailserver, mdaemon, "
    "kerio, kerio connect, mox, maddy, yunohost, exim4, opensmtpd, haraka, zone mta, zonemta, halon, kumomta, "
    "axigen, icewarp, smartermail, mailenable, qmail, hestiacp, hestia, hestia mail, vestacp, virtualmin, "
    "cyberpanel, servidor de mail, anonaddy, addy.io, emailwiz, listmonk server, mailserver propio, servidor de correos"
)
"""Software that is a mail server itself: it delivers to others, and nobody hands mail in at its maker's."""

PLACES = (
    "vps, vpn, vm, vms, server, servers, servidor, servidores, serveur, instance, instances, droplet, dedicated, "
    "dedicado, root server, maquina, machine, box, hosting, hoster, node, nodo, servidor dedicado, cloud server"
)
"""Behind the name of a brand that has networks, too: its network is meant."""

PRODUCTS = (
    "campaigns, marketing, crm, desk, calendar, teams, sharepoint, ads, pubsub, sns, sqs, pinpoint, voice, sms, "
    "segment, analytics, invoice, chime, business suite, sheets, meet"
)
"""Behind the name of a brand: another product of it, of which nothing is known here."""

WORKS = "va, ok, works, work, working, is fine, are fine, is ok, runs fine, funciona, funcionan, va bien, sirve"
"""In the clause of a port: it works."""

NO_TROUBLE = (
    "no trouble, no problem, no problems, without problems, without trouble, without a problem, sends now, sends fine, "
    "runs without, sin problemas, sin problema, ohne probleme, is no problem"
)
"""In the clause of a name: that one works, and is mentioned only."""

SEND_AS = "send mail as, send as, send mails as, enviar como, enviar correo como, senden als, envoyer en tant que"
"""With this setting of theirs, Gmail and others send by the asker's own server."""

LIFTED = (
    "was opened, is opened now, got opened, "
    "opened port 25, opened 25, has opened, have opened, lifted, was unblocked, has been unblocked, got unblocked, is "
    "unblocked, they unblocked, they opened, removed the block, removed the restriction, lifted the block, lifted the "
    "restriction, has been lifted, was lifted, unlocked, already open, desbloqueado, desbloquearon, han abierto, "
    "abrieron, ya abierto, freigeschaltet, debloque"
)
"""Of a network's block: it is said to be gone."""

UNRECORDED = "cloudways, plesk cloud, ploi, laravel forge, laravel vapor, dokku"
"""Places that people send from and of which the catalogue knows nothing."""

PEOPLE = (
    "users, employees, people, persons, subscribers, recipients, customers, students, members, seats, licences, "
    "licenses, mailboxes, usuarios, empleados, personas, suscriptores, destinatarios, alumnos, buzones, licencias, "
    "benutzer, mitarbeiter"
)
"""Behind any number: it is an amount, as in `465 subscribers`."""

COUNTED = (
    "mails, mail, emails, email, messages, newsletters, notifications, invoices, alerts, letters, accounts, addresses, "
    "domains, clients, devices, printers, servers, machines, sites, websites, requests, bounces, errors, times, days, "
    "hours, minutes, seconds, weeks, months, years, bytes, kb, mb, gb, euros, dollars, percent, per, correos, "
    "mensajes, notificaciones, facturas, cuentas, dispositivos, clientes, veces, dias, horas, minutos, segundos, "
    "meses, al, por, pro, pieces, contacts"
)
"""Behind a number that is no port of mail: it is an amount."""

BETWEEN_COUNTED = "active, new, more, different, daily, monthly, marketing, transactional, outgoing, mail, email, small"
"""What may stand between an amount and what it counts."""


def phrases(text: str) -> list[str]:
    """The phrases of one comma-separated table entry."""
    return [" ".join(item.split()) for item in text.split(",")]
