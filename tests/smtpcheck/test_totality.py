"""Whatever a server does, there is a report, a document, a message and a page in the terminal: never an exception."""

import json
import re

from hypothesis import given, settings
from rich.console import Console

from bot.demo.lab.quirk import HOST
from bot.demo.workspace.blockkit import problems
from commands.smtpcheck.result.sentences import english
from commands.smtpcheck.stored.document import to_document
from commands.smtpcheck.verdict.conclusion import overall, recommended
from commands.smtpcheck.view import message as view
from commands.smtpcheck.view.details import details
from commands.smtpcheck.view.terminal import show
from tests.entries import entry_of, pressing
from tests.smtpcheck.arbitrary import checks, records, times
from tests.smtpcheck.messages import MENTION, mrkdwn, strings
from tests.smtpcheck.speaking import STAGE, judged

CHAINS = [
    (STAGE.authority.issue(HOST).der,),
    (STAGE.authority.issue("<!channel> & *x*", days=(-100, -3)).der, b"rubbish"),
    (STAGE.authority.issue(*(f"{n}.example.com" for n in range(200))).der,),
]
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@settings(max_examples=times(250), deadline=None)
@given(records(CHAINS))
def test_every_record_has_a_report_whose_every_word_is_known(record):
    report = judged(record)
    assert report.state in english.STATES
    assert {finding.code for finding in report.findings} <= english.SENTENCES.keys()
    assert list(report.findings) == sorted(report.findings, key=lambda finding: -finding.severity)
    assert overall([report], []) in english.VERDICTS
    assert (recommended([report], receives_mail=False) is None) or report.usable


@settings(max_examples=times(120), deadline=None)
@given(checks(CHAINS))
def test_every_check_is_a_document_that_json_takes_and_nothing_in_it_steers_a_terminal(check):
    document = to_document(check)
    assert json.loads(json.dumps(document)) == document
    assert not any(CONTROL.search(text) for text in strings(document))
    assert len(json.dumps(document)) < 400_000


@settings(max_examples=times(90), deadline=None)
@given(checks(CHAINS))
def test_every_document_is_a_message_and_a_dialogue_that_slack_takes(check):
    document = to_document(check)
    shared = view.shared(entry_of(document), pressing())
    for reply in (view.result(document, logged=True), view.result(document, logged=False), shared):
        assert problems(reply.blocks, "message") == []
        assert not any(MENTION.search(text) for text in (reply.text, *mrkdwn(reply.blocks)))
    modal = details(entry_of(document), pressing().actor)
    assert problems(modal.blocks, "modal") == []
    assert not any(MENTION.search(text) for text in mrkdwn(modal.blocks))
    assert len(modal.title) <= 24


@settings(max_examples=times(60), deadline=None)
@given(checks(CHAINS))
def test_every_document_can_be_shown_in_a_terminal(check):
    console = Console(width=80, record=True, file=None, quiet=True)
    show(to_document(check), console, transcripts=True)
