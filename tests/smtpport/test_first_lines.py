"""The first line answers what was asked, a row for each kind of question. Reworded from threads."""

import pytest

from commands.smtpport.advise import advise
from commands.smtpport.document import document
from commands.smtpport.question.reader import discreet, read
from commands.smtpport.text import alternatives, beside, headline
from commands.smtpport.view import answer
from tests.every import every

FIRST_LINES = [
    (
        "host smtp.mandrillapp.com [Connection timed out #110], port 587, works on my local install",
        "465",
    ),
    ("503 5.5.2 Need rcpt command, office 365", "refuses the recipients"),
    ("can I relay our exchange 2019 through office 365", "mail goes on 25 with TLS"),
    ("is it ok to use 587 without a password in the internal network", "Within your own network"),
    ("dart mailer isSecure true or false for 587", "mostly on with 465 and off with 587"),
    ("sonicwall log automation smtp port with office 365", "Try 587 with STARTTLS for Microsoft 365"),
    ("server does not support the encryption type, 0x800CCC1A, port 465 with tls", "do not go together"),
    ("postal: No SMTP servers were available for gmail.com, server at home", "servers"),
    ("openhab: Could not connect to SMTP host: smtp.gmail.com, port: 25", "25 is for delivery between servers"),
    ("smtp.gmail.com:465 secure false times out, telnet 465 also times out", "Nothing answers on that port"),
    ("does hetzner block 587", "Hetzner lets 587 out if your server is a cloud server"),
    ("is port 25 open on vultr or do I have to ask", "Vultr blocks 25 outbound"),
    ("my express app hangs on 587, render", "Render closes 587 to some of its customers"),
    (
        "same mailbox works in thunderbird at home, hetzner cloud: Connection timed out smtp.ionos.de:465",
        "Hetzner Cloud blocks 465",
    ),
    (
        "listmonk: dial tcp 142.251.2.109:465: i/o timeout, I did firewall-cmd --add-port=465/tcp",
        "nothing has to be opened",
    ),
    ("opened 587 in the azure nsg inbound, still cannot send to sendgrid", "nothing has to be opened"),
    (
        "postfix on azure vm: connect to mx1.hotmail.com[104.47.0.33]:25: Connection timed out",
        "Microsoft Azure blocks 25",
    ),
    ("home assistant sends nothing by my outlook.es account on 587", "OAuth 2 only"),
    ("how do I tell powermta to send all by a smarthost on 587", "587 with STARTTLS"),
    ("the bounce says that it was blocked", "a bounce, whose words say why"),
    ("does an email api need port 25?", "I am not sure what this is about"),
    ("postmark or resend, do both have 2525", "Of the two Postmark takes mail on 2525"),
    ("why is port 25 blocked?", "against spam"),
    ("465 works but 587 times out, hetzner cloud", "Use 465 with SSL/TLS"),
    ("openssl s_client connects but our app times out", "the port is not blocked"),
    ("ipv4 works, ipv6 not", "IPv4 and IPv6 may fare differently"),
    ("which vps for a mail server", "such as Hetzner Cloud"),
    ("what is the user name for sendgrid smtp", "user apikey"),
    ("I moved from ionos to hetzner mail, outlook uses the old server", "Hetzner web hosting mail"),
    ("why does microsoft keep asking me to use oauth", "Login at Microsoft 365"),
    ("our program has no starttls option, only ssl", "465 with SSL/TLS"),
    ("cuanto tarda en abrirse el puerto 25 en aws", "AWS EC2 blocks 25"),
    ("do I have to pay for port 25", "I am not sure what this is about"),
    ("port 25 was opened by hetzner, still no mail goes out", "If Hetzner has lifted its block"),
    ("why does gmail refuse my password in the scanner", "User or password is wrong"),
    ("con el 465 va y con el 587 no", "Use 465"),
    ("gmail takes our mails, outlook.com addresses never get them, own postfix", "recipients' servers"),
    ("which smtp server do our printers use now that the mx is at microsoft", "Use 587"),
    ("el servidor no admite el tipo de cifrado", "do not go together"),
    ("mailgun or sendgrid, does it matter for the port", "both take mail on 465, 587 and 2525"),
    ("is gmail or mailgun better from digitalocean", "only Mailgun (US) has a port that DigitalOcean lets out"),
    ("587 works and 465 is refused by mail.example.com, same account", "587 works for you"),
    ("is there any hoster that leaves 25 open", "such as Hetzner Cloud"),
    (
        "sendgrid 587 works on my laptop, on my digitalocean droplet it times out",
        "DigitalOcean blocks 587 outbound. Try 2525",
    ),
    ("hetzner cloud new account can't send mail with postfix", "To have it opened"),
    ("exim on digitalocean does not send", "blocks 25 outbound"),
    ("postfix on aws, which port", "To have it opened: ask AWS"),
    ("nextcloud with postfix on aws", "Use 587"),
    ("gmail as sender in my app on render free plan, not working", "No port is left for Gmail"),
    ("my hoster says 465 but outlook only connects with 587", "587 works for you"),
    ("exchange online: send from app without user", "direct send"),
    ("which port for google smtp relay with ip auth", "for Google Workspace SMTP relay"),
    ("we get no emails from our kubernetes job, sendgrid key is right", "does not tell where it stops"),
    ("can't send from my synology since the router was replaced", "What changed is the way out"),
    ("roundcube sends only if I switch TLS off; with TLS on 587: Authentication failed", "User or password"),
    ("after deploying to heroku no mail is sent with gmail 587, on localhost it works", "settings work elsewhere"),
    ("if I use 465 the mail is sent, with 587 nothing happens, zoho", "Use 465 with SSL/TLS for Zoho"),
    ("when I use 2525 it works, with 587 it hangs, mailgun", "Use 2525"),
    ("other server with postmark ok, this one with amazon ses times out on 587", "for Amazon SES"),
    ("mailjet is fine, brevo on 587 fails", "for Brevo"),
    ("vps provider opened port 25 for us, deliveries to gmail still time out", "look at your own firewall, at IPv6"),
    ("hosting support says that smtp to outside is not allowed, what can I do with wordpress", "HTTPS API"),
    ("in the office nothing but http gets out, how do we send", "Through web ports alone"),
    ("our web server sends to our mailcow on 587: connection refused", "see that it listens there"),
    ("app hands mail to my own mail server on 465, times out", "see that it listens there"),
    ("our postfix cannot deliver to web.de and gmx, others ok", "about those recipients' servers"),
    ("mail to t-online bounces, from our own exim", "recipients' servers refuse"),
    ("gmail never gets mails from my server, 25 outbound closed at azure", "through a relay service"),
    ("hotmail never receives mails from our mail server, 25 is blocked", "through a relay service"),
    ("users at yahoo do not get our mails, we send with mailjet", "about those recipients' servers"),
    (
        "our smtp server in the lan has no auth and no tls, port 25: starttls not supported",
        "Many clients begin STARTTLS",
    ),
    ("ubuntu 24 postfix 3.8 relay to brevo", "for Brevo"),
    ("contoso-com.mail.protection.outlook.com port 587 times out", "An MX takes mail from other servers on 25 alone"),
    ("msmtp: TLS handshake failed: port 587 tls_starttls off", "TLS was begun on a port that starts in plain text"),
    ("swaks --server mail.example.de:465 hangs at '=== Trying'", "Nothing answers on that port"),
    ("telnet smtp.example.de 25: Trying 192.0.2.7... and then nothing", "Nothing answers on that port"),
    ("telnet smtp.gmail.com 465 no banner", "waits for TLS from the first byte"),
    ("Test-NetConnection smtp.sendgrid.net -Port 587 succeeded but my app times out", "the port is not blocked"),
    ("nmap shows 587 filtered on my mail server", "closed on the way in"),
    ("Thunderbird: The mail server responded: Requested action aborted; message refused", "refuses the mail itself"),
    ("Thunderbird: The mail server responded: 4.7.1 Please try again later", "asks to come back later"),
    (
        "outlook: None of the authentication methods supported by this client are supported by your server, 25",
        "in place of 25",
    ),
    ("K-9: no protocol, cannot login plain over unencrypted, port 25", "without TLS"),
    ("my scanner with gmail stopped working in may", "app password"),
    ("our camera with yahoo worked for years, now it fails", "app password"),
    ("no puedo enviar desde hotmail en mi impresora, antes funcionaba", "OAuth 2 only"),
    (
        "535-5.7.8 Username and Password not accepted https://support.google.com/mail/?p=BadCredentials - gsmtp",
        "app password",
    ),
    ("535 5.7.3 Authentication unsuccessful [AM0PR04CA0012.eurprd04.prod.outlook.com]", "Microsoft 365 refuses"),
    ("genesis cloud blocks all smtp ports, how can I send mail from there", "Try 2525"),
    ("my school blocks every mail port", "HTTPS API"),
    ("my host blocks 25, 465 and 587", "a relay service that listens on 2525, 443 or 80 may get out"),
    ("mi hosting bloquea todos los puertos smtp", "Try 2525"),
    ("is it possible to run a mail server on DigitalOcean?", "blocks 25 outbound"),
    (
        "emailwiz on vultr: local users get mail but nothing reaches gmail, 25 is open in the firewall",
        "To have it opened",
    ),
    ("poste.io en AWS, security group con todo abierto, no sale nada por el 25", "To have it opened: ask AWS"),
    ("should the 'use secure TLS' box be on with 587 or with 465, sendgrid", "TLS mode and port belong together"),
    ("gmail 587, do I have to tick SSL", "The modes are swapped"),
    ("nextcloud 27 with SSL/TLS and 587 fails", "The modes are swapped"),
    ("gitlab 16 with mailgun fails", "What fails is not said"),
    ("supabase with gmail smtp times out, host smtp-relay.gmail.com", "is for Google Workspace"),
    (
        "my iOS app sends by yahoo 465, works for me, others get connection refused",
        "If the same settings work elsewhere",
    ),
    ("WP Mail SMTP host pop.secureserver.net port 110: unknown protocol", "110 is for reading mail (POP3)"),
    (
        "postal runs on digitalocean, my app is on AWS where 25 is blocked, send through postal",
        "Use 587 with STARTTLS.",
    ),
    ("postfix -> gmail on 25 times out on linode", "through a relay service"),
    ("server has only SSL on port 465 (no 587), mastodon: EOFError: end of file reached", "Use 465 with SSL/TLS."),
    ("mailserver offers only 465, laravel: Connection unexpectedly closed", "waits for TLS from the first byte"),
    ("postfix relayhost [smtp.mailgun.org]:465 does not work", "smtp_tls_wrappermode = yes"),
    ("swaks --server smtp.strato.de --port 465 -tls: connects, then timeout", "waits for TLS from the first byte"),
    ("mattermost: tls: handshake failure, STARTTLS on port 465", "waits for TLS from the first byte"),
    ("grafana smtp.yandex.ru:465: dial tcp [2a02:6b8::38]:465: i/o timeout", "Have the client use IPv4"),
    ("dify: No suitable authentication method found, SMTP_PORT=25", "use 587 or 465 in place of 25"),
    ("Send-MailMessage -Port 465 hangs", "use 587 with EnableSsl"),
    (
        "controller behind opnsense, smtp 465 to fastmail times out, laptop in the same LAN works",
        "settings work elsewhere",
    ),
    (
        "can I run a mail server at home if I use port 587 to send to others",
        "works on 25 alone, and hardly from a home line",
    ),
    # whose host, whose mailbox
    ("smtp is smtp-relay.gmail.com 587 with my gmail user", "Try 587 with STARTTLS for Google Workspace SMTP relay"),
    ("outlook 2016 with my domain at hostinger cannot send", "for Hostinger mail"),
    ("smtp.sendgrid.net times out, moved to mailgun, which port", "for Mailgun"),
    # messages that were taken for others
    ("smtp.126.com 465: 454 Command not permitted when TLS active", "do not go together"),
    ("465 {:network_failure, {:error, {:options, :incompatible, [cacerts: :undefined]}}}", "TLS handshake fails"),
    ("ORA-24247: network access denied by access control list (ACL) at line 427, port 25", "forbids the connection"),
    ("go smtp dial: EOF, host: smtp.gmail.com, port: 578", "578 is no usual port"),
    ("nessus failed to receive the SMTP banner on port 587, Force SSL", "Try 465"),
    ("NOQUEUE: reject: RCPT from mx.x.example[192.0.2.1]: 554 5.7.1 Client host rejected", "own server's"),
    ("node-red smtp.gmail.com Error: connect EHOSTUNREACH 2607:f8b0:4002:c0f::6d:465", "IPv6"),
    # who sends, and how far it came
    ("appsmith to our server on port 25, the test does nothing and the query fails", "Who sends is not clear"),
    ("nc: Connection to smtp.gmail.com 465 port succeeded! but the app fails to send", "the port is not blocked"),
    ("wordpress office365 587 ssl/tls SSL connect error", "in plain text"),
    # a port that is none for handing mail in
    ("laravel MAIL_PORT=993 with gmail", "993 is for reading mail (IMAP with TLS), not for sending it. Use 465"),
    ("nodemailer to mail.mydomain.example port 991 Greeting never received", "991 is no usual port of SMTP"),
    ("my host says to use port 26 for smtp", "26 is a second submission port at some web hosts"),
    ("hotmail imap 993 works but smtp 993 refused", "993 is for reading mail"),
    ("spring boot in docker cannot reach maildev port 1025", "The client talks to the Docker host"),
    # whether a provider has a port, and whether a network lets it out
    ("can I use port 2525 with gmail", "Gmail is not known to take mail on 2525. Use 465"),
    ("does office 365 support port 465", "Microsoft 365 (client submission) does not take mail on 465. Use 587"),
    ("does brevo support 2525", "takes mail on 2525, too"),
    ("is port 25 open on aws lightsail", "AWS Lightsail blocks 25 outbound"),
    ("smtp2go only https open", "Use 443 with SSL/TLS for SMTP2GO"),
    ("only https is open in our firewall, sendgrid", "No port is left for Twilio SendGrid"),
    ("we may only use port 2525", "Use 2525"),
    # how a block is lifted, and where to go
    ("how to unblock port 25", "Whether 25 can be opened is for the operator of your network to say"),
    ("how do I unblock port 25 on digitalocean", "To have it opened: none is offered"),
    ("postal install: linode blocks port 25, where to run it", "needs a place that lets 25 out"),
    ("mailcow in GCP, 25 blocked, SUBMISSION_PORT=587", "works on 25 only"),
    # one port only, or all tried
    ("smtp.office365.com 587 connection timed out", "is not known to take mail on another port"),
    ("smtp.example.net refused 465 and 587, Connection refused #111", "Try the same ports on another operator's host"),
    ("nextcloud: 587 starttls works but 465 ssl does not, why", "587 works for you, so keep it"),
    ("telnet smtp.office365.com 25 works but 587 does not from here", "Try 25"),
    # TLS mode and port
    ("postmark 2525 with SSL wrong version number", "this provider is not known to have another"),
    ("mail.example.net 465 wrong version number", "On 465 TLS was begun and something answered in plain text"),
    ("which port for smtp.zoho.com, the app has no secure option", "Use 587 with STARTTLS"),
    (
        "home assistant mail.your-server.de 587 encryption: tls not working",
        "TLS was begun on a port that starts in plain",
    ),
    ("gitlab smtp.gmail.com SMTP_PORT=465 SMTP_STARTTLS=true sends nothing", "The modes are swapped"),
    ("seafile EMAIL_USE_TLS True port 465 hangs", "The modes are swapped"),
    ("vaultwarden fastmail os error 11 SMTP_PORT=465 SMTP_SSL=true", "On 465 the server waits for TLS"),
    ("go smtp.SendMail port 465 hangs", "On 465 the server waits for TLS"),
    ("swaks --server smtp.gmail.com:465 hangs", "On 465 the server waits for TLS"),
    ("postfix lost connection with smtp.example.net[192.0.2.7]:465 while receiving the greeting", "wrappermode"),
    (
        "que es starttls?",
        "Mail programs mean by SSL or SSL/TLS that TLS begins with the first byte (465), and by STARTTLS",
    ),
    ("difference between ssl and starttls", "465 begins with TLS, 587 begins in plain text"),
    ("what is the difference between port 465 and 587", "465 begins with TLS, 587 begins in plain text"),
    # one's own network, a web host
    ("gitea read tcp 10.1.2.3:31542->10.1.2.9:25: connection reset by peer", "A mail server of your own network"),
    ("proton bridge 127.0.0.1:1025 self signed certificate", "The certificate is that of your own server or bridge"),
    ("phpmailer connect() failed godaddy gmail 465", "GoDaddy's web hosting bars SMTP"),
    ("cpanel server on contabo exim queue Connection timed out to all gmail", "Port 25 towards other mail servers"),
    # who cannot log in
    ("can exchange online send connector use port 587", "Use 25 with STARTTLS for Microsoft 365 direct send"),
    ("ossec supports no auth, how with gmail", "Gmail takes mail only after a login"),
    # what other programs say
    ("dial tcp: lookup smtp.sendgrid.net: i/o timeout in a pod", "The resolver of your machine or container"),
    ("gomail: address localhost: missing port in address", "The setting wants the host with its port"),
    ("wordpress could not instantiate mail function", "calls a local mail program"),
    ("fatal: unknown service: smtps/tcp", "does not know the service by its name"),
    ("554 5.7.1 Client host rejected: Access denied port 587", "such a rule mostly wants a login"),
    ("503 AUTH command used when not advertised exim port 25", "The server offers no login there"),
    ("550 5.7.1 [IP] not listed in SPF gmail", "is not in the SPF record"),
    ("limesurvey could not connect smtp localhost 25 docker", "The client talks to its own machine"),
    ("outlook.com in our printer does not work", "takes logins by OAuth 2 only"),
    ("gmail 465 msmtp tls_starttls off works?", "Use 465"),
    ("amavis connect to 127.0.0.1[127.0.0.1]:10024: Connection refused", "A service inside the mail server"),
    ("scan to email smtp.gmail.com 465 error 1102", "Try 465"),
    ("curl smtp://smtp.gmail.com:465 hangs", "On 465 the server waits for TLS"),
    ("opensmtpd smtp.gmail.com smtp+tls 587 or smtps 465", "takes mail on 587, too"),
    # nobody knows: no firm port
    ("connect ETIMEDOUT 203.0.113.7:587", "Try 465"),
    ("smtp of hostelia", "Try 587"),
    ("foo.bar.WeirdException: the flux is unaligned, sendgrid", "What the message means is not known here"),
    ("jellyfin / ombi email 465 gmail timeout", "for Gmail"),
    ("powermta smtp listener for our apps", "Use 587"),
    ("calcom smtp-relay.gmail.com 421 4.7.0 Try again later, closing connection. (EHLO) v6 - gsmtp", "EHLO"),
    # what only looks like a reply, a port, a delivery or a provider
    ("POST /api/smtp/test -> 504 Gateway timeout, port 465 tls_type starttls", "The modes are swapped"),
    ("our own exchange from odoo online on 25", "blocks 25 outbound"),
    ("relay_host: mail.example.net relay_port: 465 to my postfix with ssl", "Try 465"),
    ('listmonk with poste.io, port = "25"\n550 I cannot deliver mail for someone@gmail.com', "log in, on 587"),
    ("send connector to our smarthost: 451 5.7.3 Require basic authentication", "The server offers no login there"),
    ("mox: authentication only allowed on submission ports, k-9 cannot send", "The server offers no login there"),
    ("Authentication failed because the remote party has closed the transport stream", "The TLS handshake fails"),
    ("ntopng gmail: SSL peer certificate or SSH remote key was not OK", "has no list of CAs"),
    # a reply by its words, by their kind, by its code, with the step it was said at
    ("recv >550 SMTP AUTH is required for message submission on port 587", "The server wants a login before mail"),
    ("host email-smtp.eu-west-1.amazonaws.com[192.0.2.1] said: 530\n    Authentication required", "wants a login"),
    ("rcpt: b'553 5.7.1 <a@b.example>: Sender address rejected: not logged in'", "The server wants a login"),
    ("(504, b'5.5.2 <www@localhost>: Sender address rejected: need fully-qualified address')", "the sender's address"),
    ("(554, b'5.0.0 Error: transaction failed: unknown sender address')", "The server refuses the sender's address"),
    ("Error SMTP: [550] Incorrect sender header (LOCAL)", "The server refuses the sender's address"),
    ("<f@b.example>: host mail.b.example said: 554 5.6.0 flux unaligned", "refuses the mail itself"),
    ("354 Enter mail\n.\n550 no thanks at all", "The connection and the addresses were fine"),
    ("mautic: Expected 354, Got: 503 | 503 Bad sequence of commands", "out of order"),
    ("SMTP Error (550): Failed to add recipient (5.7.1 <w[10.0.0.8]>: Client host rejected: blacklisted", "blocklist"),
    # how far it came
    ("[outbound] acquired socket for 142.250.4.26:25\nRemote end 142.250.4.26:25 closed connection", "25 is open"),
    ("telnet 10.1.10.1 587\nConnected to 10.1.10.1.\nquit\n220 mail.example.net ESMTP\nall time out", "as plain TCP"),
    ("ETIMEDOUT SMTP_HOST=172.17.0.1 port 25, telnet 172.17.0.1 25 works in the container", "A connection came"),
    ("EHLO me\n250-STARTTLS\n250 HELP\nNo supported authentication mechanisms, port 25", "only inside TLS"),
    # who is the client, and whose exchanger is no host to submit to
    ("discourse with my own mailserver, on 587: 530 5.7.0 Must issue a STARTTLS command first", "Use 587"),
    ("wordpress: host smtp.google.com port 465 ssl", "takes mail from other servers on 25, and no logins"),
    ("openssl s_client -starttls smtp -connect mx.acme.example:587\nconnect:errno=111", "The connection was refused"),
    ("app mail host is still smtp:25, sentry.mail.smtp FooError: gone", "I am not sure what this is about"),
    # several events, and whose log it is
    (
        "host mx.b.example[192.0.2.1] refused to talk to me: 554 b\n[2001:db8::1]:25: Cannot assign requested",
        "An access rule",
    ),
    ("SSL routines:ACCEPT_SR_CLNT_HELLO:wrong version number, old scanner, opensmtpd", "the server's side of a failed"),
    ("postfix/smtpd[9]: lost connection after AUTH from unknown[192.0.2.3]", "This is your own server's log"),
    (
        "NOQUEUE: reject: RCPT from x[192.0.2.3]: 554 5.7.1 blocked using zen.spamhaus.org; Error: open resolver",
        "resolver",
    ),
    (
        "x509: certificate is valid for a, not b\nlost connection after STARTTLS from x[172.18.0.1]",
        "is for another name",
    ),
    ("postfix/smtp[459]: warning: SSL routines::wrong version number, smarthost 587", "Use 587 with STARTTLS"),
    (
        "[2026] x509: failed to load system roots and no roots provided smtp.163.com:25",
        "has no list of CAs",
    ),
    ("The remote name could not be resolved: 'smtp2.corp.example' tried 25", "The host name does not resolve"),
    ("SASL login name rejected: You are sending too many emails too fast.", "how much comes from this sender"),
    ("host: 'b.example.com', port: 110, auth: { user: 'p@b.example' } bounce zone", "110 is for reading mail"),
    ("a from kumomta through gmail", "Use 587 with STARTTLS"),
    ("address http://smtp.gmail.com:587: too many colons in address", "an address of the web"),
    ("thunderbird: imap.example.org 993 SSL, smtp mail.example.org 587 STARTTLS, cannot send", "Try 587"),
    ("139... is my IP, sparkpost from linode 587 times out", "Try 2525"),
    (
        "forem on aws, mailgun eu on 465 gives a timeout, sendgrid as well",
        "Where providers that have nothing in common",
    ),
    (
        "redmine says: Email delivery is not configured, and notifications are disabled",
        "The app was given no mail server",
    ),
    ("5.7.3 Authentication unsuccessful [DB6P18901CA0015.EURP189.PROD.OUTLOOK.COM]", "SMTP AUTH is off"),
    (
        "I can't receive any more: <me@my.example>: connect to mail.my.example[192.0.2.3]:25: timed out",
        "cannot reach your own",
    ),
    ("tengo un hosting y mi php no manda por smtp.gmail.com, sale Network is unreachable", "Your machine has no route"),
    (
        "Connection could not be established with host acme-com.mail.protection.outlook.com [ #0]",
        "That mail server cannot be",
    ),
    ("[Errno 110] Connection timed out, EMAIL_HOST=smtp.zoho.in EMAIL_PORT=587 on aws ec2", "Try 465"),
    (
        "gmail.com account with smtp-relay.gmail.com: 550 5.7.1 Invalid credentials for relay",
        "an administrator of Google Workspace",
    ),
    ("pmta on port 8080 does not accept my mail, which port do I use", "the usual port of a web page (PowerMTA's"),
    ("iphone: the connection to the outgoing server smtp.ionos.de failed.", "for IONOS"),
    ("Outlook: Your server does not support the connection encryption type you have specified", "do not go together"),
    ("warning: open database /etc/postfix/sasl_passwd.db: No such file or directory", "make it with postmap"),
    ("xerox scan to mail: login failed, smtp.office365.com 587", "while SMTP AUTH is switched on"),
    ("hass smtp.gmail.com (534, b'5.7.14 Please log in via your web browser')", "a stronger login"),
    ("opening to smtp.gmail.com:465\nConnection: opened\nNOTICE: EOF caught while checking", "On 465 the server waits"),
    ("wpengine says they block port 587, I use gmail with wordpress", "Most web hosts bar SMTP"),
    ("NOQUEUE: reject: RCPT from x[127.0.0.1]: 550 5.1.1 Recipient address rejected: [a]:587", "your own server's log"),
    (
        "mailhog: [SMTP] Error listening: listen tcp 0.0.0.0:1024: bind: address already in use",
        "Another program on that",
    ),
    ("AUTHENTIK_EMAIL__PORT=465 AUTHENTIK_EMAIL__USE_TLS=TRUE AUTHENTIK_EMAIL__USE_SSL=FALSE", "The modes are swapped"),
    ("TransportException 'Connection to tcp://email-smtp.us-east-1.amazonaws.com:465 Timed Out'", "On 465 the server"),
    (
        "swaks *** Error connecting to gmail-smtp-in.l.google.com:25: IO::Socket: connect: timeout",
        "Port 25 towards other",
    ),
    ("haraka: [outbound] Ongoing connection failed to 69.16.243.32:25 : socket timeout", "That mail server cannot be"),
    ("listmonk SES: 451 4.4.2 Timeout waiting for data from client", "gave up waiting for the client"),
    ("550 5.4.2 gone away somehow", "The connection broke off"),
    ("laravel on lambda in a vpc, mails never leave, which port", "without a NAT gateway"),
    ('gmail "send mail as" to my mailu, it says the server does not advertise AUTH', "Try 587 with STARTTLS."),
    ("a lambda attached to our vpc cannot reach smtp.sendgrid.net 587", "without a NAT gateway"),
    ("istio sidecar injected, smtp.mailgun.org 587 hangs", "A service mesh may wait"),
    ("do I have to open port 587 on my router for nextcloud to send via gmail", "nothing has to be open"),
    ("FairEmail keeps trying port 25 even though I set 587", "The app does not use what was set"),
    ("vercel function sends sometimes and sometimes not with gmail", "await the send"),
    ("nextcloud and mail server on the same lan, refused on 587", "hairpin NAT"),
    ("connect to mx.firma.example[203.0.113.5]:25: No route to host. it is our own public ip", "tries to reach itself"),
    ("siteground hosting blocks 587 and 465 to gmail", "Most web hosts bar SMTP"),
    ("smtp.gmail.com: SERVER -> CLIENT: 220-box5.hoster.example ESMTP Exim, 535 Incorrect", "is not this provider"),
    ("certificate CN='*.hoster.example' did not match 'smtp.gmail.com'", "is not this provider"),
    ("SMTP_URL=smtps://me@own.example:pass@smtp.fastmail.com:465, outlook works", "is written %40"),
    ("brevo 535 5.7.8 Authentication failed, I paste the api key", "password an SMTP key"),
    ("ses: 535 Authentication Credentials Invalid", "SMTP credential of the region"),
    ("Received fatal alert: protocol_version, java 7, port 465", "It is on your side"),
    ("postfix: connect to inbound-smtp.eu-west-1.amazonaws.com[203.0.113.9]:587: timed out", "on 25 alone"),
    ("imap.ionos.de 143 SSL does not work in my ticket system", "993 with SSL/TLS"),
    ("I have no trouble with gmail; fastmail 587 gives timeout", "for Fastmail"),
    ("gmail send mail as with my mailcow at mail.own.example, port?", "Try 587 with STARTTLS"),
    ("thunderbird: the selected server does not offer encryption, port 25", "Use 587"),
    ("no response received from smtp server at port 587, ssl on", "465 wants SSL/TLS"),
    ("customers' invoices bounce since we use smtp.orange.es on 25 from the ERP", "Try 587"),
    ("new SmtpClient(Settings.Host, 465) with EnableSsl hangs", "use 587 with EnableSsl"),
    (
        "the mails do arrive, yet the log shows 'connection closed' at QUIT, port 587 mailgun",
        "If the mail arrives, port",
    ),
    ("synology through proton bridge: STARTTLS is ok, SSL fails", "STARTTLS works for you"),
    ("config has port 2525 but the exception names smtp.sendgrid.net:587 timed out", "the setting is not read"),
    ("relay-hosting.secureserver.net from my own vps does not answer", "only from inside GoDaddy's web hosting"),
    ("powermta: may the two smtp-listeners for my app be 2525 and 2526?", "on any free ports"),
    ("status=deferred (unknown mail transport error)", "Your own Postfix could not do its part"),
    ("ses: Email address is not verified. The following identities failed the check", "in its sandbox only to"),
    ("MailKit: A required certificate is not within its validity period", "The certificate is out of date"),
    ("unable to get local issuer certificate, smtp.zoho.eu 465", "has no list of CAs"),
    ("symfony in compose, mailhog up, smtp://localhost:1025 connection refused", "the service name of a neighbour"),
    ("is there a way without less secure apps for gmail", "Login at Gmail"),
    ("which of plain, SSL or TLS for 587?", "Try 587 with STARTTLS"),
    ("smtp.partner.outlook.cn with 465", "Try 465"),
    ("587 works at home but times out on my vps", "and not from the server"),
    ("telnet from the container to smtp.example.net works on 587 but not on 465. Which port?", "Use 587 with STARTTLS"),
    ("587 answers with 220 but 465 times out from my server, which port?", "Use 587"),
    ("works on localhost but on the server: connect ETIMEDOUT smtp.gmail.com:587", "Nothing answers"),
    ("gmail works but outlook.com on port 25 times out from my postfix", "your network lets 25 out"),
    ("port 25 to gmail works, to outlook.com it times out", "your network lets 25 out"),
    ("I can telnet to 25 on hotmail but not gmail", "your network lets 25 out"),
    (
        "postfix/smtps/smtpd[4]: SSL_accept error from unknown[192.0.2.3]: -1",
        "the server's side of a failed TLS handshake",
    ),
    (
        "postfix/smtpd[3]: improper command pipelining after CONNECT from x[192.0.2.3]: \\x16\\x03\\x01",
        "nothing was refused",
    ),
    ("dreamhost refused connection to smtp.dreamhost.com on dreamhost vps", "The connection was refused"),
    ("option smtps or starttls with port 465?", "TLS mode and port belong together"),
    ("office 365 smtp works from home but not from the office network: timeout on 587", "let no mail port out"),
    ("465 over ipv4 blocked at my host, v6 open, server has AAAA, which port", "may fare differently"),
    ("aws lambda without vpc uses ses 465, is 587 better?", "Try 465"),
    ("same network printer and server, relay on 25 works, should i use 587", "Use 587"),
    ("recipients' servers bounce our newsletters sent through smtp.sendgrid.net, port?", "for Twilio SendGrid"),
    ("i receive mails on my phone but can't send, 465", "I am not sure what this is about"),
    ("what ports do i open on the firewall for mailcow", "a mail server needs 25 for mail from others"),
    ("sign up hangs, smtp is smtp-relay.gmail.com 587 with my gmail user", "is for Google Workspace, once"),
    ("keycloak at hetzner cloud times out on 465 to our provider, firewall rule is there", "Hetzner Cloud blocks 465"),
    ("flurble wobble gnarfed zonk grumpf which port", "I am not sure what this is about"),
    ("n8n does not send with gmail", "What fails is not said here"),
    # told in somebody's words, and quoted: a hint, and a diagnosis
    (
        "mailu: one mx ends with connection refused, deliveries to all others go",
        "This reads like: the MX, or a firewall",
    ),
    ("paperless on 587: login fails", "This reads like: user or password is wrong"),
    ("paperless: 'could not authenticate' on 587", "User or password is wrong"),
    ("SMTP Error: Authentication failure: STARTTLS failed", "The TLS handshake fails"),
    ("in getreply: TimeoutError: timed out, smtp.zoho.eu 587", "A connection came about, so the port is not blocked"),
    ("connect ECONNREFUSED 127.0.0.1:2525", "start it, publish its port"),
    ("which snorkel for the widget flange port", "an app or a mail client hands mail in (587 with STARTTLS"),
    # who connects to whom
    ("NOQUEUE: reject: RCPT from a.example[192.0.2.3]: 554 5.7.1 Relay access denied", "This is your own server's log"),
    ("554 5.7.1 <me@own.example>: Relay access denied, when yahoo sends to me", "This is your own server's log"),
    ("mailu: 554 Relay access denied for some domains", "Mail that others send to you"),
    ("keycloak: 554 5.7.1 Relay access denied", "log in on the port for submission"),
    ("my stalwart: roundcube works, thunderbird can neither send nor receive", "mail clients need 587 or 465"),
    # what is no question of a port
    ("our newsletters with sendgrid end up in the spam folder", "The mail is delivered"),
    ("do I need a DKIM key when I send by mailgun", "SPF and DKIM of the sender's domain have to cover that provider"),
    ("my plan has 200 mails per hour, mautic sends faster", "A limit on how much may be sent"),
    ("crowdsec keeps my office out of 587", "An address is banned there"),
    ("we changed the MX and partners cannot reach us", "MX records name the servers"),
    ("dkim with ses, which port?", "Try 465"),
    ("java.net.ConnectException: Connection refused (com.sun.mail.imap.IMAPStore)", "This is about reading mail"),
    ("421 Service unavailable, my plan has 200 messages a day", "A limit on how much may be sent"),
    # the point may be in what was not understood
    ("the quokka sends to gmail in mauve", "Part of this was not understood, and the point may be in it"),
    # more precise, by what stands beside it
    ("smtplib.SMTPServerDisconnected in server.login(user, pw), smtp.zoho.com", "hung up during the login"),
    ("421 4.4.1 Connection timed out, after some idle minutes", "Servers close a connection that idles"),
    ("hoster blocks 25 and 465, my mailu delivers nothing, also not with STARTTLS on 587", "works on 25 only"),
    ("senders get connect to mx.own.example[192.0.2.1]:25: Connection timed out", "cannot reach your own on 25"),
    ("port 26 is set, the log has ECONNREFUSED 127.0.0.1:25", "the setting is not read"),
    ("send form on netlify, no error and nothing arrives", "await the send"),
    ("mailer: STARTTLS extension not found, port 25", "The server offers no STARTTLS there"),
    (
        "my client has 465, the log: Could not connect to SMTP host: mail.own.example, port: 25",
        "the setting is not read",
    ),
    (
        "NOQUEUE: reject: RCPT from app[10.1.2.3]: 554 Relay access denied, it cannot send",
        "This is your own server's log",
    ),
    (
        "imap server of ours: root certificate is not trusted",
        "This reads like: the client does not trust the certificate",
    ),
    ("goes out with brevo at home, not from the shop", "If the same settings work elsewhere"),
    ("Failed to open TLS connection: lookup dbhost: Temporary failure in name resolution", "mend DNS there"),
    ("plume: 501 mail from address must be same as authorization user", "The server refuses the sender's address"),
    ("550 Verification failed for <a@b.example>, Sender verify failed", "The server refuses the sender's address"),
    ("a grader says AUTH required on 587 failed for our mailu", "This reads like: the server wants a login"),
    ("the quokka goes to smtp.zoho.eu 587 in mauve", "Part of this was not understood"),
    ("fatal: no SASL authentication mechanisms, nobody can log in on 587", "A service inside the mail server is not"),
    ("sogo: (smtp) authentication failure", "This reads like: user or password is wrong"),
    ("587 with starttls is fine, 465 is closed on my stalwart", "587 works for you, so keep it"),
]

NOT_SAID = [
    ("i receive mails on my phone but can't send, 465", "works from elsewhere"),
    ('File "/usr/lib/python3/socket.py", line 706, in readinto\nTimeoutError: timed out\nPORT=465', "706"),
    ("smtp-mail.outlook.com port 587\nhomeassistant/notify.py:165 Login not possible", "165"),
    ("postscreen CONNECT from [192.0.2.7]:22175 to [192.0.2.1]:25, that is thunderbird", "22175"),
    ("opening to smtp.zoho.com:587, options=array ( 'ssl' => array )\n220 altar ESMTP Exim 4.91", "25"),
    ("ip-10-80-227-43 postfix/smtp[1]: connect to email-smtp.us-east-1.amazonaws.com[192.0.2.1]:25: timed out", "80"),
    ("self._sslobj.read(len) TimeoutError: timed out, gmail 465", "_sslobj"),
    ("Kontaktformular in Contao, smtp.ionos.de 465", "Contabo"),
    ('EmailServer="192.0.2.20" UseSSL=true Port=465, all mails fail', "Rackspace"),
    ("certificate verify failed at our own exchange, 587", "This provider's certificate"),
    ("451 5.7.3 STARTTLS is required to send mail [AB1CD2.prod.outlook.com]", "for Outlook.com"),
    ("after initial connection: 554 mxdh12.ad.example bizzle", "No mail server was found for the domain"),
    ("sign-up 500 with dial timeout to our relay on 587", "gave up after its retry time"),
    ("our exchange: 421 4.4.1 Connection timed out", "the network on the way"),
    ("ticket app: account setup fails to find the server", "User or password"),
]
"""Numbers of lines and clients, other servers, names that only resemble: they are in no first line."""


def first_line(text):
    made = document(advise(discreet(read(text), text)))
    return "\n".join([headline(made), *beside(made), *alternatives(made)])


def test_the_first_line_answers_what_was_asked():
    wrong = {text: line for text, said in FIRST_LINES if said.lower() not in (line := first_line(text)).lower()}
    assert wrong == {}


def test_the_first_line_says_nothing_of_what_was_not_meant():
    assert [text for text, never in NOT_SAID if never in first_line(text)] == []


@pytest.mark.parametrize(("today", "age"), [("2026-11-29", "3 years old"), ("2024-12-01", "20 months old")])
def test_the_age_of_a_source_is_counted_from_the_day_of_the_answer(today, age):
    told = document(advise(read("ses from linode")), today)
    assert any(f"(as of 2023-04-28, {age})" in reason for reason in told["reasons"])


def test_what_was_asked_stands_before_the_port_in_slack_too():
    reply = answer({"id": "0", **document(advise(read("can I use port 2525 with gmail")))}, (465, 587))
    assert "Gmail is not known to take mail on 2525." in reply.blocks[0]["text"]["text"]


@every(
    [
        ("smtp.sendgrid.net 587 connection refused", "provider does listen on that port", "the network on the way"),
        ("ConnectionRefusedError: [Errno 111] mail.example.com 587", "nothing listens on that port", "does not say"),
    ]
)
def test_a_refusal_is_of_the_way_where_it_is_known_that_something_listens(text, said, side):
    assert said in first_line(text)
    assert side in first_line(text)
    assert not ("nothing listens" in first_line(text) and "on the way" in first_line(text))
