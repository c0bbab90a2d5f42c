"""What our own log lines may be made of: a constant and values that nobody typed."""

import ast

from .sources import modules

LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
TYPED = {"text", "body", "url", "value", "form", "private", "payload", "message", "response_url", "config", "content"}
"""Names of values that may hold what somebody typed, or a secret."""


def log_calls():
    """Each as where it stands, its template and the names in its values."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"log.{level}" for level in LEVELS}:
                template, *values = node.args[1:] if node.func.attr == "log" else node.args
                yield f"{path}:{node.lineno}", template, {name for value in values for name in names(value)}


def names(value):
    for node in ast.walk(value):
        if isinstance(node, ast.Name | ast.Attribute):
            yield node.id if isinstance(node, ast.Name) else node.attr


def test_a_log_line_is_a_constant_with_values_that_nobody_typed():
    calls = list(log_calls())
    assert len(calls) > 30
    assert [place for place, template, _ in calls if not isinstance(template, ast.Constant)] == []
    assert [(place, found & TYPED) for place, _, found in calls if found & TYPED] == []
