import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from commands.contract import Actor, Attachment, FormErrors, Modal, Reply, Request, UserError
from commands.pmta.buttons import RECENT
from commands.pmta.checking import LONG, InThread, Turn, unpacked
from commands.pmta.handler import COMMAND
from storage.errors import DiskFullError
from storage.queries import Viewer

SECRET = "Zq7Wx9Kv3Tp"
RELAY = "&lt;source 0/0&gt;\nalways-allow-relaying yes\n&lt;/source&gt;"
AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


class Memory:
    """A history in a dictionary."""

    def __init__(self, *, full=False):
        self.entries = {}
        self.full = full

    async def add(self, entry, readings=()):
        if self.full:
            raise DiskFullError("the disk is full")
        self.entries[entry.id] = entry

    async def get(self, id, _viewer):  # noqa: A002
        return self.entries.get(id)


class Services:
    def __init__(self, *, full=False):
        self.history = Memory(full=full)
        self.keep_configs = False
        self.lookups = None
        self.checks = InThread()
        self.made = 0

    async def viewer(self):
        return Viewer("T1", admin=True)

    async def sources(self, channel):
        return {}

    def wait_for_asker(self, user, times):
        return 0.0

    def new_id(self):
        self.made += 1
        return f"id{id(self):x}-{self.made}"


def request(text="", *, user="U1", team="T1", surface="slash", **more):
    return Request(command="pmta", actor=Actor(user, team), at=AT, text=text, surface=surface, channel="C1", **more)


async def run(handler, asked, services=None):
    return [step async for step in handler(asked, services or Services())][-1]


def words(reply):
    return json.dumps([reply.text, list(reply.blocks)]) + "".join(file.content.decode() for file in reply.files)


def pressed(reply, action):
    buttons = [one for block in reply.blocks if block["type"] == "actions" for one in block["elements"]]
    return next(one["value"] for one in buttons if one["action_id"] == f"pmta.{action}")


async def test_a_paste_is_undone_checked_and_answered_with_the_line_and_a_marker():
    reply = await run(COMMAND.handle, request(RELAY))
    assert reply.text.startswith("1 danger. First: line 2, Open relay")
    assert not reply.good
    assert "Undone before checking" not in words(reply), "Slack itself writes < as an entity"
    shown = next(block for block in reply.blocks if block["type"] == "rich_text")
    assert shown["elements"][0]["elements"][0]["text"] == "always-allow-relaying yes\n^^^^^^^^^^^^^^^^^^^^^"


async def test_a_code_fence_and_links_that_slack_made_are_taken_off():
    reply = await run(
        COMMAND.handle, request("```\n<domain <http://gmail.com|gmail.com>>\nmax-smtp-out x\n</domain>\n```")
    )
    assert "1 error" in reply.text
    assert "PMTA201" not in words(reply)


async def test_a_domain_tag_is_never_eaten():
    reply = await run(COMMAND.handle, request("&lt;domain gmail.com&gt;\nmax-smtp-out 10\n&lt;/domain&gt;"))
    assert reply.text == "No findings in 1 setting."
    assert reply.good


STANZA = "&lt;domain gmail.com&gt;\nmax-smtp-out 10\n&lt;/domain&gt;"


@pytest.mark.parametrize(
    "text",
    [
        f"validate this:\n{STANZA}",
        f"validate this config: {STANZA}",
        f"can you check my pmta config, please?\n{STANZA}\nthanks!",
        f"hi, what is wrong with this?\n```{STANZA}```\nit stopped yesterday",
        f"¿está bien esto?\n{STANZA}\ngracias",
        f"revisa esta configuración: {STANZA}",
    ],
)
async def test_words_round_a_config_are_none_of_its_settings(text):
    reply = await run(COMMAND.handle, request(text))
    assert reply.text.startswith("No findings in 1 setting.")
    assert "the words round the config" in words(reply)


@pytest.mark.parametrize(
    "text",
    [
        f"smtp-listner 0/0:25\n{STANZA}",
        f"smtp-listener 0/0:25\n```{STANZA}```\nmax-smpt-out 2",
        f"this is foo-bar\n{STANZA}",
    ],
)
async def test_what_may_be_a_setting_is_no_such_word(text):
    assert "PMTA201" in words(await run(COMMAND.handle, request(text)))


@pytest.mark.parametrize("text", ["validate this:", "check my pmta config", "revisa esta configuración"])
async def test_what_only_introduces_a_config_opens_the_form(text):
    assert isinstance(await run(COMMAND.handle, request(text)), Modal)
    assert COMMAND.wants_modal(text)


async def test_nothing_opens_the_form():
    modal = await run(COMMAND.handle, request("  "))
    assert isinstance(modal, Modal)
    assert (modal.form, modal.submit) == ("check", "Check")
    assert len(modal.title) <= 24
    assert COMMAND.wants_modal("")
    assert not COMMAND.wants_modal("x")


async def test_the_form_takes_text_a_release_and_what_it_is():
    form = {"config": "max-msg-rate 100/15m", "version": "4.5", "part": "part"}
    reply = await run(COMMAND.forms["check"], request(surface="modal", form=form))
    assert "PMTA604" in words(reply)
    whole = {"config": "postmaster a@example.com", "version": "5.0", "part": "whole"}
    assert "PMTA709" in words(await run(COMMAND.forms["check"], request(surface="modal", form=whole)))


async def test_an_empty_form_stays_open():
    answer = await run(COMMAND.forms["check"], request(surface="modal", form={"config": " "}))
    assert isinstance(answer, FormErrors)


async def test_a_secret_in_the_name_of_a_file_is_neither_shown_nor_stored():
    services = Services()
    file = Attachment(f"password={SECRET}.conf", b"smtp-listener 0/0:25\nmax-smpt-out 2\n")
    asked = request(surface="modal", attachments=(file,))
    *_, reply = [step async for step in COMMAND.forms["check"](asked, services)]
    (stored,) = services.history.entries.values()
    said = repr((reply.text, reply.blocks, reply.files, stored))
    assert "max-smtp-out" in said
    assert SECRET not in said
    assert stored.target == "password=********"


async def test_a_file_is_checked_whole_when_it_looks_so():
    text = b"postmaster a@example.com\nsmtp-listener 0/0:25\nhttp-mgmt-port 8080\n<spool /s>\n</spool>\n"
    asked = request(surface="modal", attachments=(Attachment("config", text),))
    assert "PMTA709" in words(await run(COMMAND.forms["check"], asked))


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00", b"hello there", b"#" * (10 * 1024 * 1024 + 1)])
async def test_files_that_hold_no_config_are_refused(content):
    asked = request(surface="shortcut", attachments=(Attachment("x", content),))
    with pytest.raises(UserError):
        await run(COMMAND.shortcuts["pmta_validate"], asked)


async def test_a_message_without_a_config_is_refused():
    with pytest.raises(UserError, match="no PowerMTA setting"):
        await run(COMMAND.shortcuts["pmta_validate"], request("good morning", surface="shortcut"))


@pytest.mark.parametrize("word", ["help", "--help", "?", "HELP"])
async def test_help_shows_lines_that_can_be_pasted(word):
    answer = await run(COMMAND.handle, request(word))
    assert "`/pmta explain retry-after`" in words(answer)
    assert answer.good


async def test_a_line_with_a_misspelt_setting_is_a_config():
    assert "smtp-listener" in words(await run(COMMAND.handle, request("smtp-listner 0/0:25")))


async def test_the_shortcut_reads_the_text_of_a_message():
    assert "Open relay" in (await run(COMMAND.shortcuts["pmta_validate"], request(RELAY, surface="shortcut"))).text


async def test_explain_answers_like_a_manual():
    rule = await run(COMMAND.handle, request("explain PMTA401"))
    assert words(await run(COMMAND.handle, request("explian PMTA401"))) == words(rule)
    assert "open-relay" in words(rule)
    assert "Good:" in words(rule)
    setting = words(await run(COMMAND.handle, request("explain retry-after")))
    assert "default: 10m" in setting
    assert "<domain>" in setting
    for asked in ("what is retry-after?", "retry-after"):
        assert words(await run(COMMAND.handle, request(asked))) == setting
    tag = words(await run(COMMAND.handle, request("explain &lt;source&gt;")))
    assert "stands in: the top level" in tag


async def test_explain_of_an_unknown_name_makes_a_suggestion():
    with pytest.raises(UserError) as error:
        await run(COMMAND.handle, request("explain retry-afer"))
    assert "retry-after" in error.value.hint


async def test_a_name_in_two_words_is_explained_and_one_that_is_not_repeated_is_called_that():
    assert "PMTA401 open-relay" in words(await run(COMMAND.handle, request("explain open relay")))
    with pytest.raises(UserError, match="I know nothing called that"):
        await run(COMMAND.handle, request("explain correct horse battery"))


async def test_the_explain_button_opens_a_manual():
    modal = await run(COMMAND.actions["explain"].handle, request(value="PMTA401", surface="button"))
    assert modal.title == "PMTA401"


async def test_show_fixed_gives_the_mended_config_with_its_secrets_covered():
    services = Services()
    text = f"<smtp-user foo> password {SECRET} authentication-method password</smtp-user>"
    reply = await run(COMMAND.handle, request(text), services)
    fixed = await run(
        COMMAND.actions["fixed"].handle, request(value=pressed(reply, "fixed"), surface="button"), services
    )
    assert fixed.files[0].content.decode().startswith("<smtp-user foo>\n    password ********\n")
    assert SECRET not in words(fixed)


async def test_a_long_config_is_mended_when_somebody_asks_and_reads_as_one_that_was_mended_at_once():
    services = Services()
    stanza = f"<domain x.example>\n    max-smpt-out 20\n    auth-password {SECRET}\n</domain>\n"
    text = stanza + "# nothing\n" * (LONG // 10)
    reply = await run(COMMAND.handle, request(attachments=(Attachment("config", text.encode()),)), services)
    kept = RECENT.get(pressed(reply, "fixed"), AT)
    asked = request(value=pressed(reply, "fixed"), surface="button")

    fixed = await run(COMMAND.actions["fixed"].handle, asked, services)

    assert kept.studied.packed == b""
    assert SECRET.encode() not in unpacked(kept.studied.unmended)
    assert fixed.files[0].content.decode() == text.replace("smpt", "smtp").replace(SECRET, "********")
    assert "max-smpt-out 20" in words(fixed)


async def test_what_could_be_mended_in_covered_words_alone_is_said_to_be_left():
    services = Services()
    text = "<smtp-user foo>\npassword \u201cgeheim\u201d\n</smtp-user>\n" + "# nothing\n" * (LONG // 10)
    reply = await run(COMMAND.handle, request(attachments=(Attachment("config", text.encode()),)), services)
    asked = request(value=pressed(reply, "fixed"), surface="button")

    with pytest.raises(UserError, match="stands where secrets are covered"):
        await run(COMMAND.actions["fixed"].handle, asked, services)


async def test_buttons_of_others_show_what_their_history_holds_and_nothing_from_memory():
    services = Services()
    reply = await run(COMMAND.handle, request(RELAY), services)
    services.history.entries.clear()
    for action in ("share", "details", "fixed", "live", "open"):
        with pytest.raises(UserError):
            asked = request(value=pressed(reply, "share"), user="U2", surface="button")
            await run(COMMAND.actions[action].handle, asked, services)


@pytest.mark.parametrize("action", ["fixed", "live"])
async def test_a_button_whose_config_is_gone_says_why_and_what_to_do(action):
    services = Services()
    reply = await run(COMMAND.handle, request(RELAY + "\nsmtp-source-host 10.0.0.1 a.example"), services)
    later = replace(request(value=pressed(reply, "share"), surface="button"), at=AT + timedelta(minutes=61))

    with pytest.raises(UserError, match="stays in memory for an hour at most, covered, and is not stored") as caught:
        await run(COMMAND.actions[action].handle, later, services)

    assert "again with /pmta" in caught.value.hint


async def test_a_config_that_the_history_was_told_to_keep_is_mended_after_a_restart_too():
    services = Services()
    services.keep_configs = True
    text = f"<smtp-user foo>\npassword = {SECRET}\n</smtp-user>\n"
    reply = await run(COMMAND.handle, request(text), services)
    later = replace(request(value=pressed(reply, "fixed"), surface="button"), at=AT + timedelta(days=2))

    fixed = await run(COMMAND.actions["fixed"].handle, later, services)

    assert "password ********" in words(fixed)
    assert SECRET not in words(fixed)


async def test_details_after_a_restart_show_the_findings_without_their_lines():
    services = Services()
    text = "<domain *>\n" + "use-starttls on\n" * 40 + "</domain>"
    reply = await run(COMMAND.handle, request(text), services)
    later = replace(request(value=pressed(reply, "details"), surface="button"), at=AT + timedelta(days=2))

    details = await run(COMMAND.actions["details"].handle, later, services)

    assert sum(block["type"] == "section" for block in details.blocks) == 20
    assert not any(block["type"] == "rich_text" for block in details.blocks)


async def test_share_posts_the_findings_to_the_channel():
    services = Services()
    reply = await run(COMMAND.handle, request(RELAY), services)
    shared = await run(
        COMMAND.actions["share"].handle, request(value=pressed(reply, "share"), surface="button"), services
    )
    assert shared.post.public
    assert "Open relay" in words(shared.post)


async def test_at_most_five_findings_are_shown_and_the_rest_is_a_file_and_behind_details():
    services = Services()
    text = "<domain *>\n" + "use-starttls on\n" * 40 + "</domain>"
    reply = await run(COMMAND.handle, request(text), services)
    assert sum(block["type"] == "rich_text" for block in reply.blocks) == 5
    assert len(reply.blocks) <= 50
    assert reply.files[0].content.decode().count("PMTA205") == 40
    details = await run(
        COMMAND.actions["details"].handle, request(value=pressed(reply, "details"), surface="button"), services
    )
    assert sum(block["type"] == "rich_text" for block in details.blocks) == 20


async def test_history_keeps_findings_but_no_config_no_sentence_and_no_hash():
    services = Services()
    await run(COMMAND.handle, request(f"auth-password {SECRET}\nmax-smtp-out x"), services)
    (entry,) = services.history.entries.values()
    assert (entry.kind, entry.team, entry.verdict) == ("pmta", "T1", "error")
    assert not {"sha256", "config"} & entry.document.keys()
    assert not [finding for finding in entry.document["findings"] if {"message", "suggestion"} & finding.keys()]
    assert entry.document["schema"] == "portero.pmta/1"
    kept = json.dumps(entry.document) + entry.summary + entry.target
    assert SECRET not in kept
    assert "auth-password ***" not in kept


async def test_a_full_disk_does_not_lose_the_answer():
    reply = await run(COMMAND.handle, request(RELAY), Services(full=True))
    assert "Open relay" in reply.text
    assert "could not be written" in words(reply)


WAYS_IN = {
    "paste": lambda text: (COMMAND.handle, request(text)),
    "form": lambda text: (COMMAND.forms["check"], request(surface="modal", form={"config": text})),
    "message": lambda text: (COMMAND.shortcuts["pmta_validate"], request(text, surface="shortcut")),
    "file": lambda text: (COMMAND.handle, request(attachments=(Attachment("c", text.encode()),))),
    "terminal": lambda text: (COMMAND.handle, request(text, surface="terminal")),
}


@pytest.mark.parametrize("way", WAYS_IN)
async def test_a_secret_reaches_no_message_no_row_and_no_log(way, caplog):
    services = Services()
    text = (
        f"<smtp-user foo>\npassword {SECRET} {SECRET}\nauth-password {SECRET}\n</smtp-user>\nuse-starttls {SECRET}#\n"
    )
    text = text.replace(f"use-starttls {SECRET}", f"smtp-server-tls-certificate /k {SECRET}")
    handler, asked = WAYS_IN[way](text)
    reply = await run(handler, asked, services)
    assert isinstance(reply, Reply)
    assert SECRET not in words(reply)
    assert SECRET not in str([entry.document for entry in services.history.entries.values()])
    assert SECRET not in caplog.text


@pytest.mark.parametrize("example", COMMAND.examples, ids=lambda example: example.text)
async def test_the_examples_of_the_command_work(example):
    assert await run(COMMAND.handle, request(example.text))


async def test_a_terminal_gets_plain_text():
    reply = await run(COMMAND.handle, request("<source 0/0>\nalways-allow-relaying yes\n</source>", surface="terminal"))
    assert "    ^^^^" in reply.text
    assert not reply.blocks
    assert len(COMMAND.usage) <= 60


async def test_who_waits_for_others_is_told_how_many():
    class Busy(InThread):
        def submit(self, order):
            return replace(super().submit(order), before=2)

    services = Services()
    services.checks = Busy()
    steps = [step async for step in COMMAND.handle(request(RELAY), services)]

    assert "Waiting for 2 other configs" in steps[0].text
    assert steps[-1].text.startswith("1 danger.")


async def test_who_waits_for_a_check_that_takes_long_is_told(monkeypatch):
    monkeypatch.setattr("commands.pmta.handler.PATIENCE", 0.0)
    held = asyncio.get_running_loop().create_future()

    class Held(InThread):
        def submit(self, order):
            async def later():
                await held
                return await super(Held, self).submit(order).answer

            return Turn(0, asyncio.ensure_future(later()))

    services = Services()
    services.checks = Held()
    steps = COMMAND.handle(request(RELAY), services)
    first = await anext(steps)
    held.set_result(None)

    assert "Waiting for the check" in first.text
    assert [step async for step in steps][-1].text.startswith("1 danger.")
