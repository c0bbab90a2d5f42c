"""What Slack gets is within Slack's sizes, for every question and for every row of the catalogue."""

from itertools import product

from bot.demo.workspace.blockkit import problems
from commands.blocks import HEADER_TEXT
from commands.contract import Modal
from commands.smtpport import details, view
from commands.smtpport.advise import advise
from commands.smtpport.catalogue.lookup import networks, ports, providers
from commands.smtpport.document import document, explained, lines_for
from commands.smtpport.form import form
from commands.smtpport.frameworks.reader import frameworks
from commands.smtpport.main_reasons import WIDTH
from commands.smtpport.question.asked import Question
from commands.smtpport.question.reader import read
from commands.smtpport.text import port_line
from commands.smtpport.wording import ROLES
from tests.entries import entry_of, pressing
from tests.every import every
from tests.smtpport.pastes import PASTES
from tests.smtpport.questions import QUESTIONS
from tests.smtpport.test_first_lines import FIRST_LINES

PORTS = (25, 465, 587, 2525)
WORST = Question(
    role="device",
    provider=max(providers(), key=lambda key: len(providers()[key].name)),
    network=max(networks(), key=lambda key: len(networks()[key].name)),
    port=25,
    also=(465, 2525),
    tls="none",
    tried=(587, 2587, 8025),
    not_understood=tuple(f"word{number}" * 10 for number in range(40)),
    topic="test",
)


def answered(question):
    return {"id": "0" * 28, **document(advise(question))}


def check(reply):
    assert problems(reply.blocks, "message") == []
    assert 0 < len(reply.text) < 4000
    assert len(reply.blocks) <= 50


@every(row[0] for row in QUESTIONS)
def test_the_answer_to_every_question_is_valid_block_kit(text):
    check(view.answer(answered(read(text)), PORTS))


@every(product(ROLES, networks()))
def test_every_network_in_every_role_is_valid_block_kit(role, network):
    check(view.answer(answered(Question(role=role, network=network, port=25, also=(465, 587))), PORTS))


@every(providers())
def test_every_provider_is_valid_block_kit(provider):
    check(view.answer(answered(Question(provider=provider, network="digitalocean", tried=(465,), port=2525)), PORTS))


def by_length(rows):
    return sorted(rows, key=lambda key: len(rows[key].name))


def test_no_headline_is_cut():
    """All of the one kind with the longest names of the other: every pair would be 40,000 answers."""
    everywhere, everybody = (by_length(networks()), by_length(providers()))
    pairs = {*product(everywhere, everybody[-8:]), *product(everywhere[-8:], everybody)}
    for network, provider in pairs:
        for role in ("submission", "device", "relay"):
            assert len(port_line(answered(Question(role=role, provider=provider, network=network)))) <= HEADER_TEXT


def test_the_longest_names_and_the_longest_question_fit():
    check(view.answer(answered(WORST), PORTS, logged=False))
    assert problems(view.opened(entry_of(answered(WORST)), pressing().actor, "2026-11-29").blocks, "modal") == []
    check(view.shared(entry_of(answered(WORST)), pressing(), PORTS))
    assert modal_problems(details.why(answered(WORST))) == []
    assert modal_problems(details.sources(answered(WORST))) == []


MOST_SHOWN = 12
"""Lines of an answer at 700 pixels, the row of buttons among them; lines to paste that were asked for come on top."""


def height(reply):
    """Rendered lines of an answer at 700 pixels without lines to paste: headers are larger, buttons one row."""
    texts = [block["text"]["text"] for block in reply.blocks if block["type"] == "section"]
    texts += [each["text"] for block in reply.blocks if block["type"] == "context" for each in block["elements"]]
    rows = sum(-(-len(line) // WIDTH) for text in texts for line in text.split("\n"))
    heads = [block["text"]["text"] for block in reply.blocks if block["type"] == "header"]
    return rows + sum(-(-len(head) // 75) for head in heads) + 1


def test_an_answer_takes_twelve_lines_at_most():
    found = {row[0]: height(view.answer(answered(read(row[0])), PORTS)) for row in (*QUESTIONS, *PASTES, *FIRST_LINES)}
    assert {text: rows for text, rows in found.items() if rows > MOST_SHOWN} == {}


def test_an_answer_says_nothing_of_the_catalogue_and_of_a_provider_that_was_not_named():
    for text in ("which port?", "465", "587 times out", "django", "receive bounces"):
        said = str(answered(read(text)))
        assert "relay services in the catalogue are" not in said
        assert "You named no provider" not in said


def test_the_lines_of_every_framework_are_a_valid_message():
    for row in frameworks().values():
        for text in ("mailgun", "orange.fr", "pmta listener"):
            check(details.lines(lines_for(advise(read(text)), row)))


def test_a_text_of_any_length_fits():
    check(view.answer(answered(read("zzzz " * 5000)), PORTS))


@every([*ports(), 4711])
def test_the_explanation_of_every_port_is_a_valid_dialogue(port):
    assert modal_problems(details.explanation(explained(port))) == []


def test_the_form_is_a_valid_dialogue():
    assert modal_problems(form()) == []


def modal_problems(modal: Modal):
    assert len(modal.title) <= 24
    assert len(modal.submit) <= 24
    return problems(modal.blocks, "modal")


def test_what_somebody_typed_cannot_mention_anybody():
    reply = view.answer(answered(read("sendgrid <!channel> <@U123> &lt;!here&gt;")), PORTS)
    assert "<!" not in str(reply.blocks)
    assert "<@" not in reply.text
