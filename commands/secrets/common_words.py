"""Common words of people who run mail, English, Spanish and German, in small letters without accents.

Where a secret is spoken of, one that is missing here is covered and one that is here is shown: so no words that
passwords are made of.
"""


def words(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(text.split())


_ENGLISH = (
    "a about above access account accounts across activity add added address addresses admin admins after again"
    " against agent agreed alert alerting alerts all allowlist almost along already also always am an and another any"
    " anybody anyone api app approved apps apr april are around as asap ask asked asking at audit aug august away back"
    " backlog backup bad bank banner based batch be because been before behind being below between big bit bits"
    " blacklist blocked blocking blocks bot both bounce bounced bounces box boxes brand broke broken bug build bulk"
    " busy but by call called campaign campaigns can cannot card cards carrier caused cert certificate certificates"
    " certs cest cet change changed changes changing channel check checked checking checks city class clean client"
    " clients cloud cluster com come comes coming company complaints complete config configs connection connections"
    " contract corp could country create created crm customer customers cut daily data database datacenter date day"
    " days dc dead deal dec december decided delay delayed delays delete deleted deliverability delivered delivery"
    " department deploy deployed deployment desk dev device devices did digest disabled disk dkim dmarc dns dnsbl do"
    " docs document does domain domains done down drain drained due during each early easy either email emails enabled"
    " end ended ending ends engine engineer enough environment erp error errors eta every everybody everything except"
    " expected expire expired expires expiry export external fail failed failing fails failure failures fast feb"
    " february few field file files filter final finance find fine finish finished firewall first fix fixed fixing"
    " flapping footer for found freeze frequent fri friday from front full further fyi gateway generated get gets"
    " getting gmail go goes going gone good got graylist greylisting group had handed handled hard has have he head"
    " heavy held help her here high him his hit hold holiday home host hosts hour hourly hours how hr hub hubs if imap"
    " import imprint in inbound incident incoming info infrastructure inside instead internal into invalid invoice"
    " invoices ip ips is isp issue issues it its jan january job jobs jul july jun june just keep keeps kept kind"
    " known lab lake last late later leave leaves left length less letter level lies limit limited limiting limits"
    " line lines list listed lists little live load local location locked log logging logs long look looks lost lot"
    " low machine mail mailbox mailboxes mailing mails main maintenance make makes management manager mandatory manual"
    " many map mar march marketing matter maximum may me mean means message messages method migrate migrated migrating"
    " migration minimum minute minutes missing mistake mode mon monday monitoring month monthly months more morning"
    " most move moved moves moving mta mtas much must mx my na name names near need needed needs net network networks"
    " never new news newsletter newsletters next night no nobody node noise none nor not note notes nothing notice"
    " notification notifications nov november now number numbers oct october off office ok okay old on once one ones"
    " only open operator operators opt option or order orders org other others our out outage outbound outgoing"
    " outside over overload overnight own owned owner owners page part partner parts path pending people per permanent"
    " person phase phone plan planned plans point points policies policy pool pools pop port ports postal postmaster"
    " pr primary privacy problem problems process processed prod production project proxy public put qa quarter queue"
    " queued queues quick rack ramp range rate rates rather read reading ready real reason reboot rebuild receipt"
    " receipts receive received receives receiving recipient recipients record records recovery refused region reject"
    " rejected rejects relay relaying relays release released reminder reminders remote remove removed renew renewal"
    " renewed repair replace replaced replacement report reported reports request requests require required requires"
    " reset resets resolved response restart restarted restarting restore result results return returns review"
    " reviewed right ring rising roll rolled rolling rollout room rotate rotated rotates rotating rotation route"
    " routed routes routing rule rules run running runs safe said same sat saturday schedule scheduled script search"
    " second seconds section security see seen send sender senders sending sends sent sep separate september serial"
    " server servers service services set sets setting settings setup shared she shell short should show shows shut"
    " side signed signup signups silent simple since single site sla slow slowly small smarthost smtp so some"
    " something soon source spam spare spf spike split sql ssl staff stage staging stands start started starting"
    " starts starttls state status stay stays still stop stopped stops storage store stored storm strange stream"
    " string subject such sun sunday support suppression sure suspended switch switched switching system systems table"
    " take taken takes talk tbd tcp team teams temporary test tested testing tests than that the their them then there"
    " these they thing things third this those though throttle throttled throttling through thu thursday ticket"
    " tickets till time timeout timeouts times tls to today todo together told tomorrow too took tool tools total"
    " traffic transactional transfer tried trouble true try trying tue tuesday turn turned twice two type types under"
    " unit unknown unlisted unreachable until up update updated updates upgrade upgraded upgrades upstream url us use"
    " used user users uses using usual utc vacation valid value values vault vendor vendors verify very via virtual"
    " vmta vmtas wait waiting waits want wants warehouse warm warming warmup was watch we web wed wednesday week"
    " weekend weekly weeks welcome well went were what when where whether which while whitelist who whole why wiki"
    " will window wip with within without work worked workers working works would write writes wrong year yearly years"
    " yes yet you your zone"
)
_SPANISH = (
    "a abajo ahora al algo alguien alta antes aqui arriba asi aun averia avisar baja bloqueada bloqueado buzon cada"
    " caduca caducada caducado caducan caduco cae caida caido cambia cambiado cambiar cambio cambios casa centro"
    " cerrado certificado cliente clientes cola colas como con correo correos cosa cosas cuando cuenta cuentas de del"
    " desde despues dia dias dice domingo donde dos durante el ella ellos en enero entre envio envios error errores es"
    " esa ese eso espera esperando esta estaba estado estan este esto expirada expirado falla fallan fallo fallos"
    " falta febrero fin fuera hace hasta hay hecho hora horas hoy jueves la las le lento les lista lo los luego lunes"
    " malo manana mano mantenimiento martes marzo mas me mensaje mensajes mes mi mientras miercoles migracion migrando"
    " mismo mover muy nada nadie ni ninguna ninguno no noche nos nuestro nueva nuevas nuevo nuevos nunca o obligatoria"
    " obligatorio oficina otra otro para parado pendiente permanente pero persona por porque postal problema problemas"
    " proveedor prueba pruebas puerto que queda quien red renovacion renovada renovado rota roto sabado se semana"
    " semanas ser servidor servidores si siempre sin sobre solo son su sus tambien tarde temporal tiene todo todos"
    " trabajo tras traslado un una uno usuario usuarios va vacaciones van ver vez viejo viernes ya"
)
_GERMAN = (
    "ab aber abgelaufen alle alles als alt alte alten am an andere ans auch auf aus ausfall bald bei bekannt bereit"
    " betrieb bis bitte buero buro da dann das dass dem den der des die dienst dienstag dieser dieses doch donnerstag"
    " dort durch ein eine einem einen einer er erneuert erst es etwas fehler fehlt ferien fertig firma frei freitag"
    " fuer fur ganz gegen geht gelten geplant gerade gesperrt gestern gibt gilt gut haben hat heute hier ich ihr im"
    " immer in ins ist jede jeden jetzt kann kaputt kein keine keiner kommt konten konto kunde kunden laeuft lange"
    " langsam lauft liegen liegt liste mail mal mehr mein mit mittwoch monat montag morgen muss nach nachste nacht"
    " naechste nein netz neu neue neuen neuer neues nicht nichts noch nun nur ob oder ohne problem rechner samstag"
    " schon sehr sein seit seite server sich sie siehe sind so sonntag stoerung storung tag tage um umstellung umzug"
    " und unser unsere unter urlaub verlaengert verlangert verschoben vom von vor wann war warten warteschlange"
    " wartung was wechsel weg wegen weil weiter wenn wer werden wieder wir wird woche wochen zeit zentrale ziehen"
    " zieht zu zum zur zwischen"
)
_REMARKS = (
    "apagado arreglado calling certbot confirmed crashed deploying downstream encendido escalated failover"
    " gracias greylist hypervisor ignored inode inodes investigate investigating kernel letsencrypt lleno mind"
    " mirando nodes oom opened patched pausado plugged pods powered purged rebooted rebooting redeploy reiniciado"
    " reiniciando reinicio revisado revisando rollback router sorry spurious swapped thanks tonight unblocked"
    " unmute unplugged unsnooze upgrading vm vms"
)
"""What is noted beside an incident."""
_MAKERS = (
    "acronis akamai amazon aol apple aws azure brevo cisco cloudflare comcast contabo cyren digitalocean dovecot exim"
    " fastmail freenet gmx google hetzner hotmail icloud ionos linode live mailchimp mailgun mailjet microsoft"
    " mimecast office orange outlook ovh pmta postfix postmark powermta proofpoint qq rackspace salesforce sendgrid"
    " sendinblue ses slack spamhaus sparkpost strato swisscom t-online talos telekom twilio vodafone vultr web yahoo"
    " yandex zendesk zoho"
)

PLAIN_WORDS = words(f"{_ENGLISH} {_SPANISH} {_GERMAN} {_REMARKS} {_MAKERS}")
