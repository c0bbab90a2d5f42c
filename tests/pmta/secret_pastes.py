"""Pastes with a secret in them: holder x notation x position, some thousands, for whoever counts what gets out."""

from collections.abc import Iterator
from itertools import cycle, product

from commands.pmta.language.catalogue import DIRECTIVES, names_of_secrets

SECRETS = (
    "Zq7Wx9Kv3Tp",
    "barbaz",
    "hunter2-Zq7",
    "correct horse battery",
    "ab<cd9Kv",
    "pa$$w0rd!",
    "Zq7Wx max-smtp-out 9Kv3Tp",
    "s3cr3t/With+Sl4sh=",
    "Tr0ub4dor&3",
    "xkcd#Kv3T",
    "zanahoria",
    "übergröße9",
    "Qx<b>9Kv",
    "source domain Kv3Tp9",
    "50Kv3Tp",
)
LOOK_ALIKES = (("a", "а"), ("o", "о"), ("e", "е"), ("p", "р"), ("k", "к"), ("c", "с"))
"""A Latin letter, and the Cyrillic one that looks the same."""

OF_A_NAME = (
    "{n} {x}",
    "{n}\n{x}",
    "{n}\n\n    {x}",
    '{n} "{x}"',
    "{n} '{x}'",
    "# {n} {x}",
    "#{n}: {x}",
    "# {n} = {x}",
    "// {n} {x}",
    "; {n} {x}",
    "> {n} {x}",
    "> > {n} {x}",
    "> {n}\n> {x}",
    "{n}={x}",
    "{n}: {x}",
    "{n} = {x}",
    "{n} := {x}",
    "{n}\t{x}",
    "<{n}>{x}</{n}>",
    "<{n}> {x} </{n}>",
    "<{n}>\n{x}\n</{n}>",
    "<{n} {x}>",
    "- {n}: {x}",
    "* {n}: {x}",
    "`{n} {x}`",
    "*{n}:* {x}",
    "{n} \\\n  {x}",
    "{n} \\{x}",
    "<domain x> {n} {x} </domain>",
    '"{n}": "{x}",',
    '"{n}" "{x}"',
    "<domain x> {n} {x} use-starttls true max-smtp-out 5</domain>",
    "auth-username bob {n} {x}",
    "{n} => {x}",
    "set {n} {x}",
    "<smtp-user foo> {n} {x} authentication-method password</smtp-user>",
    "12: {n} {x}",
    "{n} {x} # note",
    "# note {n} {x}",
    "{n} # note\n{x}",
    "{n}\n# note\n{x}",
    "+{n} {x}",
    "-{n} {x}",
    "{n}\r\n{x}\r\n",
    "  {n}\u00a0{x}",
    "# {n}:\n# {x}",
    "<!-- {n} {x} -->",
    "{n} ({x})",
    "foo bar\n{n}\n{x}\nfoo bar",
    "/* {n} {x} */",
    "| {n} | {x} |",
    "{n},{x}",
)
OF_A_FILE = (
    "{n} {f} {x}",
    "{n} {f}\n{x}",
    "{n}\n{f} {x}",
    "{n}\n{f}\n{x}",
    '{n} "{f}" "{x}"',
    "# {n} {f} {x}",
    "{n}: {f} {x}",
    "> {n} {f} {x}",
    "<domain x> {n} {f} {x} use-starttls true</domain>",
    "{n} {f} \\\n {x}",
    "{n} = {f} {x}",
)
OTHERS = (
    'command "/usr/bin/deliver --password {x}"',
    "domain-macro smtppass {x}",
    "USER bob PASS {x}",
    "password\n\n\n\n\n{x}",
    "# the password is:\n#   {x}",
    '<macro name="pw">{x}</macro>',
    "auth-password abc\n{x}",
    'auth-password "abc\n{x}"',
    "# ключ: {x}",
    "aws_secret_access_key = {x}",
    "# refresh_token {x}",
    "relay-password {x}",
    "auth.password {x}",
    "@@ auth-password {x}",
    "config:12:    auth-password {x}",
    "password: >\n  {x}",
    "auth-\npassword {x}",
    "# {x} ist das Passwort",
    "pass {x}",
    "pw {x}",
    "pwd {x}",
    "auth-pass {x}",
    "smtp-auth user:{x}",
    "http-webhook-auth user:{x}",
    "passw0rd {x}",
    "p@ssword {x}",
    "smtpPassword {x}",
    "passwort {x}",
    "contraseña {x}",
    "contrasen\u0303a {x}",
    "kennwort {x}",
    "pass\u200bword {x}",
    "pass word {x}",
    "mot de passe {x}",
    'password "{x}',
    "password {x}# note",
    "auth {x}",
    "key {x}",
    "add-header X-Api:{x}",
    "add-header X-Api-Key: {x}",
    "X-Auth-Token: {x}",
    "http-access 10/8 admin key={x}",
    "<domain-macro pw> {x} </domain-macro>",
    "domain-macro pw {x}",
    "<macro password> {x} </macro>",
    "secret_key {x}",
    "# pwd: {x}",
    "# pass = {x}",
    "# pass: {x}",
    "# pass {x}",
    "# Pwd={x};",
    "# Server=db;Uid=bob;Pwd={x};Database=x",
    "# Authorization: Bearer {x}",
    "# Authorization: Basic {x}",
    "# contraseña: {x}",
    "# contrasena {x}",
    "# clave: {x}",
    "# clave = {x}",
    "# la clave es {x}",
    "# Passwort: {x}",
    "# Passwort ist {x}",
    "# Kennwort {x}",
    "# mot de passe : {x}",
    "# mot de passe {x}",
    "# senha: {x}",
    "# hasło: {x}",
    "# пароль: {x}",
    "# пароль {x}",
    "# wachtwoord: {x}",
    "# lösenord {x}",
    "# 密码: {x}",
    "# 密码：{x}",
    "# 密码{x}",
    "# パスワード: {x}",
    "# 비밀번호 {x}",
    "# şifre: {x}",
    "# heslo {x}",
    "# the password is {x}",
    "# password for bob is {x}",
    "# {x} is the password",
    "# api key: {x}",
    "# API-Key {x}",
    "# secret = {x}",
    "# token: {x}",
    "# token {x}",
    "# smtp login bob:{x}",
    "# creds: bob/{x}",
    "# credentials bob {x}",
    "user bob password {x}",
    "# username: bob password: {x}",
    "# user bob, password {x}",
    "# DB_PASSWORD={x}",
    "# export SMTP_PASS={x}",
    'SMTP_PASS="{x}"',
    "# smtpPassword: {x}",
    '<add key="password" value="{x}"/>',
    '<auth user="bob" password="{x}"/>',
    '{{"user": "bob", "password": "{x}"}}',
    "# swaks --auth-user bob --auth-password {x}",
)
IN_ONE_WORD = (
    "<smtp-user bob>{x}</smtp-user>",
    "auth-password #{x}",
    "auth-password # {x}",
    "# (pass {x})",
    "smtp-hosts relay.example.com:587:bob:{x}",
    "# mysql -ubob -p{x}",
    "# mysql://bob:{x}@db.example/x",
    "relay-host smtp://bob:{x}@smtp.example.com:587",
    "smtp-hosts bob:{x}@relay.example.com",
    "# curl -u bob:{x} https://x.example/",
    "# swaks -ap {x}",
    "# mysql -p {x}",
    "# redis://:{x}@cache.example:6379/0",
    "http-webhook-url https://hooks.example.com/in/{x}",
    "http-webhook-url https://x.example.com/?sig={x}",
    "# https://prod.westus.logic.azure.com/workflows/1/x?sig={x}",
    "# https://x.example/cb?token={x}",
    "# https://x.example/cb?a=b&key={x}",
    "# https://discord.com/api/webhooks/123456/{x}",
    "# xoxb-12-34-{x}",
    "# ghp_{x}",
    "# https://hooks.slack.com/services/T0/B0/{x}",
    "foo SG.{x}.{x}",
    "# glpat-{x}",
    "# sk_live_{x}",
    "# eyJhbGciOiJI.{x}.{x}",
    "http-delivery-url https://x.example/{x}",
    "# AUTH PLAIN AGJvYgBY{x}",
    "# jdbc:postgresql://db/x?user=bob&password={x}",
)
OF_PROGRAMS = (
    "openssl enc -aes-256-cbc -k {x}",
    "sendemail -xu bob -xp {x}",
    "client_send = : bob : {x}",
    'client_send = "<; ; bob ; {x}"',
    "plain:\n driver = plaintext\n client_send = ^bob^{x}",
    "hide mysql_servers = localhost/exim/eximuser/{x}",
    "$mail->smtpAuth('bob', '{x}');",
    "smtp.login('bob', '{x}')",
    'server.login("bob@example.com", "{x}")',
    's.auth("PLAIN", "bob", "{x}")',
    "Net::SMTP.start('m.example.com', 587, 'localhost', 'bob', '{x}', :plain)",
    'smtp.PlainAuth("", "bob", "{x}", "m.example.com")',
    'ConvertTo-SecureString "{x}" -AsPlainText -Force',
    "- name: SMTP_PASSWORD\n  value: {x}",
    'env:\n- name: "SMTP_PASSWORD"\n  value: "{x}"',
    "password: >-\n  {x}",
    "sshpass -p{x} ssh host",
    "redis-cli -a {x}",
    "echo '{x}' | sudo -S id",
    "ldapsearch -D cn=a -w {x}",
    "smbclient -U bob%{x} //srv/x",
    "snmpwalk -v2c -c {x} host.example.com",
    "community {x}",
    "rclone config create x smtp pass {x}",
    "sqlplus bob/{x}@db",
    "https://h.example.com/x?p={x}",
    "https://h.example.com/api/key/{x}/send",
    "https://hooks.example.com/services/{x}/@bob",
    'Authorization: Digest username="bob", realm="x", response="{x}"',
    "235 authenticated bob {x}",
    "a1 LOGIN bob {x}",
    'a1 LOGIN "bob" "{x}"',
    "identified by '{x}'",
    "GRANT ALL ON x.* TO bob@localhost IDENTIFIED BY '{x}'",
    "INSERT INTO users VALUES ('bob','{x}')",
    "bob = {x}",
    "bob|{x}",
    "bob / {x}",
    "auth-username bob {x}",
    "http-access 10.0.0.0/8 admin {x}",
    "<smtp-user bob>\npassword # old one\n  {x}\n</smtp-user>",
    "<smtp-user bob {x}>",
    "route [m.example.com]:587 bob {x}",
    "recovery phrase: {x}",
    "backup code {x}",
    "access code {x}",
    "masterkey {x}",
    "accesskey={x}",
    "nonce={x}",
    "tok={x}",
    "pwrd: {x}",
    "chiave: {x}",
    "wagwoord: {x}",
    "identifiants: {x}",
    "Zugangscode: {x}",
    "Losungswort {x}",
    "nøgle = {x}",
    "رمز: {x}",
    "पासकोड: {x}",
    "কূটশব্দ: {x}",
    "uneno la siri: {x}",
    "user bob pass {x}",
    "the relay's pass is {x}",
    "is {x} a good password",
    "use {x} as password",
    "bob@example.com / {x}",
    "login: bob@example.com {x}",
    "auth bob {x}",
    "\U0001f511 {x}",
)
"""What other programs and people write, commented out."""

KEYS = (
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE{x}\nabcd\n-----END RSA PRIVATE KEY-----",
    "MIIE{x}\nabcd==\n-----END PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE{x}\nabcd\n",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n{x}\n=abcd\n",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{x}\n=ab\n-----END PGP PRIVATE KEY BLOCK-----",
    "{x}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----",
    "# -----BEGIN EC PRIVATE KEY-----\n# {x}\n# -----END EC PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY----- {x} -----END OPENSSH PRIVATE KEY-----",
    "> -----BEGIN PRIVATE KEY-----\n> {x}\n",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\nmax-smtp-out 5\n{x}\n-----END RSA PRIVATE KEY-----",
)
POSITIONS = (
    "{}",
    "<domain x>\n{}\nmax-smtp-out x\n</domain>\n",
    "max-smtp-out 5\nfoo-bar yes\n{}",
    "postmaster a@example.com\n# note\n    {}\nuse-starttls yes\n",
    "<domain x>\r\n{}\r\n</domain>\r\nsmtp-hosts x\r\n",
)


def misspelt(name: str) -> Iterator[str]:
    """A letter less, two swapped, one of another alphabet, in capitals, with other signs between."""
    yield from (name[:at] + name[at + 1 :] for at in range(1, len(name) - 1, 3))
    yield name[0] + name[2] + name[1] + name[3:]
    yield from (name.replace(latin, other, 1) for latin, other in LOOK_ALIKES if latin in name)
    yield from (name.upper(), name.title(), name.replace("-", "_"), name.replace("-", ""))


def holders() -> Iterator[str]:
    """Lines with `{x}` for the secret."""
    for name in names_of_secrets("value"):
        yield from (notation.replace("{n}", name) for notation in OF_A_NAME)
        yield from (f"{other} {{x}}" for other in misspelt(name))
    for name in names_of_secrets("second"):
        first = "hmac-sha256" if name == "privacy-policy" else "/etc/pmta/x.pem"
        yield from (notation.replace("{n}", name).replace("{f}", first) for notation in OF_A_FILE)
        yield from (f"{other} {first} {{x}}" for other in misspelt(name))
    yield from OTHERS
    yield from IN_ONE_WORD
    yield from KEYS


def fits(holder: str, secret: str) -> bool:
    """Whether such a secret can be written so: in a URL there are no blanks, in a tag no `>`."""
    if holder.replace("# ", "") in OF_PROGRAMS or holder in OF_PROGRAMS:
        return secret.isascii() and secret.isalnum()
    if holder in IN_ONE_WORD or holder in KEYS:
        return (secret.isascii() and secret.replace("-", "").isalnum()) or (holder in KEYS and secret.isalnum())
    if "Pwd" in holder or holder.startswith("<") or ">{x}<" in holder:
        return not {*";<>#"} & {*secret}
    return not ("{x})" in holder or ",{x}" in holder) or " " not in secret


def pastes() -> Iterator[tuple[str, str]]:
    """Each holder with each secret at each place, and the secret."""
    for holder, secret, position in product(holders(), SECRETS, POSITIONS):
        if fits(holder, secret):
            yield position.replace("{}", holder.replace("{x}", secret)), secret


def some() -> Iterator[tuple[str, str]]:
    """Each holder once, secrets and places in turn."""
    secrets, positions = cycle(SECRETS), cycle(POSITIONS)
    commented_out = (f"# {line}".replace("\n", "\n# ") for line in OF_PROGRAMS)
    for holder in (*holders(), *OF_PROGRAMS, *commented_out):
        secret = next(one for one in secrets if fits(holder, one))
        yield next(positions).replace("{}", holder.replace("{x}", secret)), secret


def shown_of(secret: str, said: str) -> list[str]:
    """The parts of a secret that something that was said holds."""
    return [part for part in secret.split() if len(part) > 4 and part not in DIRECTIVES and part in said]
