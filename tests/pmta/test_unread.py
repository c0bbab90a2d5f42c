"""What is not understood is not quoted beyond its name."""

import json
from itertools import product

import pytest

from commands.contract import UserError
from commands.pmta.buttons import manual_of
from commands.pmta.checking import Order, studied, unpacked
from commands.pmta.kept import kept
from commands.pmta.linter import lint
from commands.pmta.masking import Mask, masked_name
from commands.pmta.paste import Pasted
from commands.pmta.sarif import sarif
from commands.pmta.view import listing
from commands.secrets.masking import STARS
from tests.every import every

WORD = "tulpenfeld"


def said_of(text):
    """All that a config makes us say: the report in every format, what was mended, and the mended text."""
    found = studied(Order(Pasted(f"max-smtp-out 2\n{text}\nmax-smtp-outt 20\n", "x")))
    report = found.report
    spoken = [listing(report), json.dumps([report.to_json(), sarif(report)], ensure_ascii=False), *found.changed]
    return "\n".join([*spoken, unpacked(found.packed).decode(), repr(found.claims)])


LONG = (
    f"my-long-setting-name-with-many-words-inside-it-and-more-still;password={WORD}",
    f"Data-Source=sql01.internal.example.com;Initial-Catalog=pmta;User-ID=relay;Password={WORD}",
    f'{{"host":"mail.verylong.example.com","port":587,"user":"b@x.example","password":"{WORD}"}}',
    f"smtp://relay-user-of-the-marketing-department-in-madrid-and-barcelona:{WORD}@x.example",
    f"smtp-listener host=mail.verylong.internal.example.com;port=587;user=bobby;password={WORD}",
    f"<host=mail.verylong.internal.example.com;port=587;user=bobby;password={WORD}>\n</domain>",
    f"max-smtp-out host=mail.verylong.internal.example.com;port=587;user=bobby;password={WORD}",
)
IN_TAGS = (
    *tuple(f"auth-password\n<{tag}>{WORD}</{tag}>" for tag in ("value", "data", "string", "item", "b", "code")),
    f"<key>Password</key>\n<string>{WORD}</string>",
    f"<name>password</name><value>{WORD}</value>",
    f"<name>password</name>\n<value>{WORD}</value>",
    f"<td>Password</td><td>{WORD}</td>",
    f"<b>Password:</b> {WORD}<br>",
    f'<add value="{WORD}" key="SmtpPassword" />',
    f'<input value="{WORD}" type="password">',
)
MENDED = (
    f"<smtp-user bob> password {WORD}</smtp-user> # {WORD}",
    f"<domain x.example> auth-username {WORD} auth-password {WORD} max-smtp-out 20 </domain>",
    f"<domain x.example> auth-username bob:{WORD} max-smtp-out 20 </domain>",
    f"<smtp-user bob> authentication-method password password {WORD} </smtp-user> # bob uses {WORD}",
)
PAIRS = (
    f"<domain x.example>\n auth-username relay:{WORD}\n</domain>",
    f"<domain x.example>\n auth-username bob/{WORD}\n</domain>",
    f"default-virtual-mta bob:{WORD}",
    f"max-smtp-out x20 # bob:{WORD}",
    f"<virtual-mta a>\nsmtp-source-host 192.0.2.1 bob:{WORD}\n</virtual-mta>",
)
OF_OTHERS = (
    f"[smtp.mailhost.example]:587 relayuser:{WORD}",
    f"smtp.mailhost.example relayuser@foo.example:{WORD}",
    f"*.google.com:bob@gmail.com:{WORD}",
    f"client_send = : relayuser : {WORD}",
    f"bob:{{PLAIN}}{WORD}:1000:1000",
    f"curl -ubob:{WORD} smtp://x.example",
    f"curl --user='bob:{WORD}' smtp://x.example",
    f"echo 'bob:{WORD}' | chpasswd",
    f"define('SMTP_PASS', '{WORD}');",
    f"$db = new mysqli('localhost', 'bob', '{WORD}', 'pmta');",
    f"smtp.login('bob@x.example', '{WORD}')",
    f"user/pass: bob/{WORD}",
    f"# user:pass\nbob:{WORD}",
    f"p/w: {WORD}",
    f"{WORD} <- password",
    f"{WORD} = password",
    f"masterauth {WORD}",
    f"requirepass {WORD}",
    f"a1 LOGIN bob {WORD}",
    '"passwords": [\n' + "".join(f'  "{other}",\n' for other in ("one", "two", "three", WORD, WORD)) + "]",
    "passwords:\n- one\n- two\n- three\n- four\n- " + WORD,
    f'variable "smtp_password" {{\n  type = string\n  default = "{WORD}"\n}}',
    f"password:\n  secure:\n    plain: {WORD}",
    "password" + "\n" * 10 + WORD,
    f"foo-bar {WORD}",
    f"<{WORD}-x {WORD}x>\n</domain>",
)


@every([*LONG, *IN_TAGS, *MENDED, *PAIRS, *OF_OTHERS])
def test_nothing_that_is_said_of_a_config_quotes_a_word_that_is_not_understood(text):
    said = said_of(text).replace(f"{WORD}-x", "")
    assert WORD not in said
    assert WORD[:6] not in said


@every(
    [
        ("foo-bar tulip 20 10m mail.example.com", f"foo-bar {STARS} 20 10m mail.example.com"),
        ("<foo-bar tulip>", f"<foo-bar {STARS}>"),
        ("<value>tulip</value>", f"<value>{STARS}</value>"),
        ("default-virtual-mta tulip", "default-virtual-mta tulip"),
        ("# ask tulip about it", "# ask tulip about it"),
        ("max-smtp-out many", "max-smtp-out many"),
        ("smtp-source-host 2001:db8::25 out6.example.com", "smtp-source-host 2001:db8::25 out6.example.com"),
        ("reply /(?<code>4\\.7) x/ mode=backoff", "reply /(?<code>4\\.7) x/ mode=backoff"),
        ("domain-macro isps gmail.com, \\\n  tulip", "domain-macro isps gmail.com, \\\n  tulip"),
        ("foo-bar \\\n  tulip", f"foo-bar \\\n  {STARS}"),
        ("reply /x/ mode=backof", "reply /x/ mode=backof"),
        ("reply /x/ tulip", f"reply /x/ {STARS}"),
        ("queue_to relay-madrid", "queue_to relay-madrid"),
        ("type,timeQueued,bounceCat,vmta,orig", "type,timeQueued,bounceCat,vmta,orig"),
        ("smtp-hosts [m.example.com]:587,bob,tulip", f"smtp-hosts [m.example.com]:587,{STARS},{STARS}"),
        (
            "smtp-hosts [10.1.0.2],host:26;[IPv6:2001::1];b.example",
            "smtp-hosts [10.1.0.2],host:26;[IPv6:2001::1];b.example",
        ),
        ("smtp-hosts relay1,relay2", "smtp-hosts relay1,relay2"),
        ("smtp-hosts bob,tulip,m.example.com", f"smtp-hosts {STARS},{STARS},m.example.com"),
        ("smtp-hosts m.example.com|bob|tulip", f"smtp-hosts {STARS}"),
        ("queue-to bob|tulip", f"queue-to {STARS}"),
        ("smtp-hosts a.example.com:25;lookup-mx:b.example", "smtp-hosts a.example.com:25;lookup-mx:b.example"),
    ]
)
def test_of_a_line_its_name_is_shown_and_what_is_evidently_harmless(line, shown):
    assert Mask(line).apply(0, len(line)) == shown


HOST_LISTS = (
    "m.example.com:587,bob={}", "bob={},m.example.com:587", "m.example.com:bob:{}", "bob:{},m.example.com",
    "m.example.com|bob|{}", "m.example.com/bob/{}", "m.example.com;bob;{}", "m.example.com,bob,{}",
    "m.example.com:587:{}", "m.example.com:587-bob-{}", "m.example.com:587 bob {}", "192.0.2.1:bob:{}",
    "{}@m.example.com", "smtp://bob:{}", "[bob:{}]:587", "[m.example.com/{}]", '"m.example.com:587,bob={}"',
)  # fmt: skip


@every(product(["smtp-hosts", "route", "queue-to"], HOST_LISTS))
def test_what_is_no_host_in_a_list_of_them_is_found_and_not_said_kept_or_looked_up(name, hosts):
    text = f"<domain x>\n{name} {hosts.format(WORD)}\n</domain>\n"
    assert WORD not in said_of(text)
    assert WORD not in kept(text)
    fits = ";bob;" in hosts or ",bob," in hosts
    assert fits or "PMTA205" in {one.code for one in lint(text).findings} | {"PMTA206"}


@pytest.mark.parametrize(
    "line", ["domain-macro bob:{} a.example", "domain-macro bob|{} a.example", "max-msg-rate bob:{}/hour"]
)
def test_no_suggestion_is_made_of_what_may_be_a_login(line):
    assert WORD not in said_of(line.format(WORD))


@pytest.mark.parametrize("text", ["// {}\n", "//{}\n", "// password:\n// {}\n", "<bounce-category-patterns>\n// {}\n"])
def test_an_empty_pattern_whose_category_may_be_a_remark_is_not_kept(text):
    assert WORD not in kept(text.format(WORD))
    assert "// other" in kept("<bounce-category-patterns>\n// other\n</bounce-category-patterns>\n")


@pytest.mark.parametrize("domains", ["bob:{}", "a.example,bob={}", "a.example bob|{}"])
def test_what_is_no_domain_in_a_macro_is_found_and_neither_said_nor_kept(domains):
    text = f"domain-macro x {domains.format(WORD)}\n"
    assert WORD not in said_of(text)
    assert WORD not in kept(text)
    assert "PMTA205" in {one.code for one in lint(text).findings}


@pytest.mark.parametrize("domains", ["a.example, *.b.example,$c", "[*.]a.example", "a.example,", "a", '"a.example,b"'])
def test_the_domains_of_the_guide_fit(domains):
    text = f"domain-macro x {domains}\n"
    assert kept(text) == text
    assert "PMTA205" not in {one.code for one in lint(text).findings}


def test_hosts_between_blanks_are_not_run_together():
    text = "<domain x>\nsmtp-hosts a.example b.example\n</domain>\n"
    assert "a.exampleb" not in said_of(text)
    assert "hosts between commas" in said_of(text)


def test_a_fourth_field_of_a_key_is_not_kept():
    assert WORD not in kept(f"domain-key s1,example.com,/k.pem,{WORD}\ndomain-key s2,example.com,/k.pem,bob:{WORD}\n")
    assert "domain-key s1, example.com, /k.pem" in kept("domain-key s1, example.com, /k.pem\n")


FIT = (
    "relay", "relay.example.com", "m_x.example.com.", "*.example.com", "[10.1.0.2],host:26;[IPv6:2001::1]:25",
    "[2001:db8::1]", "10.1.0.2", "2001:db8::1", "lookup-mx:example.com:26, a.example ; b.example", '""',
    '"a.example,b.example:587"', "a.example;",
)  # fmt: skip


@pytest.mark.parametrize("hosts", FIT)
def test_the_hosts_of_the_guide_fit(hosts):
    assert f"smtp-hosts {hosts}" in kept(f"<domain x>\nsmtp-hosts {hosts}\n</domain>\n")


QUEUES = ("hotmail.queue", '"hotmail.queue"', '""', "{sparkpost}", "relay-mad_1", "$x", "[1.2.3.4]")


@pytest.mark.parametrize("queue", QUEUES)
def test_the_queues_of_the_guide_fit(queue):
    assert f"queue-to {queue}" in kept(f"<domain x>\nqueue-to {queue}\n</domain>\n")


def test_a_line_that_begins_with_no_name_is_not_quoted_in_its_sentence():
    messages = [one.message for one in lint("[mail.example.com]:587 relay:tulip\n").findings]
    assert messages == ["PowerMTA does not know this line: it begins with no setting of the 5.0 guide."]


def test_a_long_word_is_cut_in_a_sentence_and_a_very_long_one_left_out():
    long, longer = (lint(f"max-smtp-out {'n' * count}\n").findings[0].message for count in (100, 400))
    assert f'"{"n" * 79}…"' in long
    assert longer == "max-smtp-out does not take this: it takes a whole number or unlimited."


def test_how_many_secrets_are_covered_does_not_count_what_is_not_understood():
    assert Mask("foo-bar tulip\nauth-password x9\n").count == 1


@every(
    [
        ("relay_password_is_tulpenfeld.txt", f"relay_password_is_{STARS}.txt"),
        ("tulpenfeld password.txt", f"{STARS} password.txt"),
        ("passwort_tulpenfeld", f"passwort_{STARS}"),
        ("geheim.tulpenfeld.conf", f"geheim.{STARS}.conf"),
        ("config-2026-11.conf", "config-2026-11.conf"),
        ("pmta-tulpenfeld.conf", "pmta-tulpenfeld.conf"),
        ("apikeytulpenfeld.conf", f"apikey{STARS}.conf"),
        ("mdptulpenfeld.conf", f"mdp{STARS}.conf"),
        ("pwtulpenfeld.conf", f"pw{STARS}.conf"),
        ("contraseñatulpenfeld.conf", f"contraseña{STARS}.conf"),
        ("bob:tulpenfeld.conf", f"{STARS}:{STARS}.conf"),
        ("relay=tulpenfeld.conf", f"relay={STARS}.conf"),
        ("PINtulpenfeld.conf", f"PIN{STARS}.conf"),
        ("PINTulpenfeld9.conf", f"{STARS}.conf"),
        (r"C:\pmta\madrid.conf", r"C:\pmta\madrid.conf"),
        ("config 2026-11-28 10:00.conf", "config 2026-11-28 10:00.conf"),
        ("contracts-2026.conf", "contracts-2026.conf"),
    ]
)
def test_a_file_name_that_says_that_it_is_a_password_is_covered_in_part(name, shown):
    assert masked_name(name) == shown


@pytest.mark.parametrize("asked", [*OF_OTHERS[:6], f"login {WORD}", f"bob:{WORD}", f"token-{WORD}", f"pw{WORD}"])
def test_what_the_manual_is_asked_for_is_repeated_only_if_it_is_a_name(asked):
    with pytest.raises(UserError) as error:
        manual_of(asked)
    assert WORD not in f"{error.value.message} {error.value.hint}"


def test_a_name_that_no_rule_has_is_repeated():
    with pytest.raises(UserError, match="retry-afterwards"):
        manual_of("retry-afterwards")


def test_what_is_kept_of_a_config_holds_no_login():
    text = f"<smtp-user bob:{WORD}>\n</smtp-user>\n<domain x>\nqueue-to bob:{WORD}\n</domain>\n"
    assert WORD not in kept(text)


OPENINGS = (
    "password for relay:", "clave del relay:", "Passwort für den Relay:", "mot de passe du relais :",
    "password (relay):", "api key for sparkpost:", "private key password:", "password: see below",
    "password -->", "password since May:", "Zugangsdaten Relay:\n# bob", "password: <<EOF", 'password: """',
    "password: $(cat <<X", "password: // the new one", "usuario clave\n# bob", "user   pass\n# bob x",
    "password for relay", "password for the relay (bob)", "mot de passe du relais", "Our password, as agreed, is",
    "password was changed from", "Benutzer\tPasswort", "host;user;pw", "relay   login   key",
)  # fmt: skip


@pytest.mark.parametrize("between", ["", "# \n", "#\n#\n"])
def test_a_comment_below_one_that_names_a_secret_has_only_plain_words(between):
    texts = [f"# {above}\n{between}# mx1 {WORD} until May\nmax-smtp-out 20\n" for above in OPENINGS]
    assert [text for text in texts if WORD in Mask(text).apply(0, len(text))] == []


@pytest.mark.parametrize("sign", ["#", ";", "--", "!", "//", "%", "rem"])
def test_whatever_sign_begins_a_comment_it_stands_below_the_one_above(sign):
    text = f"{sign} password for relay:\n{sign} mx1 {WORD}\nmax-smtp-out 20\n"
    assert WORD not in Mask(text).apply(0, len(text))


def test_a_comment_below_prose_stays_and_so_does_one_of_another_run():
    text = f"# password resets go by vmta2\n# ask {WORD}\n\n# password for relay:\nmax-smtp-out 20\n# ask {WORD}\n"
    assert Mask(text).apply(0, len(text)) == text


@pytest.mark.parametrize("comment", [f"was {WORD} until May", f"old {WORD}", WORD, f"changed by bob, before {WORD}"])
def test_a_comment_behind_or_below_a_secret_setting_has_only_plain_words(comment):
    texts = [
        f"auth-password x9 # {comment}\n",
        f"password x9 max-smtp-outt 2 # {comment}\n",
        f"password x9\n# {comment}\n",
        *(f"{name} Rr7xkq # {comment}\n" for name in ("clave", "smtp-password", "foo-token", "token:")),
    ]
    assert [text for text in texts if WORD in said_of(text)] == []


ELSEWHERE = (
    f"<domain x>\n auth-usernme {WORD}\n auth-password {WORD}\n</domain>",
    f"<domain x>\n auth-password {WORD}\n max-smtp-out {WORD}\n queue-to {WORD}\n smtp-hosts {WORD}\n</domain>",
    f"<domain x>\n auth-password {WORD}\n</domain>\n<virtual-mta-pool p>\n virtual-mta {WORD}\n</virtual-mta-pool>",
    f"#  auth-password {WORD}\n#  # was {WORD}\nsmtp-listner {WORD}",
)


@pytest.mark.parametrize("text", ELSEWHERE)
def test_a_secret_of_a_setting_is_covered_wherever_else_it_stands(text):
    assert WORD not in said_of(text)
    assert WORD not in kept(text)


@pytest.mark.parametrize(
    "comment", ["password resets go out by trans1", "pool for password: trans1", "password trans1: see vault"]
)
def test_what_only_a_comment_says_is_not_covered_in_settings(comment):
    text = f"# {comment}\n<virtual-mta-pool reset>\nvirtual-mta trans1\n</virtual-mta-pool>\n"
    assert "\nvirtual-mta trans1\n" in Mask(text).shown(0, len(text))
