"""The stanzas of the article that the project grew from: as they should be written, and as the page prints them."""

LISTENERS = "smtp-listener 10.0.1.22:587 # listens on port 587 and IP 10.0.1.22\n"

USER = (
    "<smtp-user foo> password barbaz authentication-method password #certificate (TLS) or system(linux user) are other "
    "options</smtp-user>#Then require authentication at the source stanza<source 0/0> require-auth true</source>"
)
USER_WRITTEN = """\
<smtp-user foo>
    password barbaz
    authentication-method password #certificate (TLS) or system(linux user) are other options
</smtp-user> #Then require authentication at the source stanza
<source 0/0>
    require-auth true
</source>
"""

FEEDING = "<source 10.0.5.20> always-allow-relaying yes # allow feeding from 10.0.5.20</source>"
FEEDING_WRITTEN = """\
<source 10.0.5.20>
    always-allow-relaying yes # allow feeding from 10.0.5.20
</source>
"""

RELAYING = (
    "# allow relaying of mail to some.domainrelay-domain some.domainrelay-address [email protected] "
    r"/@foo(bar)?\.com$/ # regex pattern"
)
RELAYING_WRITTEN = r"""# allow relaying of mail to some.domain
relay-domain some.domain
relay-address [email protected] /@foo(bar)?\.com$/ # regex pattern
"""

INBOUND_TLS = (
    "smtp-server-tls-certificate /etc/pmta/yourcert.pem#Enable TLS on inbound connections<source 0/0> "
    "allow-starttls true require-starttls-before-auth true "
    "#ensures authentication information is only sent over tls</source>"
)
INBOUND_TLS_WRITTEN = """\
smtp-server-tls-certificate /etc/pmta/yourcert.pem #Enable TLS on inbound connections
<source 0/0>
    allow-starttls true
    require-starttls-before-auth true #ensures authentication information is only sent over tls
</source>
"""

OUTBOUND_TLS = (
    "<domain *> # (*) is a wildcard for all recipient domain use-starttls true #uses TLS if available "
    "require-starttls true #enforces TLS </domain>"
)
OUTBOUND_TLS_WRITTEN = """\
<domain *> # (*) is a wildcard for all recipient domain
    use-starttls true #uses TLS if available
    require-starttls true #enforces TLS
</domain>
"""

SOURCE_HOST = "smtp-source-host 192.168.0.10 mail10.yourserver.com #You can also specify CIDR range\n"

MTAS = (
    "<virtual-mta mta1> smtp-source-host 1.2.3.4 mta1.yourserver.com<domain *> use-starttls true require-starttls true "
    "retry-after 10m</domain></virtual-mta><virtual-mta mta2> smtp-source-host 2.3.4.5 mta2.yourserver.com<domain *> "
    "use-starttls false require-starttls false retry-after 45m </domain></virtual-mta>"
)
MTAS_WRITTEN = """\
<virtual-mta mta1>
    smtp-source-host 1.2.3.4 mta1.yourserver.com
    <domain *>
        use-starttls true
        require-starttls true
        retry-after 10m
    </domain>
</virtual-mta>
<virtual-mta mta2>
    smtp-source-host 2.3.4.5 mta2.yourserver.com
    <domain *>
        use-starttls false
        require-starttls false
        retry-after 45m
    </domain>
</virtual-mta>
"""

FLATTENED = {
    "user": (USER, USER_WRITTEN),
    "feeding": (FEEDING, FEEDING_WRITTEN),
    "relaying": (RELAYING, RELAYING_WRITTEN),
    "inbound tls": (INBOUND_TLS, INBOUND_TLS_WRITTEN),
    "outbound tls": (OUTBOUND_TLS, OUTBOUND_TLS_WRITTEN),
    "mtas": (MTAS, MTAS_WRITTEN),
}
