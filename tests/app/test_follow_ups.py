"""What is written below an answer, and what it means there: one row each. English and Spanish."""

import json
import re
from dataclasses import asdict, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.conversation.below.follow_up_readings import SHOWS
from bot.slack.conversation.below.follow_ups import follow_up
from bot.slack.conversation.sentence.phrases import NAMED
from bot.slack.conversation.sentence.references import referred
from bot.slack.conversation.sentence.understood import Understood
from bot.slack.conversation.sentence.which_host import in_full
from bot.slack.conversation.threads import KEPT, LATELY, Threads, beside, going_on, subject_of
from bot.slack.conversation.understanding.subjects import of_order
from bot.slack.conversation.understanding.understanding import understand
from commands.contract import Subject
from commands.smtpport.catalogue.lookup import networks, providers
from commands.smtpport.question.reader import read
from storage.history import OPERATOR
from tests.every import every

from .stage import content
from .test_conversation import CHECK, answers, written

HOST = "mail.example.com"
CHECKED = Subject("smtpcheck", (HOST,), (25, 587), entry="e1")
ADVISED = Subject("smtpport", ("smtp.gmail.com",), entry="e2", provider="gmail", network="hetzner")
VALIDATED = Subject("pmta", entry="e3")

BELOW_A_CHECK = {
    **dict.fromkeys(("and 465?", "465", "y 465?", "what about port 465", "puerto 465", "check 465"), f"{HOST} 465"),
    **dict.fromkeys(("25 and 465", "25, 465", "25/465", "ports 25 465", "25 y 465"), f"{HOST} 25 465"),
    **dict.fromkeys(
        ("again", "Again!", "check again", "once more", "recheck", "otra vez", "de nuevo", "run it again"),
        f"{HOST} 25 587 again",
    ),
    **dict.fromkeys(("from mta-03", "and from mta-03?", "desde mta-03"), f"{HOST} 25 587 from mta-03"),
    **dict.fromkeys(("from fra-1 and mta-03", "y desde fra-1, mta-03?", "same from all"), f"{HOST} 25 587 from all"),
    **dict.fromkeys(("same from mta-03", "lo mismo desde mta-03"), f"{HOST} 25 587 from mta-03"),
    **dict.fromkeys(("is it back?", "back up yet?", "is it up again?", "still down?"), f"{HOST} 25 587"),
    **dict.fromkeys(("deeper", "deep", "a fondo"), f"{HOST} 25 587 deep"),
    **dict.fromkeys(("check it", "revísalo", "test it again", "check the host"), f"{HOST} 25 587"),
    **dict.fromkeys(
        ("which port should I use?", "¿qué puerto?", "is it up now?", "does it still answer?", "¿sigue caído?"),
        f"{HOST} 25 587",  # which port: its check knows, where the guide knows nothing of the host
    ),
    **dict.fromkeys(
        (
            "so is that one healthy?",
            "is that one ok then?",
            "so it is fine?",
            "¿y entonces está bien ese?",
            "¿y ese está sano?",
        ),
        f"{HOST} 25 587",
    ),
    "why is 465 closed?": f"{HOST} 465",
    **dict.fromkeys(("is 465 ok at least?", "is 465 ok?", "is port 465 open now?", "¿funciona el 465?"), f"{HOST} 465"),
    **dict.fromkeys(
        (
            *("is port 25 open on it?", "is 25 open there?", "does 25 work on it", "can I use 25 on it?", "and on 25?"),
            *("¿está abierto el puerto 25?", "¿tiene abierto el 25?", "¿y en el 25?", "¿puedo usar el 25?"),
        ),
        f"{HOST} 25",
    ),
    **dict.fromkeys(("how is it now?", "and it?", "are they still down?", "which one is down?"), f"{HOST} 25 587"),
    **dict.fromkeys(("what about its MX?", "¿y su MX?", "and the mx records?"), "example.com 25"),
    **dict.fromkeys(("from here too?", "¿desde aquí también?"), f"{HOST} 25 587 from local"),
    **dict.fromkeys(("from there too?", "desde allí"), f"{HOST} 25 587 from"),
    "from mta-03 too": f"{HOST} 25 587 from mta-03",
    "and mx.example.org?": "mx.example.org 25 587",
    "and mx.example.org 465": "mx.example.org 465",
    "what about <http://mx.example.org|mx.example.org>": "mx.example.org 25 587",
}
BELOW_A_CHECK["test it again"] = f"{HOST} 25 587 again"
OTHERS = {
    "watch it": ("smtpwatch", f"add {HOST} 25 587"),
    "vigílalo": ("smtpwatch", f"add {HOST} 25 587"),
    "watch it every 5m notify <@U12345678|ana>": ("smtpwatch", f"add {HOST} 25 587 every 5m notify @U12345678"),
    "history": ("smtphistory", HOST),
    "when did you last check?": ("smtphistory", HOST),
    "¿cuándo fue la última comprobación?": ("smtphistory", HOST),
    "who muted it?": ("portero", f"log mutes {HOST}"),
    "¿quién lo ha cambiado?": ("portero", f"log {HOST}"),
    "is it only this host?": ("smtpwatch", "list down"),
    "compare with yesterday": ("smtphistory", f"compare {HOST} yesterday today"),
    "watch it and tell me": ("smtpwatch", f"add {HOST} 25 587"),
    "who is watching it?": ("smtpwatch", f"show {HOST}"),
    "historial": ("smtphistory", HOST),
    "what changed?": ("smtphistory", f"changes {HOST}"),
    "since when?": ("smtphistory", f"since when {HOST}"),
    "who checked it?": ("smtphistory", f"who asked {HOST}"),
    "how long has it been down?": ("smtphistory", f"since when {HOST}"),
    "how long was it down?": ("smtphistory", f"since when {HOST}"),
    "when did it break": ("smtphistory", f"since when {HOST}"),
    "who acked?": ("smtpwatch", f"incidents {HOST}"),
    "who is on it?": ("smtpwatch", f"incidents {HOST}"),
    "¿quién lo lleva?": ("smtpwatch", f"incidents {HOST}"),
    "postmortem": ("smtpwatch", f"incidents {HOST}"),
    "¿desde cuándo?": ("smtphistory", f"since when {HOST}"),
    "what else is down?": ("smtpwatch", "list down"),
    "who else is affected?": ("smtpwatch", "list down"),
    "y desde cuándo?": ("smtphistory", f"since when {HOST}"),
    "and what changed?": ("smtphistory", f"changes {HOST}"),
    "mute it 2h maintenance": ("smtpwatch", f"mute {HOST} 2h maintenance"),
    "delete it": ("smtpwatch", f"delete {HOST}"),
    "silencia 1h": ("smtpwatch", f"mute {HOST} 1h"),
    "bórralo": ("smtpwatch", f"delete {HOST}"),
    "delete the host": ("smtpwatch", f"delete {HOST}"),
    "ack": ("smtpwatch", f"ack {HOST}"),
    "snooze 2h": ("smtpwatch", f"snooze {HOST} 2h"),
}
BELOW_ADVICE = {
    "and 465?": "gmail from hetzner 465",
    "from aws": "gmail from aws",
    "again": "gmail from hetzner",
    "which port?": "which port for gmail from hetzner",
    "and for sendgrid?": "sendgrid from hetzner",
    "y para sendgrid desde aws": "sendgrid desde aws",
    "and mailgun?": "mailgun from hetzner",
    "what about amazon ses?": "amazon ses from hetzner",
    "y mailjet desde aws": "mailjet desde aws",
}
WHY = (
    *("why is it down?", "Why is 25 not working?", "why doesn't it answer", "why does port 587 fail?", "but why?"),
    *("¿por qué no funciona?", "porque no funciona el 25?", "por qué el 25 no responde", "y por qué?", "por que no va"),
)
SHOWN = {
    "show me the error": "details",
    "¿qué error da?": "details",
    "why?": "why",
    "¿Por qué?": "why",
    "what is wrong?": "why",
    "details": "details",
    "sources": "sources",
}
ALONE = (
    "from which servers do you check?",
    "¿desde dónde compruebas?",
    "check mail.other.example",
    "mail.other.example",
    "mail.other.example 465",
    "help",
    "thanks",
    "the server was replaced",
    "history of mx.example.org",
    "",
)


@every(BELOW_A_CHECK.items())
def test_below_a_check_it_checks(text, typed):
    assert follow_up(text, CHECKED) == Understood("smtpcheck", typed, ordered=True)


def test_the_place_stays_unless_another_is_named():
    there = replace(CHECKED, place="mta-03")
    assert follow_up("and 465?", there).text == f"{HOST} 465 from mta-03"
    assert follow_up("from local", there).text == f"{HOST} 25 587 from local"


def test_below_an_alert_an_order_is_about_the_watch_that_alerted():
    alerted = replace(CHECKED, watch="w-7k3fq")
    for text, typed in {"mute 1h": "mute w-7k3fq 1h", "run": "run w-7k3fq", "run it": "run w-7k3fq"}.items():
        assert follow_up(text, alerted) == Understood("smtpwatch", typed, ordered=True)
    for text in ("what's the status?", "any news?", "estado"):
        assert follow_up(text, alerted) == Understood("smtpwatch", "show w-7k3fq", ordered=True)
        assert follow_up(text, CHECKED) is None
    assert follow_up("run", CHECKED).text == f"{HOST} 25 587 again"
    both = replace(CHECKED, watch="w-7k3fq w-9m2pd")
    for text, typed in {
        "mute it 1h": "mute w-7k3fq w-9m2pd 1h",
        "unmute": "unmute w-7k3fq w-9m2pd",
        "ack": "ack w-7k3fq",
        "run": "run w-7k3fq w-9m2pd",
    }.items():
        assert follow_up(text, both).text == typed


def test_below_a_config_a_queue_is_asked_for():
    for text in ("what applies to gmail.com/mta1?", "and for gmail.com/mta1", "¿qué se aplica a gmail.com/mta1?"):
        meant = Understood("pmta", ordered=True, action="applies", value="e3 gmail.com/mta1")
        assert follow_up(text, VALIDATED) == meant
    assert follow_up("and for sendgrid?", VALIDATED) is None
    assert follow_up("what applies to gmail.com?", CHECKED) is None


@pytest.mark.parametrize(
    "text", ["delete everything", "delete my history", "remove all", "pause everything", "mute all 2h"]
)
def test_an_order_about_more_than_the_host_is_none_about_the_host(text):
    assert follow_up(text, CHECKED) is None


def test_why_a_host_fails_is_asked_of_the_check_that_is_about_it_alone():
    why = Understood("smtpcheck", ordered=True, action="why", value="e1")
    both = replace(CHECKED, targets=(HOST, "mx2.example.com"), ports=())
    for text in ("why does {} fail?", "why is {} down", "por que falla {}?", "¿Por qué {} no responde?", "why {}?"):
        assert follow_up(text.format(HOST), CHECKED) == why
        assert follow_up(text.format("mx2.example.com"), both).text == "mx2.example.com"


IN_FULL = (
    ("por que falla mx2?", "por que falla mx2.example.com?"),
    ("check mail 587", "check mail.example.com 587"),
    ("now pool from mta-03", "now pool.example.com from mta-03"),
    ("and from mx2", "and from mx2"),
    ("is our mail ok?", "is our mail ok?"),
    ("send a test mail", "send a test mail"),
    ("does it accept mail from us?", "does it accept mail from us?"),
    ("why is mail down?", "why is mail.example.com down?"),
    ("¿funciona mail?", "¿funciona mail.example.com?"),
    ("check mx2.other.example", "check mx2.other.example"),
    ("ask ana@mx2", "ask ana@mx2"),
)


@every(IN_FULL)
def test_a_host_is_known_by_its_first_label_below_an_answer(text, meant):
    assert in_full(text, (HOST, "mx2.example.com"), guess=True) == meant


@every([("mail.example.co.uk", "mx3.example.co.uk"), ("example.com", "mx3.example.com"), ("192.0.2.1", "mx3")])
def test_one_that_was_not_named_is_looked_for_in_the_domain_of_the_first(target, meant):
    assert in_full("mx3", (target,), guess=True) == meant
    assert in_full("mx3", (target,)) == "mx3"


@given(st.text(max_size=250), st.lists(st.text(max_size=30), max_size=3))
def test_whatever_is_written_is_only_lengthened(text, targets):
    assert len(in_full(text, targets, guess=True)) >= len(text)


@every(OTHERS.items())
def test_below_a_check_it_asks_something_else_of_the_host(text, meant):
    found = follow_up(text, CHECKED)
    assert (found.command, found.text) == meant


@pytest.mark.parametrize(("text", "typed"), BELOW_ADVICE.items())
def test_below_advice_it_asks_for_advice(text, typed):
    assert follow_up(text, ADVISED) == Understood("smtpport", typed, ordered=True)


def test_what_is_asked_of_a_provider_from_a_network_is_read_as_it_was_meant():
    for provider in providers():
        network = sorted(networks())[hash(provider) % len(networks())]
        found = follow_up("and 465?", Subject("smtpport", provider=provider, network=network))
        question = read(found.text)
        assert (question.provider, question.network, question.port) == (provider, network, 465), found.text


@every(WHY)
def test_why_a_host_or_its_port_does_not_work_is_asked_of_its_check(text):
    assert follow_up(text, CHECKED) == Understood("smtpcheck", ordered=True, action="why", value="e1")


@pytest.mark.parametrize("subject", [CHECKED, ADVISED, VALIDATED])
@pytest.mark.parametrize(("text", "asks"), SHOWN.items())
def test_what_a_button_shows_is_shown_for_the_word(text, asks, subject):
    found = follow_up(text, subject)
    action = SHOWS.get((subject.command, asks))
    assert found == (Understood(subject.command, ordered=True, action=action, value=subject.entry) if action else None)


def test_without_a_result_that_was_kept_the_last_one_of_the_host_tells_why():
    why = Understood("smtpcheck", ordered=True, action="why", value=HOST)
    for text in ("why?", "¿por qué?", "what's wrong with it?", "¿qué le pasa?"):
        for command in ("smtpcheck", "smtphistory", "smtpwatch"):
            assert follow_up(text, Subject(command, (HOST,))) == why
        assert follow_up(text, Subject("smtpcheck", ("network",))) is None
        assert follow_up(text, Subject("smtpport", (HOST,))) is None


ASPECTS = {
    "certificate": (
        *(
            "is the cert ok?",
            "is it still expired?",
            "when does it expire?",
            "is the certificate still valid?",
            "cert?",
        ),
        *(
            "how long is the cert valid?",
            "has it been renewed?",
            "how many days left on the certificate?",
            "certificate",
        ),
        *(
            "¿sigue caducado?",
            "¿cuándo caduca?",
            "¿está bien el certificado?",
            "¿y el certificado?",
            "¿ya se ha renovado?",
        ),
    ),
    "tls": (
        *("which of them has no TLS?", "does it offer STARTTLS?", "what TLS version?", "and TLS?", "which lacks TLS?"),
        *("¿cuál no tiene TLS?", "¿tiene TLS?", "¿qué versión de TLS?".replace("versión", "version")),
    ),
    "login": ("does it offer a login?", "which logins does it take?", "¿tiene autenticación?"),
}


@every([(name, text) for name, texts in ASPECTS.items() for text in texts])
def test_one_thing_of_a_check_is_asked_of_all_its_hosts(name, text):
    both = replace(CHECKED, targets=(HOST, "mx2.example.com"))
    for subject in (CHECKED, both):
        meant = f"{name} {' '.join(subject.targets)} 25 587"
        assert follow_up(text, subject) == Understood("smtpcheck", ordered=True, action="aspect", value=meant)


BOTH = replace(CHECKED, targets=(HOST, "mx2.example.com"), entry="", earlier=("mx9.example.com",))
AFTER = replace(CHECKED, earlier=("mx9.example.com",))
REFERRED = (
    ("check both", BOTH, (HOST, "mx2.example.com")),
    ("check both of them again", BOTH, (HOST, "mx2.example.com")),
    ("revisa los dos", BOTH, (HOST, "mx2.example.com")),
    ("what's wrong with the second one?", BOTH, ("mx2.example.com",)),
    ("is the second down?", BOTH, ("mx2.example.com",)),
    ("¿qué le pasa al segundo?", BOTH, ("mx2.example.com",)),
    ("and the first one?", BOTH, (HOST,)),
    ("the last one?", BOTH, ("mx2.example.com",)),
    ("the other one?", AFTER, ("mx9.example.com",)),
    ("¿y el otro?", AFTER, ("mx9.example.com",)),
    ("the one before", AFTER, ("mx9.example.com",)),
    ("check both", AFTER, ("mx9.example.com", HOST)),
)


@every(REFERRED)
def test_words_for_some_of_the_hosts_that_were_spoken_of_mean_them(text, subject, hosts):
    found = referred(text, subject)
    assert found.subject.targets == hosts
    assert found.subject.ports == subject.ports
    assert follow_up(found.of_it, found.subject) is not None


@every(
    ["check it", "the first time it was down", "both", "the second MX", "what other hosts are down?", "the last check"]
)
def test_what_refers_to_nobody_among_several_is_left_as_it_is(text):
    assert referred(text, CHECKED) is None
    assert text == "both" or referred(text, BOTH) is None


def test_two_hosts_are_compared_below_their_answer():
    for text in ("compare them", "compáralos", "what is the difference?", "¿en qué se diferencian?"):
        assert follow_up(text, BOTH).text == f"compare {HOST} mx2.example.com 25 587"
    assert follow_up("compare it with mx9.example.com", CHECKED).text == f"compare {HOST} mx9.example.com 25 587"
    found = referred("compare it with the other one", AFTER)
    assert found.is_joined
    assert follow_up(found.in_full, AFTER).text == f"compare {HOST} mx9.example.com 25 587"


def test_a_thread_remembers_the_hosts_and_the_place_before():
    first = going_on(Subject("smtpcheck", ("a.example",), place="mta-03"), None)
    second = going_on(Subject("smtpcheck", ("b.example",)), first)
    third = going_on(Subject("smtpcheck", ("c.example", "a.example")), second)
    assert (second.earlier, second.there) == (("a.example",), "mta-03")
    assert (third.earlier, third.there) == (("b.example",), "mta-03")
    assert follow_up("from there too?", third).text == "c.example a.example from mta-03"
    assert subject_of(asdict(third)) == third


@pytest.mark.parametrize("text", ALONE)
def test_what_stands_for_itself_is_no_follow_up(text):
    assert follow_up(text, CHECKED) is None


@given(st.text(max_size=250), st.sampled_from([CHECKED, ADVISED, VALIDATED, Subject("smtphistory")]))
@example("1" * 199 + "x", CHECKED)
@example("and " * 50, CHECKED)
@example("1 and " * 40, CHECKED)
@example("is the ok " * 19 + "tls x", CHECKED)
@example("cert " * 38 + "x", CHECKED)
def test_any_text_is_a_follow_up_or_not_and_none_raises(text, subject):
    found = follow_up(text, subject)
    assert found is None or found.command in NAMED


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (f"{HOST} 25 from mta-03", Subject("smtpcheck", (HOST,), (25,), "mta-03")),
        (f"check {HOST}", Subject("smtpcheck", (HOST,))),
        (f"history of {HOST}", Subject("smtphistory", (HOST,))),
        (f"watch {HOST} every 5m", Subject("smtpwatch", (HOST,))),
        ("check 99999999", None),
        ("help", None),
        ("what failed", None),
    ],
)
def test_what_an_order_is_about(text, subject):
    assert of_order(understand(text)) == subject


@pytest.mark.parametrize(
    "document",
    [{}, {"command": 1}, {"command": "smtpcheck", "targets": "x"}, {"command": "smtpcheck", "place": []}, {"at": "x"}],
)
def test_a_note_of_another_shape_is_no_subject(document):
    assert subject_of(document) is None


async def test_a_thread_is_known_for_a_month_and_what_stands_in_none_for_an_hour(services):
    clock = services.now()
    now = [clock]
    threads = Threads(services.watches, lambda: "T1", lambda: now[0])
    await threads.keep("D1", ["1.000001", beside("ana")], CHECKED)
    assert [await threads.about("D1", one) for one in ("1.000001", beside("ana"))] == [CHECKED, CHECKED]
    assert await threads.about("D2", "1.000001") is None
    now[0] = clock + LATELY * 1.01
    assert [await threads.about("D1", one) for one in ("1.000001", beside("ana"))] == [CHECKED, None]
    assert await threads.tidy() == 0
    now[0] = clock + KEPT * 1.01
    assert await threads.about("D1", "1.000001") is None
    assert await threads.tidy() == 2
    assert await services.watches.notes("thread:") == {}


async def test_what_somebody_writes_beside_the_thread_goes_on_with_the_last_answer_to_them(stage):
    await written(stage, "@portero check mail.lab.example 587")
    await written(stage, "@portero and 465?", user="bruno")
    await written(stage, "@portero and 465?")
    _, of_another, mine = answers(stage)
    assert "mail.lab.example" not in content(of_another)
    assert "*mail.lab.example* works. Use port 465" in mine.text


async def test_a_thread_of_a_check_goes_on(stage, ws):
    asked = await written(stage, f"@portero {CHECK}")
    await written(stage, "@portero and 465?", thread_ts=asked.ts, user="bruno")
    await written(stage, "@portero why?", thread_ts=asked.ts)
    _, second, reasons = answers(stage)
    assert "465" in second.text
    assert not re.search(r"\b587\b", content(second)), "and not by chance within an id"
    assert {second.thread_ts, reasons.thread_ts} == {asked.ts}
    assert reasons.text.startswith("*Why*\n")
    assert "reverse DNS" in reasons.text  # whoever does not see the blocks reads the reasons, too


@pytest.mark.parametrize(
    ("order", "watched"),
    [
        ("check mail.lab.example", "mail ports that answer"),
        ("check mail.lab.example 465 587", "465 587"),
        ("check mail.lab.example 25 465 587 2525", "25 465 587 2525"),
    ],
)
async def test_a_watch_below_a_check_is_on_the_ports_that_somebody_named(stage, ws, order, watched):
    """Those of any check need not answer: a watch that names them would alert about what never did."""
    asked = await written(stage, f"@portero {order}")
    await written(stage, "@portero again", thread_ts=asked.ts)
    await written(stage, "@portero watch it", thread_ts=asked.ts)
    [row] = await stage.services.watches.visible_to(OPERATOR)
    named = () if "answer" in watched else tuple(map(int, watched.split()))
    assert tuple(row.document["ports"]) == named
    assert "watched" in content(answers(stage)[-1]).lower()


EVERY = replace(CHECKED, ports=(25, 465, 587, 2525), every=True)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("watch it", f"add {HOST}"),
        ("watch it every 5m", f"add {HOST} every 5m"),
        ("again", f"{HOST} again"),
        ("from mta-03", f"{HOST} from mta-03"),
        ("and 465?", f"{HOST} 465"),
        ("and mx.example.org?", "mx.example.org"),
    ],
)
def test_the_usual_ports_of_a_check_are_named_by_nobody_that_goes_on_from_it(text, order):
    found = follow_up(text, EVERY)
    assert found is not None
    assert found.text == order


def test_what_is_kept_of_a_thread_keeps_who_named_its_ports():
    assert subject_of(asdict(EVERY)) == EVERY
    assert going_on(Subject("smtpport"), EVERY).every
    assert not going_on(Subject("smtpport", ports=(587,)), EVERY).every


async def test_a_thread_keeps_its_host_below_an_answer_that_names_none(stage, ws):
    asked = await written(stage, "@portero check mail.lab.example 587")
    for text in ("which port for printers", "y 465?", "what changed?"):
        await written(stage, f"@portero {text}", thread_ts=asked.ts)
    _, advice, second, changes = answers(stage)
    assert "mail.lab.example" not in content(advice)
    assert "port 465" in second.text
    assert "mail.lab.example: what changed" in changes.text


async def test_direct_messages_go_on_from_the_last_answer(stage, ws):
    dm = ws.dm("ana")
    await written(stage, "mail.lab.example 587", dm)
    await written(stage, "and 465?", dm)
    await written(stage, "details", dm)
    _, second, details = answers(stage, dm)
    assert "port 465" in second.text
    assert "mail.lab.example" in details.text
    assert "EHLO" in content(details)


async def test_a_thread_below_an_answer_to_a_command_goes_on(stage, ws):
    await stage.type("/smtpcheck mail.lab.example 587 here")
    shown = answers(stage)[-1]
    await written(stage, "@portero and 465?", thread_ts=shown.ts)
    assert answers(stage)[-1].thread_ts == shown.ts
    assert "port 465" in answers(stage)[-1].text


async def test_what_was_refused_can_be_asked_again(stage, ws, monkeypatch):
    asked = await written(stage, "@portero check gone.lab.example 587")
    await written(stage, "@portero again", thread_ts=asked.ts)
    assert "gone.lab.example" in answers(stage)[-1].text


async def test_what_is_kept_of_a_thread_is_codes(stage, ws):
    asked = await written(stage, f"@portero {CHECK}")
    there = f"thread:{ws.state.team}:{ws.channel('mailops').id}:"
    kept = await stage.services.watches.notes("thread:")
    note, aside = kept.pop(f"{there}{asked.ts}"), kept.pop(f"{there}{beside(ws.user('ana').id)}")
    assert (kept, aside.pop("user")) == ({}, ws.user("ana").id)
    assert aside | {"at": note["at"]} == note
    assert re.fullmatch(r"[0-9a-f]{28}", note.pop("entry"))
    assert json.loads(json.dumps(note)) | {"at": ""} == {
        "command": "smtpcheck",
        "targets": ["mail.lab.example"],
        "ports": [25, 587],
        "place": "",
        "provider": "",
        "network": "",
        "watch": "",
        "every": False,
        "earlier": [],
        "there": "",
        "at": "",
    }


def test_a_mere_ack_in_no_thread_is_of_what_is_down():
    assert follow_up("ack", CHECKED, aside=True) is None
    assert follow_up("ack it", CHECKED, aside=True) == Understood("smtpwatch", f"ack {HOST}", ordered=True)


def test_which_port_below_a_check_of_a_provider_is_for_the_guide():
    below = Subject("smtpcheck", ("smtp.gmail.com",), (587,))
    assert follow_up("which port?", below) == Understood("smtpport", "which port for smtp.gmail.com", ordered=True)


def test_the_word_that_stands_for_a_host_in_manuals_is_not_the_host_before_it():
    assert follow_up("check HOST", CHECKED) is None
    assert understand("check HOST").text == ""


async def test_what_applies_to_a_queue_is_told_below_its_config(stage, ws):
    dm = ws.dm("ana")
    await written(stage, "<domain gmail.com>\n  max-smtp-out 5\n</domain>", dm)
    await written(stage, "and for gmail.com?", dm)
    told = content(answers(stage, dm)[-1])
    assert "What applies" in told
    assert "max-smtp-out" in told
    asked = await written(stage, "@portero <domain gmail.com>\n  max-smtp-out 5\n</domain>")
    await written(stage, "@portero what applies to gmail.com?", user="bruno", thread_ts=asked.ts)
    assert "for whoever sent it" in answers(stage)[-1].text  # not that it is gone
