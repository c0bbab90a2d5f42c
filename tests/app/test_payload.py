from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.requests.payload import button, files, form, read_private, shortcut, slash, write_private
from commands.contract import Actor

STAMP = {"at": datetime(2026, 11, 24, tzinfo=UTC), "request_id": "1"}
PERSON = {"user": {"id": "W1", "team_id": "T1"}, "team": {"id": "T1"}}
PRESSED = {"action_id": "echo.go", "value": "7", "action_ts": "1.2"}


def pressed(*, action=PRESSED, **more):
    return button({**PERSON, "trigger_id": "t", "actions": [action], **more}, **STAMP)


def submitted(values):
    view = {"id": "V1", "callback_id": "echo.ask", "state": {"values": values}}
    return form({**PERSON, "trigger_id": "t", "view": view}, **STAMP)[0].form


def test_a_slash_command_needs_little():
    request, origin = slash({"command": "/echo", "user_id": "U1"}, **STAMP)
    assert (request.command, request.text, request.actor) == ("echo", "", Actor("U1"))
    assert origin.key == "trigger:"


@pytest.mark.parametrize(
    ("container", "source"),
    [
        ({"type": "message", "is_ephemeral": True, "channel_id": "C1"}, "ephemeral"),
        ({"type": "message", "is_ephemeral": False, "channel_id": "C1"}, "message"),
        ({"type": "view", "view_id": "V1"}, "nowhere"),
        (None, "nowhere"),
    ],
)
def test_a_button_knows_what_it_hangs_on(container, source):
    assert pressed(container=container)[1].source == source


def test_a_menu_brings_the_chosen_value():
    chosen = {"action_id": "echo.pick", "selected_option": {"value": "587"}}
    assert pressed(action=chosen)[0].value == "587"


def test_two_buttons_under_one_trigger_are_two_requests():
    other = {**PRESSED, "action_id": "echo.stop"}
    assert pressed()[1].key != pressed(action=other)[1].key


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "plain_text_input", "value": "x"}, "x"),
        ({"type": "plain_text_input", "value": None}, ""),
        ({"type": "static_select", "selected_option": {"value": "587"}}, "587"),
        ({"type": "static_select", "selected_option": None}, ""),
        ({"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}, ["a", "b"]),
        ({"type": "conversations_select", "selected_conversation": "C1"}, "C1"),
        ({"type": "users_select", "selected_user": "U1"}, "U1"),
        ({"type": "datepicker", "selected_date": "2026-11-24"}, "2026-11-24"),
        ({"type": "file_input", "files": [{"id": "F1"}]}, ""),
    ],
)
def test_a_form_brings_what_was_entered(element, value):
    assert submitted({"block": {"name": element}}) == {"name": value}


def test_files_come_from_messages_and_from_forms():
    values = {"a": {"a": {"files": [{"id": "F2"}]}}, "b": {"b": {"files": None}}}
    body = {"message": {"files": [{"id": "F1"}]}, "view": {"state": {"values": values}}}
    assert [file["id"] for file in files(body)] == ["F1", "F2"]
    assert files({}) == []


def test_a_shortcut_brings_the_text_of_its_message():
    request, origin = shortcut({**PERSON, "message": {"text": "a &lt; b"}, "channel": {"id": "C1"}}, "echo", **STAMP)
    assert (request.text, request.channel, origin.source) == ("a &lt; b", "C1", "message")


@given(st.text(), st.text())
def test_what_a_dialogue_carries_comes_back(channel, private):
    assert read_private(write_private(channel, private)) == {"channel": channel, "private": private}


@given(st.text() | st.sampled_from(["", "[]", "null", "{}", '{"channel": 1}']))
def test_what_others_put_there_does_no_harm(text):
    assert set(read_private(text)) == {"channel", "private"}
