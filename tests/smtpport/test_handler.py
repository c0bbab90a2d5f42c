"""From a request to a reply, a form or an error, and what is kept."""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from commands.contract import Modal, Reply, UserError
from commands.slack_text import in_mrkdwn
from commands.smtpport import view
from commands.smtpport.catalogue import lookup
from commands.smtpport.handler import COMMAND, SHARING, ask, explain, handle, lines, open_stored, sources, why
from commands.smtpport.question import lexicon
from commands.smtpport.stored import told
from tests.smtpport.fakes import FakeServices, request, run


@pytest.fixture
def services():
    return FakeServices()


def buttons(reply):
    return {it["action_id"]: it for block in reply.blocks if block["type"] == "actions" for it in block["elements"]}


async def test_a_question_is_answered_privately_and_kept(services):
    (reply,) = await run(handle, request("sparkpost from google cloud"), services)
    assert isinstance(reply, Reply)
    assert not reply.public
    assert reply.text.startswith("Use 587 with STARTTLS for SparkPost")
    entry = services.history.entries["id1"]
    assert (entry.kind, entry.target, entry.actor, entry.verdict) == ("port", "smtp.sparkpostmail.com", "U1", "ok")
    assert json.loads(json.dumps(entry.document)) == entry.document


async def test_no_question_opens_the_form(services):
    (step,) = await run(handle, request(""), services)
    assert isinstance(step, Modal)
    assert step.form in COMMAND.forms
    assert COMMAND.wants_modal("  ")
    assert not COMMAND.wants_modal("ses")


async def test_in_a_terminal_no_question_gets_the_general_answer(services):
    (reply,) = await run(handle, request("", surface="terminal"), services)
    assert "Use 587 with STARTTLS" in reply.text
    assert "--for postfix" not in reply.text.split("More:")[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("asdf qwer", "asdf, qwer"),
        ("why", "why"),
        ("¿por qué?", "¿por qué?"),
        ("hello, help me please", "hello, help me please"),
        ("🙂", "🙂"),
        ("...", "..."),
        ("what is blocked", "what is blocked"),
        ("moosend", "moosend"),
        ("from a vps", "from a vps"),
        ("{{7*7}}", "{{7*7}}"),
    ],
)
async def test_a_text_without_a_question_is_told_so_with_examples(services, text, said):
    with pytest.raises(UserError) as error:
        await run(handle, request(text), services)
    assert error.value.message.replace("`", "") == f"I found no provider, network, port or purpose in: {said}."
    assert "`" in error.value.message
    assert "sparkpost from google cloud" in error.value.hint
    assert services.history.entries == {}


@pytest.mark.parametrize(
    ("text", "name"), [("endgrid", "sendgrid"), ("ostmark", "postmark"), ("etzner", "hetzner"), ("igitalocean", "digi")]
)
async def test_a_name_that_is_nearly_known_is_proposed(services, text, name):
    with pytest.raises(UserError) as error:
        await run(handle, request(text), services)
    assert f"Did you mean `{name}" in error.value.hint
    assert error.value.lines(text)[0].startswith(name)


async def test_what_is_repeated_of_hostile_words_is_short_and_inert(services):
    with pytest.raises(UserError) as error:
        await run(handle, request("<!channel> `" + "🙂" * 3000), services)
    assert len(error.value.message) < 200
    assert not set("<>\n") & set(in_mrkdwn(error.value.message))
    assert in_mrkdwn(error.value.message).count("`") == error.value.message.count("`")


@pytest.mark.parametrize("text", ["is 587 wobbly?", "our office wobbles when we send on 587 at night"])
async def test_an_odd_word_is_no_providers_name_by_itself(services, text):
    (reply,) = await run(handle, request(text), services)
    assert "support page" not in reply.text


async def test_an_unknown_provider_gets_the_general_answer_and_its_support_page(services):
    (reply,) = await run(handle, request("port for moosend"), services)
    assert reply.text.startswith("Try 587 with STARTTLS")
    assert "I do not know moosend: check its support page" in reply.text


@pytest.mark.parametrize(
    "question",
    [
        "587 login bob password {} fails",
        "password {} for sendgrid",
        "587 pass {} from linode",
        "auth bob:{} on 587 times out",
        "smtp://bob:{}@smtp.sendgrid.net:587 fails",
        "contraseña {} sendgrid",
        "{} is my password for ses",
        "sparkpost api key {} from google cloud",
        "587 my pasword is {} sendgrid",
        "bob:{}@smtp.sendgrid.net",
        "sendgrid Bearer {} 587",
        "p: {} u: bob sendgrid",
        "user/pass bob/{} sendgrid",
        "why does {} not work as password for ses",
        "{} hunter passphrase ses",
        'server.login("bob", "{}") sendgrid',
        "Net::SMTP.start('smtp.sendgrid.net', 587, 'bob', '{}', :login)",
        "a1 LOGIN bob {} 587",
        "sendgrid login bob {}",
        "{}\n535 5.7.8 sendgrid",
        "bob:{}.com 587",
        "bob/{}.com 465",
        "587 key={}.example.org",
        "AUTH {}.com 587",
        "my password is {}.com on mail.example.com 587",
        "la clave es {}.com puerto 587",
        "la clave del relay es {}.com puerto 587",
        "la clave nueva es {}.es puerto 465",
        "new password now {}.com 587",
        "changed the password to {}.com 587",
        "user bob with {}.com on 587",
        "bob,{}.com 465",
        "bob|{}.com 465",
        "bob;{}.com 465",
    ],
)
async def test_a_password_in_a_question_is_neither_repeated_nor_stored(services, question):
    (reply,) = await run(handle, request(question.format("zanahoria")), services)
    (entry,) = services.history.entries.values()
    said = json.dumps([reply.text, list(reply.blocks), entry.document, entry.target, entry.summary])
    assert "zanahoria" not in said.lower()


@pytest.mark.parametrize(
    "question",
    [
        "password reset mails via mail.acme.example 587",
        "token expired for mail.acme.example:587",
        "auth required by mail.acme.example 25",
        "pw wrong on mail.acme.example:465",
        "SMTP_HOST=mail.acme.example SMTP_PORT=587 SMTP_PASSWORD=xxx",
        "host:mail.acme.example 587",
        "account: mail.acme.example 587",
        "contraseña incorrecta en mail.acme.example puerto 587",
        "la clave de mail.acme.example no funciona en 465",
        "Passwort falsch bei mail.acme.example 587",
        "credentials of mail.acme.example port 587",
        "auth mail.acme.example 587",
        "smtp://mail.acme.example:587",
    ],
)
async def test_the_host_of_a_question_that_speaks_of_a_password_is_kept(services, question):
    (reply,) = await run(handle, request(question), services)
    assert "mail.acme.example" in reply.text + json.dumps(list(reply.blocks))


async def test_a_password_in_words_that_hold_no_question_is_not_repeated(services):
    with pytest.raises(UserError) as error:
        await run(handle, request("password zanahoria"), services)
    assert "zanahoria" not in error.value.message + error.value.hint


async def test_words_that_nobody_knows_are_repeated_out_of_a_plain_sentence_alone(services):
    (plain,) = await run(handle, request("sendgrid with swordfish"), services)
    assert "Not understood: swordfish." in json.dumps([plain.text, list(plain.blocks)])
    (snippet,) = await run(handle, request("sendgrid = swordfish"), services)
    assert "Not understood" not in json.dumps([snippet.text, list(snippet.blocks)])
    (pasted,) = await run(handle, request("swordfish 550 5.7.1 Message rejected as spam"), services)
    assert "Not understood" not in json.dumps([pasted.text, list(pasted.blocks)])
    with pytest.raises(UserError) as error:
        await run(handle, request("swordfish = trout"), services)
    assert error.value.message == "I found no provider, network, port or purpose in that."


async def test_direct_send_is_not_offered_as_a_check_of_the_submission_host(services):
    (reply,) = await run(handle, request("printer to office 365"), services)
    assert buttons(reply)["smtpcheck.check"]["value"] == "smtp.office365.com 587"


async def test_links_that_slack_makes_of_hosts_are_undone(services):
    (reply,) = await run(handle, request("<http://smtp.sendgrid.net|smtp.sendgrid.net> 587"), services)
    assert reply.text.startswith("Use 587 with STARTTLS for Twilio SendGrid")


async def test_no_port_left_is_bad_news(services):
    (reply,) = await run(handle, request("gmail from linode"), services)
    assert not reply.good
    assert services.history.entries["id1"].verdict == "failed"


async def test_what_is_no_matter_of_ports_says_nothing_of_a_host_at_which_nobody_looked(services):
    await run(handle, request("535 5.7.8 authentication failed at mail.example.com 587"), services)
    assert services.history.entries["id1"].verdict == "unknown"


async def test_an_answer_is_given_even_when_it_cannot_be_kept(services):
    services.history.broken = True
    (reply,) = await run(handle, request("ses"), services)
    assert "could not be written" in json.dumps(reply.blocks)
    assert "Amazon SES lists" in json.dumps(reply.blocks)
    assert "smtpport.share" not in buttons(reply)


ACCOUNTING = (
    "t,2026-11-28 10:00:00+0000,2026-11-28 09:59:58+0000,a@example.com,b@example.net,,relayed,"
    "4.4.1 (no answer from host),smtp;451 4.4.1 no answer,out.acme.example (192.0.2.7),no-answer-from-host,"
    "smtp,app.example.org (198.51.100.20),smtp,198.51.100.21,192.0.2.7"
)


@pytest.mark.parametrize(
    ("pasted", "offered"),
    [
        ("connect to mx.example.org[192.0.2.7]:25: Connection timed out", "mx.example.org 25"),
        ("postfix/smtp[1]: connect to mail.acme.example[192.0.2.7]:25: Connection refused", "mail.acme.example 25"),
        (
            "pmtad: SMTP delivery to mail.acme.example [192.0.2.7] failed: smtp;421 4.4.1 Failed to connect: refused",
            "mail.acme.example 25",
        ),
        (ACCOUNTING, "out.acme.example 25"),
        ("connection to smtp.sendgrid.net:587 timed out", "smtp.sendgrid.net 465 2525"),
    ],
)
async def test_the_host_of_a_pasted_failure_to_connect_can_be_checked(services, pasted, offered):
    (reply,) = await run(handle, request(pasted), services)
    assert buttons(reply)["smtpcheck.check"]["value"] == offered
    kept = services.history.entries["id1"]
    assert view.answer(told(kept.document), services.ports).blocks == reply.blocks


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (
            "zen.spamhaus.org",
            "It names Spamhaus: look the entry up, and ask for its removal, at https://check.spamhaus",
        ),
        ("bl.spamcop.net; see https://www.spamcop.net/bl.shtml?192.0.2.5", "at https://www.spamcop.net/bl.shtml?192.0"),
        ("bl.foo.example", "It names bl.foo.example: look the entry up there."),
        ("dnsbl.sorbs.net", "SORBS, a list that was switched off on 2024-06-05"),
    ],
)
async def test_the_blocklist_that_a_pasted_refusal_names_is_named_with_its_page(services, refusal, said):
    line = f"host mx.example.org said: 554 5.7.1 Service unavailable; Client host [192.0.2.5] blocked using {refusal}"
    (reply,) = await run(handle, request(line), services)
    assert said in json.dumps(list(reply.blocks))
    assert said in json.dumps(list(view.answer(told(services.history.entries["id1"].document), services.ports).blocks))


async def test_buttons_share_check_and_tell_more(services):
    (reply,) = await run(handle, request("sparkpost 587"), services)
    found = buttons(reply)
    assert found["smtpport.share"]["value"] == "id1"
    assert found["smtpcheck.check"]["value"] == "smtp.sparkpostmail.com 587 2525"
    assert found["smtpcheck.check"]["text"]["text"] == "Check smtp.sparkpostmail.com"
    assert found["smtpport.explain"]["value"] == "587"
    assert (found["smtpport.why"]["value"], found["smtpport.sources"]["value"]) == ("id1", "id1")
    assert "id1 django" in [it["value"] for it in found["smtpport.choose"]["options"]]


async def test_why_and_sources_open_what_is_behind_the_answer(services):
    await run(handle, request("sparkpost from google cloud"), services)
    (reasons,) = await run(why, request(value="id1"), services)
    (pages,) = await run(sources, request(value="id1"), services)
    assert isinstance(reasons, Modal)
    assert "SMTP_Injection" in json.dumps(reasons.blocks)
    assert "To lift it" in json.dumps(reasons.blocks)
    assert "RFC 8314" in json.dumps(pages.blocks)
    for handler in (why, sources):
        with pytest.raises(UserError):
            await run(handler, request(value="gone"), services)


async def test_lines_are_answered_beside_and_replace_nothing(services):
    await run(handle, request("sparkpost"), services)
    (reply,) = await run(lines, request(value="id1 django"), services)
    assert isinstance(reply, Reply)
    assert not (reply.replace or reply.public)
    assert 'EMAIL_HOST = "smtp.sparkpostmail.com"' in reply.text
    assert "Usual mistake" in json.dumps(reply.blocks)
    (tests,) = await run(lines, request(value="id1 test"), services)
    assert "openssl s_client" in json.dumps(tests.blocks)


@pytest.mark.parametrize("value", ["", "id1", "id1 ", "id1 djnago", "gone django", "id1 django extra"])
async def test_lines_for_what_is_not_there_are_refused(services, value):
    await run(handle, request("sparkpost"), services)
    with pytest.raises(UserError):
        await run(lines, request(value=value), services)


async def test_the_lines_of_the_framework_that_was_named_stand_in_the_answer_or_behind_the_first_button(services):
    (reply,) = await run(handle, request("sparkpost with django"), services)
    assert "EMAIL_USE_TLS" in json.dumps(reply.blocks)
    (reply,) = await run(handle, request("pmta listener"), services)
    assert "immediate-tls" not in json.dumps(reply.blocks)
    first = next(it for block in reply.blocks if block["type"] == "actions" for it in block["elements"])
    assert (first["text"]["text"], first["value"]) == ("Lines for PowerMTA", "id2 powermta")


async def test_a_check_is_offered_for_ports_that_may_be_probed_only(services):
    services.ports = (587,)
    (reply,) = await run(handle, request("ses"), services)
    assert buttons(reply)["smtpcheck.check"]["value"] == "email-smtp.us-east-1.amazonaws.com 587"
    services.ports = (25,)
    (reply,) = await run(handle, request("ses"), services)
    assert "smtpcheck.check" not in buttons(reply)


async def test_help_shows_the_examples(services):
    (reply,) = await run(handle, request("help"), services)
    assert all(example.text in reply.text for example in COMMAND.examples)
    assert services.history.entries == {}


async def test_a_host_with_a_tenant_in_its_name_is_not_offered_for_a_check(services):
    (reply,) = await run(handle, request("office 365 direct send"), services)
    assert "smtpcheck.check" not in buttons(reply)


async def test_share_posts_the_stored_answer_with_who_shared_it(services):
    await run(handle, request("sparkpost"), services)
    (step,) = await run(SHARING.share, request(value="id1", user="U2"), services)
    reply = step.post
    assert reply.public
    assert "<@U2>" in reply.text
    assert "smtpport.share" not in buttons(reply)


async def test_the_age_of_a_source_is_counted_from_the_day_on_which_a_stored_answer_is_shown(services):
    await run(handle, request("ses from linode"), services)
    later = replace(request(value="id1"), at=datetime(2030, 1, 1, tzinfo=UTC))
    shown = [str(step.blocks) for handler in (why, open_stored) for step in await run(handler, later, services)]
    (shared,) = await run(SHARING.share, later, services)
    shown += [str(shared.post.blocks), str(shared.copy().blocks)]
    assert ["6 years old" in blocks for blocks in shown] == [True] * 4


async def test_share_knows_only_answers_that_are_in_the_history(services):
    await run(handle, request("sparkpost"), services)
    with pytest.raises(UserError):
        await run(SHARING.share, request(value="gone"), services)


async def test_explain_opens_the_story_of_a_port(services):
    (modal,) = await run(explain, request(value="465"), services)
    assert modal.title == "Port 465"
    assert "RFC 8314" in json.dumps(modal.blocks)


@pytest.mark.parametrize("value", ["", "x", "0", "65536", "٢٥", "9" * 40])
async def test_explain_refuses_what_is_no_port(services, value):
    with pytest.raises(UserError):
        await run(explain, request(value=value), services)


async def test_explain_knows_what_it_does_not_know(services):
    (modal,) = await run(explain, request(value="4711"), services)
    assert "not a known mail port" in json.dumps(modal.blocks)


async def test_the_form_offers_every_provider_and_every_network(services):
    (step,) = await run(handle, request(""), services)
    for name, rows in (("provider", lookup.providers()), ("network", lookup.networks())):
        (menu,) = [block["element"] for block in step.blocks if block.get("block_id") == name]
        offered = [option["value"] for group in menu["option_groups"] for option in group["options"]]
        assert sorted(offered) == sorted([*rows, "other"])


async def test_the_submitted_form_is_answered(services):
    form = {"role": "device", "provider": "m365", "network": "comcast", "tried": "587 times out"}
    (reply,) = await run(ask, request(form=form, surface="modal"), services)
    stored = told(services.history.entries["id1"].document)
    assert stored["understood"]["role"] == "device"
    assert stored["understood"]["network"] == "Comcast Xfinity (residential)"
    assert stored["understood"]["tried"] == [587]
    assert reply.blocks


async def test_an_empty_form_gets_the_general_answer(services):
    (reply,) = await run(ask, request(form={"role": "submission", "provider": None}), services)
    assert reply.text.startswith("Use 587")


async def test_names_outside_the_lists_may_stand_in_the_text(services):
    await run(ask, request(form={"provider": "other", "tried": "sendgrid, 587 refused"}), services)
    stored = told(services.history.entries["id1"].document)
    assert stored["understood"]["provider"] == "Twilio SendGrid"


@pytest.mark.parametrize("example", COMMAND.examples, ids=lambda example: example.text)
async def test_every_example_is_answered(services, example):
    (reply,) = await run(handle, request(example.text), services)
    assert reply.good


def test_the_warm_up_builds_what_the_first_asker_would_wait_for():
    for index in (lexicon.lexicon, lookup.networks, lookup.providers):
        index.cache_clear()
    COMMAND.warm_up()
    assert lexicon.lexicon.cache_info().currsize == 1
    assert lookup.networks.cache_info().currsize == 1
    assert "rapidfuzz" in sys.modules


def test_slack_shows_the_whole_hint_and_the_whole_description():
    assert len(COMMAND.usage) <= 60
    assert len(COMMAND.summary) <= 70


async def test_of_a_long_question_two_thousand_characters_are_looked_at(services, monkeypatch):
    seen = []
    monkeypatch.setattr("commands.smtpport.handler.masked", lambda text: seen.append(len(text)) or text)
    with pytest.raises(UserError):
        await run(handle, request("mysql " * 30_000), services)
    assert seen
    assert max(seen) <= 2000
