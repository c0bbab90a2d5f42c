"""`portero pmta show`: which value holds for a queue, what it beats, and where the guide does not say."""

import json

import pytest

from bot.cli import main
from commands.contract import UserError
from commands.pmta.configuration.origin import ALONE
from commands.pmta.language.config import Config
from commands.pmta.masking import Mask
from commands.pmta.queues.answer import answered
from commands.pmta.queues.model import Stanzas
from commands.pmta.queues.questions import USAGE, asked
from commands.pmta.queues.wording import Words, document, lines
from tests.every import every
from tests.pmta.secret_pastes import shown_of, some

CONFIG = """\
domain-macro gmail gmail.com, googlemail.com
domain-macro tld com, fr
domain-macro all $gmail, yahoo.$tld
<domain *>
 max-smtp-out 20
 retry-after 10m
</domain>
<domain $all>
 max-smtp-out 6
 bounce-after 2d
</domain>
<domain gmail.com>
 max-smtp-out 50
</domain>
<domain [*.]orange.fr>
 max-smtp-out 2
</domain>
<domain *.mail.orange.fr>
 max-smtp-out 3
</domain>
<domain free.fr>
 queue-to slow.queue
</domain>
<domain slow.queue>
 max-smtp-out 1
</domain>
<virtual-mta-pool p>
 virtual-mta a
 <domain gmail.com>
  max-smtp-out 5
 </domain>
</virtual-mta-pool>
<virtual-mta a>
 smtp-source-host 192.0.2.1 a.example.com
 <domain *>
  max-smtp-out 4
  bounce-after 1d
 </domain>
</virtual-mta>
<virtual-mta b>
 <domain yahoo.com>
  max-smtp-out 7
  max-smtp-out 8
 </domain>
</virtual-mta>
<mx-rollup-list>
 mx *.l.google.com google.rollup
</mx-rollup-list>
<domain google.rollup>
 max-smtp-out 9
</domain>
"""


def told(queue, text=CONFIG, mx=""):
    stanzas = Stanzas(Config(text))
    return document(answered(stanzas, asked(queue, stanzas), mx), Words(text, ALONE, Mask(text)))


def value(queue, name, **more):
    """What holds; what may hold, where that is not documented; and what is beaten."""
    (one,) = (one for one in told(queue, **more)["settings"] if one["name"] == name)
    held = [candidate["value"] for candidate in one.get("candidates", [one])]
    return held if not one["certain"] else held[0], [beaten["value"] for beaten in one["beats"]]


@every(
    [
        ("gmail.com", "max-smtp-out", "50", ["20", "6"]),  # listed itself, not by a macro
        ("googlemail.com", "max-smtp-out", "6", ["20"]),
        ("yahoo.fr", "max-smtp-out", "6", ["20"]),  # macros in macros
        ("orange.fr", "max-smtp-out", "2", ["20"]),
        ("x.orange.fr", "max-smtp-out", "2", ["20"]),
        ("x.mail.orange.fr", "max-smtp-out", "3", ["20", "2"]),
        ("mail.orange.fr", "max-smtp-out", "2", ["20"]),  # *. is for what stands below
        ("notorange.fr", "max-smtp-out", "20", []),
        ("gmail.com/p", "max-smtp-out", "5", ["20", "6", "50"]),
        ("gmail.com/a", "max-smtp-out", ["4", "5"], ["20", "6", "50"]),  # * in the VirtualMTA, gmail.com in its pool
        ("gmail.com/a", "retry-after", "10m", []),
        ("gmail.com/a", "bounce-after", ["1d", "2d"], []),
        ("example.org/a", "max-smtp-out", "4", ["20"]),
        ("yahoo.com/b", "max-smtp-out", ["7", "8"], ["20", "6"]),  # said twice in one stanza
        ("a", "max-smtp-out", "4", ["20"]),
        ("A", "smtp-source-host", "192.0.2.1 a.example.com", []),
    ]
)
def test_the_value_that_holds_and_those_that_it_beats(queue, name, held, beats):
    found, beaten = value(queue, name)
    assert (found, sorted(beaten)) == (held, sorted(beats))


STRANGE = """\
<domain bücher.de>
 max-smtp-out 3
 route 192.0.2.5
</domain>
<domain xn--bcher-kva.de>
 smtp-hosts 192.0.2.6
</domain>
<domain *>
 route 192.0.2.9
</domain>
<domain [10/8]>
 max-smtp-out 4
</domain>
<domain [10.1/16]>
 max-smtp-out 5
</domain>
<virtual-mta-pool p>
 virtual-mta x
 cold-virtual-mta y
</virtual-mta-pool>
<virtual-mta-pool q>
 virtual-mta z
 cold-virtual-mta x
 cold-virtual-mta y
</virtual-mta-pool>
<virtual-mta-pool r>
 virtual-mta z
 cold-virtual-mta y
</virtual-mta-pool>
<virtual-mta x>
 cold-virtual-mta z
 host-name x1
</virtual-mta>
<virtual-mta y>
 smtp-source-host 192.0.2.1 y1
</virtual-mta>
<virtual-mta Y>
 smtp-source-host 192.0.2.2 y2
</virtual-mta>
<virtual-mta z>
</virtual-mta>
<mx-rollup-list>
 mx *.google.com one.rollup
 mx aspmx.l.google.com two.rollup
</mx-rollup-list>
"""


@pytest.mark.parametrize(
    ("queue", "name", "held", "beats"),
    [
        ("xn--bcher-kva.de", "max-smtp-out", "3", []),  # a name beyond ASCII is the same in both notations
        ("BÜCHER.de", "smtp-hosts", ["192.0.2.6", "192.0.2.5"], ["192.0.2.9"]),  # route is its old name
        ("x.org", "route", "192.0.2.9", []),
        ("[10.9.0.1]", "max-smtp-out", "4", []),
        ("[10.1.2.3]/x", "max-smtp-out", "5", ["4"]),
        ("[10.1/16]", "max-smtp-out", "5", ["4"]),
        ("x", "cold-virtual-mta", "z", ["y"]),  # its own beats that of its pool
        ("z", "cold-virtual-mta", ["x", "y", "y"], []),  # two pools
        ("y", "smtp-source-host", ["192.0.2.1 y1", "192.0.2.2 y2"], []),  # whether y and Y are one is not documented
    ],
)
def test_domains_pools_and_names_in_other_notations(queue, name, held, beats):
    assert value(queue, name, text=STRANGE) == (held, beats)


def test_two_rollups_that_fit_one_mx_host_are_both_named_and_none_is_followed():
    found = told("example.org", STRANGE, mx="aspmx.l.google.com")
    assert (len(found["rollups"]), found["goes_to"]) == (2, [])
    assert [one["queue"] for one in told("example.org", STRANGE, mx="x.google.com")["goes_to"]] == [
        {"domain": "one.rollup", "vmta": None}
    ]


def test_mail_that_goes_on_to_another_queue_is_followed_and_a_circle_is_named():
    found = told("free.fr/a")
    assert [one["queue"]["domain"] for one in found["goes_to"]] == ["slow.queue"]
    assert found["goes_to"][0]["by"]["value"] == "slow.queue"

    text = "<domain a.com>\nqueue-to b.queue\n</domain>\n<domain b.queue>\nqueue-to a.com\n</domain>\n"
    stanzas = Stanzas(Config(text))
    said = lines(answered(stanzas, asked("a.com", stanzas)), Words(text, ALONE, Mask(text)))
    assert said[-1].startswith("queue-to leads in a circle")


def test_a_rollup_is_named_and_followed_for_an_mx_host_that_it_fits():
    assert [one["queue"] for one in told("example.org/b")["rollups"]] == ["google.rollup"]
    assert told("example.org/b")["goes_to"] == []
    (rolled,) = told("example.org/b", mx="aspmx.l.google.com.")["goes_to"]
    assert [one["value"] for one in rolled["settings"] if one["name"] == "max-smtp-out"] == ["9"]
    assert told("example.org/b", mx="mx.example.org")["rollups"] == []
    off = CONFIG + "<domain example.org>\ndisable-mx-rollup yes\n</domain>\n"
    assert told("example.org/b", off)["rollups"] == []


@pytest.mark.parametrize(
    "text", ["domain-macro a $b\ndomain-macro b $a\n<domain $a>\n</domain>", "<domain $no>\n</domain>"]
)
def test_macros_that_lead_nowhere_end(text):
    assert told("example.org", text)["settings"] == []


def test_macros_in_macros_are_bounded():
    listed = ", ".join(f"d{number}" for number in range(200))
    text = "\n".join([f"domain-macro m0 {listed}", *(f"domain-macro m{n} $m{n - 1}.$m0" for n in range(1, 9))])
    assert told("d1.d1", f"{text}\n<domain $m8>\nmax-smtp-out 1\n</domain>\n")["settings"] == []


@pytest.mark.parametrize(
    ("queue", "hint"),
    [
        ("gmail.com/aa1", "There are: a, b, p"),
        ("gmail.com/", USAGE),
        ("", USAGE),
        ("a/b/c", USAGE),
        ("mta", "There are: a, b, p"),
    ],
)
def test_what_is_no_queue_gets_what_to_type_instead(queue, hint):
    with pytest.raises(UserError) as caught:
        told(queue)
    assert caught.value.hint == hint


def test_files_are_put_together_and_every_place_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").write_text("<domain *>\n max-smtp-out 20\n</domain>\ninclude v.conf\n", encoding="utf-8")
    (tmp_path / "v.conf").write_text("<virtual-mta mta1>\n<domain x.com>\nmax-smtp-out 2\n</domain>\n</virtual-mta>\n")

    assert main(["pmta", "show", "x.com/mta1", "config"]) == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "x.com/mta1: 1 setting.",
        "  max-smtp-out  2  (v.conf:3, <domain x.com> in <virtual-mta mta1>)",
        "                  beats 20  (config:2, <domain *>)",
    ]
    assert main(["pmta", "show", "x.com/mta1", "--mx", "mx.example.org", "config", "--format", "text", "v.conf"]) == 0
    assert capsys.readouterr().out.startswith("x.com/mta1: 1 setting.")
    assert main(["pmta", "shwo", "x.com/mta1", "config"]) == 2
    assert "Did you mean portero pmta show?" in capsys.readouterr().err
    assert main(["pmta", "show", "x.com/mta11", "config"]) == 2
    assert "Did you mean mta1?" in capsys.readouterr().err
    assert main(["pmta", "show"]) == 2
    assert "examples:" in capsys.readouterr().err


def test_no_secret_is_shown_wherever_it_stands():
    shown = []
    for paste, secret in list(some())[0::5]:
        text = f"<domain x.com>\n{paste}\n</domain>\n<virtual-mta m>\n{paste}\n</virtual-mta>\n{paste}\n"
        stanzas = Stanzas(Config(text))
        words = Words(text, ALONE, Mask(text))
        answer = answered(stanzas, asked("x.com/m" if "m" in stanzas.mtas else "x.com", stanzas))
        said = json.dumps(document(answer, words), ensure_ascii=False) + "\n".join(lines(answer, words))
        shown += [paste] if shown_of(secret, said) else []
    assert shown == []


def test_a_secret_that_is_a_name_and_a_path_is_covered_in_lower_case_too(tmp_path, capsys):
    text = (
        "<smtp-user bob>\npassword TopGeheim77x\n</smtp-user>\n<domain *>\nqueue-to TopGeheim77x.queue\n</domain>\n"
        "<virtual-mta TopGeheim77x>\n</virtual-mta>\ninclude /x/TopGeheim77x/*.conf\n"
        "<domain y.org Yet99Geheim77x>\nmax-smtp-out 1\n</domain>\n<virtual-mta m Yet99Geheim77x>\n</virtual-mta>\n"
    )
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text(text, encoding="utf-8")
    new.write_text(text.replace("TopGeheim77x", "Other88Secret").replace("Yet99", "Not99"), encoding="utf-8")
    for argv in (
        ["show", "TopGeheim77x", str(old)],
        ["show", "x.org", str(old)],
        ["diff", str(old), str(new)],
        [str(old)],
    ):
        for form in ("text", "json"):
            main(["pmta", *argv, "--format", form])
            said = capsys.readouterr().out.lower()
            assert said
            assert "geheim77x" not in said
            assert "other88" not in said
