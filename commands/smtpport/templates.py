"""Lines to paste, with {host}, {port} and {user} to fill in. Data only; passwords are placeholders or asked for.

PowerMTA directives as in `/pmta`'s own table; Postfix 3 parameters; swaks asks for the password itself.
"""

MX_FOR_TESTS = "gmail-smtp-in.l.google.com"
"""A mail exchanger that answers everybody on 25: what a test of one's own network connects to."""

POWERMTA_RELAY = """\
<domain *>
    smtp-hosts {host}:{port}
    use-starttls yes
    require-starttls yes
    auth-username {user}
    auth-password YOUR-PASSWORD
</domain>
"""

POWERMTA_RECEIVE = """\
# /etc/pmta/config (Windows: C:\\pmta\\config.dat)
smtp-listener 0/0:25
relay-domain bounces.example.com
relay-domain fbl.example.com
<source 0/0>
    allow-starttls yes
</source>
"""

POWERMTA_LISTENER = """\
# /etc/pmta/config (Windows: C:\\pmta\\config.dat)
smtp-listener 0/0:25
smtp-listener 0/0:587 source=apps
<source apps>
    allow-starttls yes
    require-starttls-before-auth yes
    require-auth yes
</source>
<smtp-user app1>
    password YOUR-PASSWORD
    source apps
</smtp-user>
"""

POWERMTA_DELIVERY = """\
<domain *>
    use-starttls yes
</domain>
"""

_POSTFIX_LOGIN = """\
smtp_sasl_auth_enable = yes
smtp_sasl_security_options = noanonymous
smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd
# in /etc/postfix/sasl_passwd, then postmap it:
# [{host}]:{port} {user}:YOUR-PASSWORD
"""

POSTFIX_RELAY = {
    "starttls": "relayhost = [{host}]:{port}\nsmtp_tls_security_level = encrypt\n" + _POSTFIX_LOGIN,
    "implicit": "relayhost = [{host}]:{port}\nsmtp_tls_wrappermode = yes\nsmtp_tls_security_level = encrypt\n"
    + _POSTFIX_LOGIN,
}

POSTFIX_DELIVERY = "relayhost =\nsmtp_tls_security_level = may\n"

POSTFIX_LISTENER = """\
# in master.cf
smtp       inet  n  -  y  -  -  smtpd
submission inet  n  -  y  -  -  smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
"""

POSTFIX_LMTP = "mailbox_transport = lmtp:unix:private/dovecot-lmtp\n"

PYTHON = {
    "starttls": """\
import os, smtplib, ssl

with smtplib.SMTP("{host}", {port}, timeout=30) as smtp:
    smtp.starttls(context=ssl.create_default_context())
    smtp.login("{user}", os.environ["SMTP_PASSWORD"])
    smtp.send_message(message)
""",
    "implicit": """\
import os, smtplib, ssl

with smtplib.SMTP_SSL("{host}", {port}, timeout=30, context=ssl.create_default_context()) as smtp:
    smtp.login("{user}", os.environ["SMTP_PASSWORD"])
    smtp.send_message(message)
""",
    "none": """\
import smtplib

with smtplib.SMTP("{host}", {port}, timeout=5) as smtp:
    smtp.send_message(message)
""",
}

SWAKS = {
    "starttls": "swaks --server {host} --port {port} --tls --auth --auth-user '{user}' --to you@example.com\n",
    "implicit": "swaks --server {host} --port {port} --tls-on-connect --auth --auth-user '{user}' "
    "--to you@example.com\n",
    "none": "swaks --server {host} --port {port} --to you@example.com\n",
    "delivery": "swaks --server {host} --port {port} --tls-optional --to you@example.com --quit-after RCPT\n",
}

DIRECT_SEND = """\
# direct send: no login, recipients of your own tenant only
swaks --server {host} --port {port} --tls-optional --to you@YOUR-TENANT.example
"""

OPENSSL = {
    "starttls": "openssl s_client -starttls smtp -crlf -connect {host}:{port} -servername {host}\n",
    "implicit": "openssl s_client -crlf -connect {host}:{port} -servername {host}\n",
}

TESTS = {
    "telnet": "telnet {host} {port}\n",
    "nc": "nc -vz -w 10 {host} {port}\n",
    "powershell": "Test-NetConnection {host} -Port {port}\n",
}
