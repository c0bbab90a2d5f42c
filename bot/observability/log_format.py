"""How a line of the log looks: as text, or as one JSON object. `log` says what may stand there."""

import json
import logging
from datetime import UTC, datetime
from typing import Literal, TypeAlias

LogFormat: TypeAlias = Literal["text", "json"]

LEVELS = ("debug", "info", "warning", "error")
FORMATS: tuple[LogFormat, ...] = ("text", "json")

TEXT = "%(asctime)s %(levelname)s %(name)s: %(about)s%(message)s"


class TextLines(logging.Formatter):
    """`2026-11-29 10:00:00,123 INFO bot.slack.dispatcher: request 1a2b3c4d: ...`; a trace stands below it."""

    def __init__(self) -> None:
        super().__init__(TEXT, defaults={"about": ""})


class JsonLines(logging.Formatter):
    """An object with time (UTC, RFC 3339), level, logger and message; request and trace where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "time": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        more = {"request": getattr(record, "request", ""), "trace": record.exc_text, "stack": record.stack_info}
        return json.dumps(line | {name: said for name, said in more.items() if said}, ensure_ascii=False)


MADE: dict[LogFormat, type[logging.Formatter]] = {"text": TextLines, "json": JsonLines}
