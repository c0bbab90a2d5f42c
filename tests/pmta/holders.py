"""Pastes with a secret X in the shapes in which one got out, in several notations."""

X = "Zq7Wx9Kv3TpLm"
HALVES = X[:6], X[6:]

SHAPES = {
    "wrapped": f"auth-password\n{X}",
    "wrapped-number": "password\n48151623",
    "tag": f"<password>{X}</password>",
    "macro-tag": f"<domain-macro pw> {X} </domain-macro>",
    "pgp": f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n{X}{X}{X}\n-----END PGP PRIVATE KEY BLOCK-----",
    "pem-without-begin": f"{X}{X}{X}{X}\n-----END RSA PRIVATE KEY-----",
    "pem-without-end": f"-----BEGIN RSA PRIVATE KEY-----\n{X}{X}{X}{X}",
    "broken": f"auth-password {HALVES[0]}\n{HALVES[1]}",
    "near": f"pasword {X}",
    "near-too": f"auth-pasword {X}",
    "cyrillic": f"auth-p\u0430ssword {X}",
    "short": f"pass {X}",
    "short-too": f"auth-pass {X}",
    "user": f"smtp-auth user:{X}",
    "webhook-user": f"http-webhook-auth user:{X}",
    "webhook-path": f"http-webhook-url https://hooks.example.com/services/T0/B0/{X}",
    "webhook-query": f"http-webhook-url https://hooks.example.com/in?sig={X}",
    "header": f"add-header X-Api:{X}",
    "access": f"http-access 10/8 admin key={X}",
    "dsn": f"log-file amqp://portero:{X}@queue.example.com/mail",
    "blanks": f"auth-password one {X} two",
    "angle": f"auth-password one<{X}",
    "setting-inside": f"auth-password max-smtp-out {X}",
    "tag-name": f"<{X}>\n</{X}>",
    "closing-tag": f"</{X}>",
    "action": f"<smtp-pattern-list a>\nreply /x/ {X}\n</smtp-pattern-list>",
    "name-of-macro": f"relay-domain ${X}",
    "name-of-source": f"smtp-listener 0/0:25 source={X}",
    "host": f"smtp-source-host {X} {X}",
    "comment": f"# pwd: {X}",
    "comment-bearer": f"# Authorization: Bearer {X}",
    "comment-spanish": f"# contrase\u00f1a = {X}",
    "comment-semicolon": f"; pass = {X}",
}
NAMED = "name-of"
"""Where the name of a stanza belongs: a text that a setting asks to keep holds names."""

NOTATIONS = {
    "own": "{}\n",
    "stanza": "<domain gmail.com>\nmax-smtp-out 10\n{}\n</domain>\n",
    "windows": "<source 0/0>\r\n{}\r\nallow-auth yes\r\n</source>\r\n",
    "quoted": '<virtual-mta a>\nsmtp-source-host 192.0.2.1 a.example.com\n"{}"\n</virtual-mta>\n',
    "equals": "max-smtp-out 10\nmy = {}\n",
    "flat": "<domain *> max-smtp-out 10 {} </domain>",
}


def pastes():
    """Every shape in every notation, by name. All hold something that makes them a config."""
    for shape, text in SHAPES.items():
        for notation, around in NOTATIONS.items():
            inner = text.replace("\n", " ") if notation == "flat" else text
            yield f"{shape}-{notation}", f"max-msg-rate 100/h\n{around.format(inner)}"


def secrets(name):
    """What must not be found of the paste with this name."""
    if name.startswith("wrapped-number"):
        return ("48151623",)
    return (*HALVES, X.lower()[:6], X.lower()[6:])
