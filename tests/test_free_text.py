"""What a person wrote, as others may read it: reasons, remarks, comments."""

import pytest

from commands.pmta.masking import Mask
from commands.secrets.free_text import said
from commands.secrets.masking import STARS
from tests.every import every

WORD = "tulpikova"
PAIRS = (
    "bob:{}", "bob@example.com:{}", "bob@example.com : {}", "bob@example.com;{}", "bob@example.com {}",
    "relay bob:{}", "smtp.example.com:bob:{}", "*.example.com:bob:{}", "h:5432:mail:bob:{}", "*:*:*:bob:{}",
    "[bob:{}]", '"bob:{}"', "[smtp.gmail.com]:587 me@gmail.com: {}", "bob|{}", "bob;{}", "bob / {}",
    "bob -> {}", "(bob, {})", "bob <{}>", "u=bob p={}", "u:bob, p:{}", "u bob p {}", "relay: bob / {}",
    "sasl: bob {}", "access: bob, {}", "login bob {}", "relay-user bob {}", "user: bob {}",
    "login bob@example.com {}", "m.example.com:587 bob {}", "a LOGIN bob {}", "m.example.com,587,bob,{}",
    "m.example.com [bob/{}]", "m.example.com (bob / {})", "APOP bob {}", "root: {}",
    "m.example.com 587 bob@example.com {} tls", "логин: bob / {}", "Anmeldung mit bob und {}",
    "user@example.com:587 {}", "smtp://bob:{}", "imap://bob:{}/", "mysql://bob:{} down", "connect as bob / {}",
    "connected as bob, {}", "sign in as bob with {}", "signing in as bob / {}", "log in bob {}",
    "logged in as bob / {}", "entrar como bob / {}", "entra con bob y {}", "inicia sesión bob {}",
    "identifiant bob {}", "<user>bob</user><x>{}</x>",
)  # fmt: skip
PROGRAMS = (
    "mysql -u bob -p'{}' mail", "swaks --ap={}", "keytool -storepass {} -keystore x", "cmdkey /pass:{}",
    "7z x -p{} a", "lftp -u bob,{} h", "vault kv put secret/x value={}", "kinit bob <<< {}",
    "echo {} | kinit bob", "PHPSESSID={}", '{{"name":"smtp_pass","value":"{}"}}',
    "mysqli_connect('localhost','bob','{}','mail')", "Fernet(b'{}')", "dnpass = {}",
    "334 VXNlcm5hbWU6 {}", "runas bob {}", "su bob {}", "kinit bob {}",
    "doveadm auth test bob {}", "redis-cli AUTH {}", "<![CDATA[{}]]>",
)  # fmt: skip
NAMED = (
    "{} was the old password", "{} - password of bob", "{} (pw)", "{}: password for bob", "{} <-- password",
    "password #2: {}", "password/{}", "password.{}", "password-{}", "password{}", "pw{}", "{}password",
    "psswrd {}", "toekn: {}", "tokn {}", "we moved, PIN is {}", "moving, clef {}", "moving, AUTH {}",
    "la llave api es {}", "hasla {}", "la clé api est {}", "chave da api é {}", "frase de paso {}",
    "codice di accesso: {}", "codice segreto {}", "frase segreta: {}", "senhas {}", "das Geheimwort ist {}",
    "Codewort {}", "Geheimzahl {}", "Zugriffsschlüssel {}", "recovery codes: {}", "security answer: {}",
    "ww {}", "パス：{}", "暗証 {}", "authentification: bob {}", "apikye={}", "ⓟⓐⓢⓢⓦⓞⓡⓓ: {}",
    "TOTP {}", "mot de pase {}", "motdepass {}",
    "entrar con bob y {} de contraseña", "der Schlüssel lautet {}", "mot d passe {}", "aip key {}",
)  # fmt: skip


@pytest.mark.parametrize("shapes", [PAIRS, PROGRAMS, NAMED])
def test_what_may_be_a_secret_is_covered_in_a_reason_and_in_a_comment(shapes):
    reasons = [shape for shape in shapes if WORD in said(shape.format(WORD))]
    comments = [f"{sign} {shape.format(WORD)}" for shape in shapes for sign in ("#", "//")]
    assert reasons == []
    assert [line for line in comments if WORD in Mask(line).apply(0, len(line))] == []


REASONS = """\
moving to the new datacenter
signed in with Acme, migration starts Monday
users in Madrid cannot connect
log rotation on Hetzner
smtp://mail.example.com:submission times out
connection to Orange, ticket 4411
password reset storm, mails queue
key server down
certificate renewal
waiting for Ana to rotate the password
token expired, IT is on it
auth broken until Monday
new pass through firewall
port 25 blocked by ISP, ticket 4411
code freeze
the key person is on holiday
salt rollout
pin change at the bank
license expired
api down
caducó la clave, esperando al cliente
Passwort abgelaufen, Kunde ist im Urlaub
Acme moves to Madrid, see OPS-441
moving <!channel> house
<@U0123ABC> and <#C0123ABC> know, Carlos mends it
never mind, unsnooze
disk full, rebooting
lleno, reiniciando
false alarm, ignore
planned work, ignore
fixed soon, promised
yes no, maybe
nueva caída, avisado"""


@every(REASONS.split("\n"))
def test_a_reason_that_only_speaks_of_a_secret_is_left_to_read(reason):
    assert said(reason) == reason


COMMENTS = """\
the private key stays on the server
authentication is mandatory here
password is required for relaying
key: see docs
secret: none
salt lake city datacenter
pin traffic to vmta3
seed addresses at Gmail
licence renewed by Ana
reason: complaints
provider: OVH
region: eu-west-1
stage: warmup
team: deliverability
hub1: Madrid
ticket: OPS-441
status: ok
Outlook/Hotmail/Live
Microsoft: slow start, see JIRA-1234
bob@example.com asked for this
code 550 is permanent
user bob left in March, see OPS-1233"""


@every(COMMENTS.split("\n"))
def test_a_comment_that_only_has_such_a_word_is_left_to_read(comment):
    line = f"# {comment}"
    assert Mask(line).apply(0, len(line)) == line


def test_the_names_stay_where_the_secrets_are_covered():
    assert said("PIN is tulpikova") == f"PIN is {STARS}"
    assert said("smtp-password for bob: tulpikova") == f"smtp-password {STARS}"
