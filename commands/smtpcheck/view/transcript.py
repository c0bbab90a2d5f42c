"""What was said on a connection, line by line, and below each refusal that the table of replies knows what it means."""

from collections.abc import Iterator, Mapping

from commands.smtpcheck.result.replies.reading import read_line
from commands.smtpcheck.result.replies.table import ReplyStage
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.stored.document import Document

STAGES: Mapping[str, ReplyStage] = {"EHLO": "ehlo", "HELO": "ehlo", "STARTTLS": "starttls"}
"""What was asked -> where the reply to it is said; before anything was asked it is the greeting."""

INDENT = " " * 12


def lines(spoken: Document) -> Iterator[str]:
    """The transcript of an endpoint or a further connection, as text; nothing in it is escaped."""
    stage: ReplyStage = "connect"
    name, reply = "", ""
    for line in spoken["transcript"]:
        ours, text = line["from"] != "server", str(line["text"])
        yield f"{line['at_ms']:>8.1f} {'C:' if ours else 'S:'} {text}"
        if ours:
            command, _, argument = text.partition(" ")
            stage, name = STAGES.get(command.upper(), stage), argument or name
            continue
        reply = f"{reply} {text[4:]}" if reply else text
        if text[3:4] != "-":
            yield from _meant(stage, reply, name)
            reply = ""


def _meant(stage: ReplyStage, reply: str, name: str) -> Iterator[str]:
    row = read_line(stage, f"{reply[:3]} {reply[4:]}", ehlo_name=name)
    if row is not None:
        yield f"{INDENT}= {WORDS.MEANINGS[row.meaning]}"
        if not row.sure:
            yield f"{INDENT}  {WORDS.SENTENCES['only_reported']}"
