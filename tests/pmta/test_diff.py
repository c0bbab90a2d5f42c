"""`portero pmta diff`: what counts between two configurations, and what opens."""

import json

import pytest

from bot.cli import main
from commands.pmta.comparison.compare import compared, listing
from commands.pmta.comparison.side import Side
from commands.pmta.configuration.origin import ALONE
from commands.pmta.masking import Mask
from tests.every import every
from tests.pmta.secret_pastes import shown_of, some

BASE = """\
postmaster a@example.com
smtp-listener 10.0.0.1:25
http-access 10/8 monitor
relay-domain example.com
domain-macro gmail gmail.com, googlemail.com
<source 10/8>
 always-allow-relaying yes
 require-auth no
</source>
<source 0/0>
 always-allow-relaying yes
 require-auth yes
</source>
<domain *>
 max-smtp-out 20
 retry-after 60m
</domain>
<domain $gmail>
 max-smtp-out 5
</domain>
<smtp-pattern-list slow>
 reply /one/ mode=backoff
 reply /two/ mode=backoff
</smtp-pattern-list>
<virtual-mta a>
 smtp-source-host 192.0.2.1 a.example.com
 domain-key s1,example.com,/etc/pmta/s1.pem
 <domain *>
  max-smtp-out 2
 </domain>
</virtual-mta>
<virtual-mta-pool p>
 virtual-mta a
</virtual-mta-pool>
"""


FIVE = "<domain {}>\nmax-smtp-out 5\n</domain>\n"
ONE, TWO = " reply /one/ mode=backoff\n", " reply /two/ mode=backoff\n"
KEY = ("key", "s1._domainkey.example.com in <virtual-mta a>", "s1,example.com,/etc/pmta/s1.pem", None)
LOGIN = "<domain x>\nauth-password {}\n</domain>\n"


API = f"""\
<transmissions-api>
api-key {40 * "a"}
</transmissions-api>
<transmissions-api-listener 0/0:443>
tls-certificate /x.pem
</transmissions-api-listener>
"""


def found(new, old=BASE):
    return compared(Side(old, ALONE, Mask(old)), Side(new, ALONE, Mask(new)))


def said(new, old=BASE):
    return [(one.kind, one.subject, one.old, one.new) for one in found(new, old).changes]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("domain-macro gmail gmail.com, googlemail.com\n", "# moved\ndomain-macro gmail googlemail.com,gmail.com\n"),
        ("<domain $gmail>\n max-smtp-out 5\n</domain>\n", FIVE.format("gmail.com") + FIVE.format("googlemail.com")),
        ("retry-after 60m", "retry-after 1h  # an hour"),
        ("require-auth yes", "require-auth true"),
        (" max-smtp-out 20\n retry-after 60m\n", " retry-after 60m\n</domain>\n<domain *>\n max-smtp-out 20\n"),
        (" max-smtp-out 5\n", " max-smtp-out 5\n retry-after 60m\n"),  # as it was inherited
        ("<source 10/8>", "<source 10.0.0.0/8>"),
    ],
)  # fmt: skip
def test_how_a_thing_is_written_does_not_count(old, new):
    assert old in BASE
    assert said(BASE.replace(old, new)) == []
    assert said(BASE, BASE.replace(old, new)) == []


@every(
    [
        (" require-auth yes\n", "", "<source 0.0.0.0/0> may relay without a login"),
        ("<source 10/8>", "<source 0/1>", "<source 0.0.0.0/1> may relay without a login"),
        ("postmaster", "always-allow-relaying yes\npostmaster", "anybody may relay"),
        ("10.0.0.1:25", "0/0:25", "a listener on 0.0.0.0/0:25"),
        ("relay-domain example.com", "relay-domain example.com,$gmail", "mail for gmail.com is taken from anybody"),
        ("10/8 monitor", "10/8 admin", "http-access from 10.0.0.0/8"),
        ("http-access", "http-access 0/0 monitor\nhttp-access", "http-access from 0.0.0.0/0"),
        ("postmaster", f"http-api-key {40 * 'b'}\npostmaster", "a key that is admin of the web monitor"),
        ("postmaster", f"{API}postmaster", "a key of the transmissions API"),
        ("postmaster", f"{API}postmaster", "a listener of the transmissions API on 0.0.0.0/0:443"),
        ("postmaster", "host-name b.example.com\npostmaster", "mail for b.example.com is taken from anybody"),
        ("postmaster", "<smtp-user eve>\npassword x\n</smtp-user>\npostmaster", "a login for eve"),
        ("smtp-listener 10.0.0.1:25\n", "", "a listener on 0.0.0.0/0:25"),
        (
            "10.0.0.1:25",
            "10.0.0.1:25 source=n\n<source n>\nalways-allow-relaying yes\nrequire-auth no\n</source>",
            "<source n> may relay without a login",
        ),
    ]
)
def test_what_opens_is_said_and_back_again_it_closes(old, new, subject):
    assert ("opens", subject) in [one[:2] for one in said(BASE.replace(old, new))]
    assert found(BASE.replace(old, new)).opens
    back = said(BASE, BASE.replace(old, new))
    assert ("closes", subject) in [one[:2] for one in back]


def test_what_is_in_a_wider_open_network_already_opens_nothing():
    wide = BASE.replace(" require-auth yes\n", "")
    assert not found(f"{wide}<source 192.0.2.1>\nalways-allow-relaying yes\n</source>\n", wide).opens
    assert not found(BASE.replace("http-access", "http-access 10.1/16 none\nhttp-access")).opens
    assert not found(f"{BASE}relay-address x@example.com\nhost-name example.com\n").opens
    assert not found(BASE.replace("10.0.0.1:25", "10.0.0.1:25\nsmtp-listener 127.0.0.1:25")).opens
    nowhere = BASE.replace("smtp-listener 10.0.0.1:25\n", "")
    assert not found(f"{nowhere}smtp-listener 0/0:25\nsmtp-listener 192.0.2.1:25\n", nowhere).opens
    assert not found(f"{nowhere}smtp-listener 0.0.0.0:25\n", nowhere).opens
    named = "<source {auth}>\nalways-allow-relaying yes\nrequire-auth no\n</source>\n"
    assert not found(f"{BASE}{named}{named.replace('{auth}', 'of-nobody')}").opens
    closed = "<source 172.16/12>\nalways-allow-relaying yes\nsmtp-service no\n</source>\n"
    assert not found(BASE + closed).opens


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("max-smtp-out 20", "max-smtp-out 30", ("queue", "*: max-smtp-out", "20", "30")),
        ("max-smtp-out 5", "max-smtp-out 6", ("queue", "gmail.com, googlemail.com: max-smtp-out", "5", "6")),
        ("max-smtp-out 2\n", "max-smtp-out 3\n", ("queue", "*/a: max-smtp-out", "2", "3")),
        ("max-smtp-out 2\n", "", ("queue", "*/a: max-smtp-out", "2", "20")),
        (" domain-key s1,example.com,/etc/pmta/s1.pem\n", "", KEY),
        ("192.0.2.1 a", "192.0.2.9 a", ("address", "192.0.2.9 in <virtual-mta a>", None, "192.0.2.9 a.example.com")),
        (" virtual-mta a\n", "", ("pool", "a in p", "a", None)),
        (ONE + TWO, TWO + ONE, ("list", "<smtp-pattern-list slow>", "2 lines", "2 lines")),
        ("postmaster a", "postmaster b", ("setting", "postmaster", "a@example.com", "b@example.com")),
    ],
)  # fmt: skip
def test_what_changes_is_said_with_old_and_new(old, new, change):
    assert change in said(BASE.replace(old, new, 1))


def test_a_virtual_mta_that_goes_is_told_as_one_and_not_by_its_queues():
    gone = BASE[: BASE.index("<virtual-mta a>")] + BASE[BASE.index("<virtual-mta-pool") :]
    assert [one for one in said(gone) if one[0] in ("vmta", "queue")] == [("vmta", "a", "a", None)]


def test_text_json_and_status_from_files_with_what_they_include(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old").write_text(BASE, encoding="utf-8")
    (tmp_path / "new").write_text("include rest\n", encoding="utf-8")
    (tmp_path / "rest").write_text(BASE, encoding="utf-8")

    assert main(["pmta", "diff", "old", "new"]) == 0
    assert capsys.readouterr().out == "Nothing that counts is different.\n"

    (tmp_path / "rest").write_text(BASE.replace(" require-auth yes\n", ""), encoding="utf-8")
    assert main(["pmta", "diff", "old", "new"]) == 1
    assert "OPENS       <source 0.0.0.0/0> may relay without a login  (rest:10)" in capsys.readouterr().out
    main(["pmta", "diff", "old", "new", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["opens"] is True
    assert main(["pmta", "diff", "old"]) == 2
    assert main(["pmta", "diff"]) == 2


def test_a_changed_secret_is_said_and_never_shown():
    (one,) = (
        one
        for one in found(
            "<domain x>\nauth-password b9Zq7Wx9\n</domain>\n", "<domain x>\nauth-password a9Zq7Wx9\n</domain>\n"
        ).changes
    )
    assert (one.kind, one.old, one.new) == ("queue", "********", "********")

    shown = []
    for paste, secret in list(some())[1::5]:
        text = f"<domain x.com>\n{paste}\n</domain>\n<virtual-mta m>\n{paste}\n</virtual-mta>\n{paste}\n"
        made = compared(Side(text, ALONE, Mask(text)), Side(BASE, ALONE, Mask(BASE)))
        told = "\n".join(listing(made)) + json.dumps(made.to_json(), ensure_ascii=False)
        shown += [paste] if shown_of(secret, told) else []
    assert shown == []
