"""What somebody else than Slack, or a Slack in trouble, may answer: one of each kind."""

from bot.demo.workspace.oddities import End, Raw

TYPED = "hunter2-typed"
JSON, HTML, TEXT = "application/json", "text/html", "text/plain"
PAGE = f"<p>{TYPED} /commands/T012/345/SeCrEt".encode()
RAWS = {
    "reset": Raw(end=End.RESET),
    "reset when done": Raw(end=End.RESET, done=True),
    "cut": Raw(PAGE, end=End.CUT),
    "html": Raw(PAGE, 200, HTML),
    "html 502": Raw(PAGE, 502, HTML),
    "text": Raw(PAGE, 200, TEXT),
    "no json": Raw(PAGE, 200, JSON),
    "a list": Raw(b"[1]", 200, JSON),
    "null": Raw(b"null", 200, JSON),
    "deep": Raw(b"[" * 50_000, 200, JSON),
    "bytes": Raw(b"\xff\xfe\xfd", 200, JSON),
    "charset": Raw(PAGE, 200, "application/json; charset=hunter2"),
    "gzip": Raw(b"\x1f\x8b", 200, "application/gzip"),
    "bare": Raw(b'{"ok": true}', 200, JSON),
    "error with words": Raw(b'{"ok": false, "error": "hunter2-typed it"}', 200, JSON),
    "error without": Raw(b'{"ok": false}', 503, JSON),
    "retry after": Raw(b"{}", 429, JSON, {"Retry-After": TYPED}),
    "retry for ever": Raw(b"{}", 429, JSON, {"Retry-After": "9" * 300}),
}
