"""Secrets in any text: questions, messages, comments."""

import runpy
from importlib import import_module
from itertools import product
from pathlib import Path
from random import Random
from string import ascii_letters, ascii_lowercase, digits

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.pmta.masking import Mask as ConfigMask
from commands.pmta.masking import masked as of_config
from commands.secrets import lines
from commands.secrets import names as secret_names
from commands.secrets.free_text import without_secrets
from commands.secrets.masking import STARS, Mask, masked
from commands.secrets.names import BOUND, STRONG, WEAK, call_of
from commands.secrets.shapes import is_random
from tests.every import every
from tests.work import calls

X = "Zq7Wx9Kv3Tp"


@every(
    [
        "password",
        "PASSWD",
        "smtpPassword",
        "auth_token",
        "p@ssword",
        "passw0rd",
        "pasword",
        "passwrod",
        "contraseña",
        "contraseña",
        "clave",
        "Passwort",
        "Kennwort",
        "mot_de_passe",
        "senha",
        "hasło",
        "пароль",
        "pаssword",
        "密码",
        "パスワード",
        "비밀번호",
        "şifre",
        "κωδικός",
        "pass\u200bword",
        "ｐａｓｓｗｏｒｄ",
        "x-api-key",
        "client-secret",
    ]
)
def test_what_people_call_a_secret_is_known_in_many_languages_and_spellings(name):
    assert call_of(name) == STRONG


@pytest.mark.parametrize(
    "name",
    ["passport", "passed", "forward", "keyboard", "keyword", "secretary", "broken", "record", "contact", "process"],
)
def test_ordinary_words_are_not_taken_for_one(name):
    assert call_of(name) == ""


def test_a_word_behind_it_makes_a_setting_that_is_about_a_secret():
    assert [call_of(name) for name in ("password-file", "token_ttl", "pass", "X-Api", "public-key")] == [
        BOUND, BOUND, WEAK, WEAK, "",
    ]  # fmt: skip


@pytest.mark.parametrize("names", [secret_names._ANYWHERE, secret_names._PARTS, secret_names._WEAK])
def test_no_line_is_left_out_that_holds_a_name(names):
    """A line of known settings is not looked at further unless something in it may be the name of a secret."""
    assert [name for name in names if not lines._says_more(f"x {name}", 0)] == []


@every(
    [
        "xoxb-12345-abc",
        "xoxp-1-2-3-abcdef",
        "xapp-1-A1-2-abc",
        "ghp_abcd1234",
        "github_pat_11AB_cd",
        "SG.abcd.efgh",
        "AKIAIOSFODNN7",
        "ASIAIOSFODNN7",
        "key-0123456789abcdef",
        "glpat-abcd1234",
        "sk_live_abcd1234",
        "re_12345678a",
        "AIzaSyA-1234567",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "whsec_abcd",
        "xkeysib-abcd",
        "hvs.abcdef",
        "npm_" + X * 2,
    ]
)
def test_tokens_of_known_makers_are_covered_wherever_they_stand(token):
    assert masked(f"see {token}, it fails") == f"see {STARS}, it fails"


@every(
    [
        (f"587 login bob password {X} fails", f"587 login bob password {STARS}"),
        (f"mysql://bob:{X}@db.example/x", f"mysql://{STARS}@db.example/x"),
        (f"redis://:{X}@cache.example:6379/0", f"redis://{STARS}@cache.example:6379/0"),
        (f"bob:{X}@smtp.example.com refuses", f"bob:{STARS}@smtp.example.com refuses"),
        ("postgres://u:pa/ss@db.example/x", f"postgres://{STARS}@db.example/x"),
        ("Authorization: Bearer barbaz", f"Authorization: {STARS}"),
        (f"sent Basic {X} there", f"sent Basic {STARS} there"),
        (f"https://hooks.example.com/services/{X}/@bob", f"https://hooks.example.com/{STARS}"),
        (f"https://hooks.example.com/{X}?to=bob@example.com", f"https://hooks.example.com/{STARS}"),
        (f"https://h.example/a?b=c@d&token={X}", f"https://h.example/a?b=c@d&{STARS}"),
        (f"https://h.example/r?u=https://bob:{X}@c.example", f"https://h.example/r?u=https://{STARS}@c.example"),
        (f"https://hooks.slack.com/services/{X}?u=http://a:b@c.d", f"https://hooks.slack.com/{STARS}"),
        (f"https://bob:{X}@hooks.example.com/{X}Q?to=a@b.c", f"https://{STARS}@b.c"),
        (f"https://bob@hooks.example.com/{X}?to=a@b.c", f"https://{STARS}@hooks.example.com/{STARS}"),
        ("https://hooks.slack.com/services/T0/B0/abc", f"https://hooks.slack.com/{STARS}"),
        ("https://discord.com/api/webhooks/1/abc?wait=1", f"https://discord.com/{STARS}"),
        ("https://x.webhook.office.com/webhookb2/abc", f"https://x.webhook.office.com/{STARS}"),
        ("https://x.example/a?b=c&sig=abc&d=e", f"https://x.example/a?b=c&sig={STARS}&d=e"),
        ("login bob:barbaz", f"login bob:{STARS}"),
        ("AUTH PLAIN AGJvYgBiYXJiYXo=", f"AUTH {STARS}"),
        ("curl -u bob:barbaz https://x.example/", f"curl -u bob:{STARS} https://x.example/"),
        ("barbaz is the password", f"{STARS} is the password"),
        ("la contraseña es barbaz", f"la contraseña es {STARS}"),
        ('{"password": "barbaz", "user": "bob"}', f'{{"password": {STARS}, "user": "bob"}}'),
        (f"{X}{X}", STARS),
    ]
)
def test_secrets_are_covered_and_what_stands_around_them_is_left(text, covered):
    assert masked(text) == covered
    assert masked(covered) == covered


@every(
    [
        "sparkpost from google cloud",
        "587 times out from linode with ses",
        "mail-2.eu-west-1.example.com:587",
        "2001:db8::25 and 198.51.100.7/24",
        "6f9619ff-8b86-d011-b42d-00c04fc964ff",
        "/etc/pmta/keys/s2024.pem",
        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC7",
        "bob@example.com",
        "https://example.com/docs/page",
        "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256",
        "use-starttls yes",
        "smtp-421-means-mx-unavailable",
        "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUZq7Wx9Kv3TpLm0QxZq7Wx9Kv3Tp\n-----END CERTIFICATE-----",
        "mailto:bob@example.com",
        "job-20240131-promo-7",
        "250-AUTH PLAIN LOGIN",
        "basic settings",
        "2024-01-31T10:00:00Z",
    ]
)
def test_what_only_looks_odd_is_left(text):
    assert masked(text) == text


def test_a_secret_that_stands_elsewhere_too_is_covered_there():
    assert masked(f"password hunter2-Q\nwe tried hunter2-Q with {X}x too") == (
        f"password {STARS}\nwe tried {STARS} with {STARS} too"
    )


def test_words_about_a_text_hold_none_of_its_secrets():
    mask = Mask("password hunter2-Q")
    assert mask.without("hunter2-Q is odd") == f"{STARS} is odd"


def test_random_words_are_told_from_those_that_somebody_made_up():
    made_up = ["smtp-max-auth-failure-rate", "customer1234.example", "VirtualMTA-Backup-02", "relay2024archive"]
    drawn = [
        X * 2,
        "d41d8cd98f00b204e9800998ecf8427e",
        "q7f3k9x2m4v8b1n6c5z0",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ]
    assert [word for word in made_up if is_random(word)] == []
    assert [word for word in drawn if not is_random(word)] == []


LETTERS, LOWER, HEXADECIMAL = f"{ascii_letters}{digits}", f"{ascii_lowercase}{digits}", f"{digits}abcdef"
DRAWN = {
    "20 letters and digits": ((20, LETTERS),),
    "20 small letters and digits": ((20, LOWER),),
    "22 as for URLs": ((22, f"{LETTERS}-_"),),
    "24 letters and digits": ((24, LETTERS),),
    "hexadecimal": ((32, HEXADECIMAL),),
    "large hexadecimal": ((40, HEXADECIMAL.upper()),),
    "with a prefix": ("api-", (32, HEXADECIMAL.upper())),
    "three parts": ((24, LETTERS), ".", (6, LETTERS), ".", (27, f"{LETTERS}-_")),
    "two parts": ("pat", (14, LETTERS), ".", (64, HEXADECIMAL)),
    "two hexadecimal parts": ((32, HEXADECIMAL), ".", (32, HEXADECIMAL)),
    "of a tenant": ((3, LETTERS), "8Q~", (34, f"{LETTERS}.-_~")),
    "of a chat": ((10, "123456789"), ":", (35, f"{LETTERS}-_")),
    "hash": ("{CRYPT}", (13, f"{LETTERS}./")),
}
TRIES = 50
PLACES = (
    "# {}",
    "# mandrill {}",
    "# mandrill={}",
    "mandrill: {}",
    '# "{}",',
    "# u={}&v=1",
    "# https://x.example.com/a/{}/b",
    "queue-to {}",
)


@pytest.mark.parametrize("kind", DRAWN)
def test_what_is_drawn_by_lot_is_covered_wherever_it_stands(kind):
    lot = Random(f"{kind} 2026")
    shown = []
    for _ in range(TRIES):
        parts = ["".join(lot.choices(part[1], k=part[0])) if isinstance(part, tuple) else part for part in DRAWN[kind]]
        drawn = max(parts, key=len)
        written = [place.format("".join(parts)) for place in PLACES]
        shown += [one for one in written if drawn[:10] in of_config(one) or drawn[-8:] in of_config(one)]
    assert len(shown) <= TRIES * len(PLACES) // 50, shown


def test_a_part_of_letters_alone_makes_no_host_of_a_token():
    assert of_config(f"# x {X}9Qw.tulpenfeld") == f"# x {STARS}"


def test_names_of_hosts_and_files_are_not_taken_for_drawn_ones():
    lines = (
        "# bounce d41d8cd98f00b204e9800998ecf8427e.bounces.example.com",
        "# see /var/log/pmta/acct-2024-01-31-0001.csv and VirtualMtaForMadrid2026",
        "queue-to d41d8cd98f00b204e9800998ecf8427e.example.com",
        "# pmta-5.0r8.rpm, customer1234archive, newsletter2024spring",
    )
    assert [line for line in lines if of_config(line) != line] == []


def test_of_a_line_that_speaks_of_dkim_only_the_public_key_is_left():
    public = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC7" * 2
    assert of_config(f'# s1._domainkey IN TXT "v=DKIM1; p={public}" "{public}"').count(public) == 2
    assert of_config(f"# v=DKIM1 k=rsa; private half: {X * 4}") == f"# v=DKIM1 k=rsa; private half: {STARS}"
    assert X not in of_config(f'# s1._domainkey IN TXT "v=DKIM1; p=MIGf" ; private {X * 4}')


words = st.sampled_from(
    [
        "password",
        "pass",
        "key",
        "token:",
        "=",
        X,
        "barbaz",
        "\n",
        "# ",
        "<a>",
        "</a>",
        '"',
        "bob:x@h.example",
        "http://u:p@h/x",
        "is",
        "the",
        "\r\n",
        "> ",
        "auth",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "xoxb-1-abcdef",
        STARS,
    ]
)


@given(st.lists(st.tuples(words, st.sampled_from([" ", "", "\n"])), max_size=15))
@settings(max_examples=120, deadline=None)
def test_covering_a_second_time_changes_nothing(parts):
    once = masked("".join(word + blank for word, blank in parts))
    assert masked(once) == once


NAMES = sorted(
    {
        *secret_names._ANYWHERE,
        *secret_names._PARTS,
        *secret_names._PHRASES,
        *secret_names._OTHER_SCRIPTS,
        *secret_names._OTHER_WORDS,
    }
)


@pytest.mark.parametrize(
    "notation", ["{} tulpenfeld", "{}: tulpenfeld", "{} = tulpenfeld", "{}\ttulpenfeld", "# {}: tulpenfeld"]
)
def test_every_name_of_every_table_is_found_in_each_notation(notation):
    assert [name for name in NAMES if "tulpenfeld" in masked(notation.format(name))] == []


@pytest.mark.parametrize("notation", ["{}: tulpenfeld", "{} = tulpenfeld"])
def test_every_name_of_every_table_is_found_in_a_config(notation):
    assert [name for name in NAMES if "tulpenfeld" in of_config(notation.format(name))] == []


@every(sorted(secret_names._WEAK))
def test_an_ordinary_word_is_the_name_of_a_secret_where_something_is_assigned_to_it(name):
    assert "tulpenfeld" not in masked(f"{name}: tulpenfeld") + masked(f"{name} = tulpenfeld")


LOGINS = (
    "[smtp.x.example]:587 relay:tulpenfeld",
    "mail.x.example relay@x.example:tulpenfeld",
    "*.google.com:bob@gmail.com:tulpenfeld",
    "bob:{PLAIN}tulpenfeld:1000:1000",
    "curl -ubob:tulpenfeld smtp://x.example",
    "curl -u bob:tulpenfeld smtp://x.example",
    "curl --user='bob:a tulpenfeld' smtp://x.example",
    "echo 'bob:tulpenfeld' | chpasswd",
    "define('SMTP_PASS', 'tulpenfeld');",
    "smtp://bob:a tulpenfeld@host.example",
    "user/pass: bob/tulpenfeld",
    "username/password: bob / tulpenfeld",
    "p/w: tulpenfeld",
    "587 p.w. tulpenfeld",
    "P@ss: tulpenfeld 587",
    "p.a.s.s.w.o.r.d: tulpenfeld",
    "\\u0070assword: tulpenfeld",
    "\u1d18\u1d00ss\u1d21\u1d0f\u0280\u1d05 tulpenfeld",
    "<td>Password</td><td>tulpenfeld</td>",
    "<b>Password:</b> tulpenfeld<br>",
    "<name>password</name><value>tulpenfeld</value>",
    '<add value="tulpenfeld" key="SmtpPassword" />',
    '<input value="tulpenfeld" type="password">',
    ".withPassword(tulpenfeld)",
    "tulpenfeld <- password",
    "tulpenfeld = password",
    "tulpenfeld (password)",
    "use tulpenfeld as the password",
    "password.......tulpenfeld",
    "password@tulpenfeld",
    "requirepass tulpenfeld",
    "masterauth tulpenfeld",
    "pin 471147",
    "pass: 471147",
)


@every(LOGINS)
def test_logins_as_other_programs_and_people_write_them_are_covered(line):
    for cover in (masked, of_config):
        covered = cover(f"{line}\n")
        assert "tulpenfeld" not in covered
        assert "471147" not in covered
        assert cover(covered) == covered


@pytest.mark.parametrize(
    "line",
    [
        "# TODO ask auth team about key rotation, tokens are in vault",
        "# Message-ID: <3f9a8b7c6d5e4f3a@mail.example.com> bounced",
        "smtp-source-host 192.0.2.1 mail.example.com",
        "route [relay.example.com]:587",
        "pass 587",
    ],
)
def test_what_only_stands_near_the_name_of_a_secret_stays(line):
    assert of_config(line) == line


REPEATED = {
    "lines.end_of_value": "<password>",
    "spans._below": "-----BEGIN PRIVATE KEY----- ",
    "spans._above": "-----END PRIVATE KEY----- ",
}


@pytest.mark.parametrize(("name", "part"), REPEATED.items())
def test_what_stands_in_a_secret_is_not_looked_through_again(monkeypatch, name, part):
    """A step that reads on to the end of a line may be made a few times for it, not once for each of its words."""
    module, _, function = name.partition(".")
    made, asked = getattr(import_module(f"commands.secrets.{module}"), function), []

    def counted(*args, **named):
        asked.append(1)
        return made(*args, **named)

    monkeypatch.setattr(f"commands.secrets.{name}", counted)
    covered = masked(part * 300)

    assert asked
    assert len(asked) < 20
    assert masked(covered) == covered


BENCH = runpy.run_path(str(Path(__file__).parents[1] / "bench" / "masking.py"))


@every(product(BENCH["SIGNS"], [Mask, ConfigMask]))
def test_twice_the_fragments_of_a_pattern_are_at_most_about_twice_the_work(fragment, cover):
    for blank in ("", "\n"):
        calls(cover, f"{fragment}{blank}" * 25)  # what is remembered once
        once, twice = (calls(cover, f"{fragment}{blank}" * count) for count in (100, 200))
        assert twice <= 2.4 * once + 300, (fragment, blank)


def test_an_option_far_behind_a_program_is_not_looked_for():
    assert "barbaz99" not in masked("mysql -u bob -pbarbaz99")
    assert "barbaz99" in masked(f"mysql {'a ' * 200}-pbarbaz99")


TYPED = (
    ("bob:zanahoria", "`zanahoria` is not a port."), ("bob|zanahoria", "`bob|zanahoria` is not a full name."),
    ("bob|zanahoria", "Type it as `bobzanahoria.example.com`."), ("smtp://bob:Zanahoria", "`zanahoria` is not a port."),
    ("show w bob@example.com:zanahoria", "`bob@example.com:zanahoria` is one word too many."),
    ("zanahoria password", "There is no help on zanahoria."),
    ("show w zanahoria pw", "`zanahoria` is one word too many."),
)  # fmt: skip


@pytest.mark.parametrize(("typed", "said"), TYPED)
def test_an_error_repeats_nothing_of_a_pair_or_beside_the_name_of_a_secret(typed, said):
    assert "zanahoria" not in without_secrets(typed, said)


@pytest.mark.parametrize("typed", ["mail.example.com:zanahoria", "mail.example.com zanahoria", "zanahoria"])
def test_an_error_repeats_what_is_no_login(typed):
    assert without_secrets(typed, "`zanahoria` is not a port.") == "`zanahoria` is not a port."


def test_a_message_that_runs_typed_words_together_repeats_no_secret_of_them():
    said = "Type it with its domain, such as `passwordzanahoria.example.com`."
    assert without_secrets("password=zanahoria", said) == said.replace("zanahoria", "********")
