"""Secrets as other programs take them: options, calls, statements of SQL, lines of their configs and of dialogs.

Every pattern is bounded, so that a line is read in linear time; `x` is the secret.
"""

B = r"[^\S\r\n]{0,4}"
BLANK = r"[^\S\r\n]{1,4}"
USER = r"[\w.@+-]{1,80}"
HOST = r"(?:\[[\w.:-]{1,80}\]|(?:[\w-]{1,63}\.){1,9}[A-Za-z]{2,24})"
_WORD = r"[\"']?(?P<x>[^\s\"']{1,200})"
_QUOTED = r"[\"'](?P<x>[^\"'\r\n]{1,200})[\"']"
_OTHER = r"[\"'][^\"'\r\n]{1,80}[\"']"
_CALL = r"(?:log_?in|auth\w{0,20}|PlainAuth|CRAMMD5Auth|NetworkCredential|credentials?)"
_REST = r"[^\r\n]{0,200}?\s"
"""Of a command, up to one of its options."""

FORMS: tuple[tuple[str, str], ...] = (
    # login("bob", "X"), PlainAuth("", "bob", "X", "host"), Net::SMTP.start("host", 587, "x", "bob", "X")
    ("(", (rf"{_CALL}{B}\({B}(?:[^()\r\n]{{0,100}},)?{B}{_QUOTED}"
          rf"(?={B}(?:\)|,{B}[\"']?[\w.:-]{{0,80}}[\"']?{B}\)))")),
    ("smtp", rf"\bSMTP\.(?:start|new){B}\([^()\r\n]{{1,200}},{B}{_OTHER}{B},{B}{_QUOTED}"),
    ("securestring", rf"ConvertTo-SecureString(?:{BLANK}-String)?{BLANK}{_WORD}"),
    # IDENTIFIED BY 'X', VALUES ('bob', 'X')
    ("identified", rf"\bidentified{BLANK}(?:with{BLANK}\w{{1,30}}{BLANK})?(?:by|as){BLANK}{_WORD}"),
    ("values", rf"\bvalues{B}\({B}{_OTHER}{B},{B}{_QUOTED}"),
    # Exim: client_send = : bob : X, hide mysql_servers = host/db/user/X
    ("client_s", (rf"\bclient_se(?:nd|cret){B}=(?:[^:;^\r\n]{{0,80}}[:;^]){{1,3}}{B}"
                 r"(?P<x>[^\s\"':;^]{1,200})[\"']?\s*$")),
    ("_servers", rf"\w_servers{B}=(?:[^/\r\n]{{1,80}}/){{3}}(?P<x>[^\s/:]{{1,200}})"),
    ("server_cond", r"\bserver_condition\b[^\r\n]{0,80}\{\$auth\d\}\{(?P<x>[^{}\r\n]{1,200})\}"),
    # options
    ("sshpass", rf"\bsshpass{BLANK}-p{B}{_WORD}"),
    ("ldap", rf"\bldap\w{{1,20}}\b{_REST}-w{B}{_WORD}"),
    ("-xp", rf"(?<!\S)-xp{B}{_WORD}"),
    ("redis", rf"\bredis-cli\b{_REST}-a{B}{_WORD}"),
    ("%", rf"(?<!\S)(?:-U{B}|--user={B})[\"']?[\w.\\/@-]{{1,80}}%(?P<x>[^\s\"']{{1,200}})"),
    ("openssl", rf"\bopenssl\b{_REST}-k{BLANK}{_WORD}"),
    ("snmp", rf"\bsnmp\w{{2,20}}\b{_REST}-[cA]{BLANK}{_WORD}"),
    ("snmp", rf"\bsnmp\w{{2,20}}\b{_REST}-X{BLANK}{_WORD}"),
    ("community", rf"\bcommunity{B}[:=]?{BLANK}{_WORD}[\"']?\s*$"),
    ("sqlplus", rf"\bsqlplus{BLANK}[\w.]{{1,80}}/(?P<x>[^\s@/]{{1,200}})"),
    ("net use", rf"\bnet use\b[^\r\n]{{0,100}}\\\\\S{{1,100}}{BLANK}(?P<x>[^\s/]{{1,200}}){BLANK}/user"),
    ("echo", (rf"\becho(?:{BLANK}-n)?{BLANK}[\"']?(?P<x>[^\s\"'|]{{1,200}})[\"']?{B}\|"
             rf"{B}(?:sudo|base64|openssl|htpasswd|docker|gpg|passwd)\b")),
    ("mailgun", r"mailgun[^\r\n]{0,40}?\bkey-(?P<x>[\w-]{4,100})"),
    # dialogs: a1 LOGIN bob X; what a client answers to a challenge
    ("login", rf"\b[a-z]{{0,4}}\d{{1,5}}{BLANK}login{BLANK}[\"']?{USER}[\"']?{BLANK}{_WORD}"),
    ("334", rf"\b334{BLANK}[\w+/=]{{4,100}}{BLANK}(?P<x>[\w+/=]{{4,200}})"),
    ("235", rf"\b235{BLANK}[\w.]{{1,20}}{BLANK}{USER}{BLANK}{_WORD}\s*$"),
    ("response", rf"\bresponse{B}={B}{_QUOTED}"),
    ("://", r"://[^\s?#]{1,200}?/(?:keys?|tokens?|auth|apikey|secrets?)/(?P<x>[^\s/?#\"'<>]{3,200})"),
)  # fmt: skip
"""A sign that stands in whatever a pattern matches, in small letters, and the pattern."""
