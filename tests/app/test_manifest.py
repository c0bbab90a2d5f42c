import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from slack_bolt.async_app import AsyncApp

from bot.cli import main, parsed
from bot.registry import COMMANDS
from bot.settings import Settings
from bot.slack.app import build_app
from bot.slack.client.web_client import SlackClient
from bot.slack.dispatcher import Dispatcher
from bot.slack.manifest import EVENTS, SHORTCUT_NAMES, manifest

ROOT = Path(__file__).resolve().parents[2]
URL = "https://portero.example.com/"
SOCKET, HTTP, WORKFLOW = manifest(), manifest(URL), manifest(workflow=True)
TYPES = {"string", "integer", "slack#/types/user_id", "slack#/types/channel_id"}

SCOPES = {"channels:read", "chat:write", "chat:write.public", "commands", "files:read", "files:write", "groups:read"}
SCOPES |= {"app_mentions:read", "assistant:write", "im:history", "im:write", "usergroups:read", "users:read"}
EVENT_NAMES = {"app_home_opened", "app_mention", "app_uninstalled", "function_executed", "tokens_revoked"}
EVENT_NAMES |= {"channel_unarchive", "group_unarchive", "member_joined_channel"}  # channels:read, groups:read
EVENT_NAMES |= {"message.im"}  # im:history

METHODS = {
    "chat.postMessage": "chat:write",
    "conversations.open": "im:write",
    "files.getUploadURLExternal": "files:write",
    "usergroups.list": "usergroups:read",
    "users.info": "users:read",
    "users.conversations": "channels:read",
}


class Recorder:
    """What is registered with Bolt, by kind."""

    def __init__(self, monkeypatch):
        self.names = {"command": [], "event": [], "message_shortcut": [], "global_shortcut": [], "function": []}
        for kind in self.names:
            monkeypatch.setattr(AsyncApp, kind, self._noting(kind, getattr(AsyncApp, kind)))

    def _noting(self, kind, method):
        def register(app, name, *args, **options):
            self.names[kind].append(name)
            return method(app, name, *args, **options)

        return register


@pytest.fixture
async def registered(monkeypatch, services):
    recorder = Recorder(monkeypatch)
    client = SlackClient(token="xoxb-1")
    build_app(Settings(signing_secret="s"), client, Dispatcher(services, client, session=None))
    return recorder.names


async def test_commands_of_the_manifest_are_those_that_are_listened_to(registered):
    assert [one["command"] for one in SOCKET["features"]["slash_commands"]] == registered["command"]


async def test_shortcuts_of_the_manifest_are_those_that_are_listened_to(registered):
    shortcuts = SOCKET["features"].get("shortcuts", [])
    by_kind = {kind: [one["callback_id"] for one in shortcuts if one["type"] == kind] for kind in ("message", "global")}
    assert {kind: sorted(names) for kind, names in by_kind.items()} == {
        "message": sorted(registered["message_shortcut"]),
        "global": sorted(registered["global_shortcut"]),
    }
    assert set(SHORTCUT_NAMES) <= set(by_kind["message"])
    assert max(map(len, by_kind.values())) <= 5


async def test_events_of_the_manifest_are_those_that_are_listened_to(registered):
    named = [event for event in registered["event"] if isinstance(event, str)]
    assert SOCKET["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert [event.partition(".")[0] for event in EVENTS] == named
    assert [event for event in registered["event"] if not isinstance(event, str)] == [re.compile(".*")]


async def test_no_step_of_a_workflow_is_forgotten(registered):
    assert sorted(WORKFLOW["functions"]) == sorted(registered["function"])


def test_steps_of_workflows_are_in_a_manifest_of_their_own():
    """Slack refuses `functions` in an app that cannot be installed for an organisation."""
    assert {"functions", "function_runtime"} & {*SOCKET, *SOCKET["settings"]} == set()
    settings = WORKFLOW["settings"]
    assert (settings["org_deploy_enabled"], settings["function_runtime"]) == (True, "remote")
    assert set(settings["event_subscriptions"]["bot_events"]) - set(EVENTS) == {"function_executed"}
    without = {**WORKFLOW, "settings": {**settings, **SOCKET["settings"]}}
    del without["functions"], without["settings"]["function_runtime"]
    assert without == SOCKET
    assert manifest(URL, workflow=True)["settings"]["event_subscriptions"]["request_url"].startswith(URL)


def test_what_a_step_takes_and_gives_is_typed_as_slack_has_it():
    for name, step in WORKFLOW["functions"].items():
        assert len(name) <= 100
        assert {"title", "description", "input_parameters", "output_parameters"} == set(step)
        assert {"user_id", "channel_id"} <= set(step["input_parameters"]["properties"])
        assert step["input_parameters"]["required"][-1] == "user_id"
        for side in ("input_parameters", "output_parameters"):
            assert set(step[side]["required"]) <= set(step[side]["properties"])
            assert {one["type"] for one in step[side]["properties"].values()} <= TYPES


async def test_an_uninstalled_app_is_noted(serving, ws, caplog):
    async with serving():
        done = await ws.event("app_uninstalled")
    assert done.error == ""
    assert "until it is installed again" in caplog.text


def test_scopes_and_events_are_names_that_slack_knows():
    scopes = SOCKET["oauth_config"]["scopes"]
    assert set(scopes["bot"]) | set(scopes["bot_optional"]) == SCOPES
    assert not set(scopes["bot"]) & set(scopes["bot_optional"])
    assert set(EVENTS) <= EVENT_NAMES


def test_the_scopes_allow_what_the_bot_calls():
    scopes = SOCKET["oauth_config"]["scopes"]
    assert set(METHODS.values()) <= set(scopes["bot"]) | set(scopes["bot_optional"])


async def test_everything_works_with_the_scopes_of_the_manifest(serving, ws, services):
    ws.state.scopes = frozenset(SOCKET["oauth_config"]["scopes"]["bot"])
    async with serving() as stage:
        await stage.type("/echo hello", channel="general")
    assert [call.error for call in ws.log if call.error] == []


@pytest.mark.parametrize("made", [SOCKET, HTTP], ids=["socket", "http"])
def test_nothing_is_longer_than_slack_takes(made):
    about, features = made["display_information"], made["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert re.fullmatch("#[0-9a-f]{6}", about["background_color"])
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z]{1,31}", command["command"])
        assert 0 < len(command["description"]) <= 120
        assert len(command["usage_hint"]) <= 60
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert 1 <= len(features["agent_view"]["suggested_prompts"]) <= 4
    for shortcut in features.get("shortcuts", []):
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150


def test_http_mode_names_its_url_everywhere_and_socket_mode_nowhere():
    target = "https://portero.example.com/slack/events"
    assert json.dumps(HTTP).count(f'"{target}"') == len(COMMANDS) + 2
    assert "https://" not in json.dumps(SOCKET)
    assert (SOCKET["settings"]["socket_mode_enabled"], HTTP["settings"]["socket_mode_enabled"]) == (True, False)


def test_the_command_prints_it_with_steps_of_workflows(capsys):
    assert main(["manifest", "--workflow"]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == WORKFLOW
    assert main(["manifest", "--workflow", "--mode", "http", "--url", URL]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == manifest(URL, workflow=True)


def test_the_command_prints_it(capsys):
    assert main(["manifest"]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == SOCKET
    assert main(["manifest", "--mode", "http", "--url", URL]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == HTTP


@pytest.mark.parametrize("argv", [[], ["--mode", "http", "--url", URL]], ids=str)
def test_a_link_carries_the_whole_manifest_and_is_not_too_long(argv, capsys):
    """Slack documents no length; 8,000 octets are what servers take in a request line at the least (RFC 9112)."""
    assert main(["manifest", *argv]) == 0
    made = yaml.safe_load(capsys.readouterr().out)
    assert main(["manifest", *argv, "--link"]) == 0
    link = capsys.readouterr().out.strip()
    asked = parse_qs(urlsplit(link).query)
    assert asked["new_app"] == ["1"]
    assert json.loads(asked["manifest_json"][0]) == made
    assert len(link) < 8000


def test_a_link_is_not_made_where_it_would_be_too_long(capsys):
    assert main(["manifest", "--workflow", "--link"]) == 2
    assert "too long for a link" in capsys.readouterr().err


def test_the_hooks_of_slacks_cli_name_the_manifest_and_the_bot(capsys):
    """The CLI adds the folder of the project, and reads the first object that is printed."""
    hooks = json.loads((ROOT / ".slack/hooks.json").read_text(encoding="utf-8"))["hooks"]
    program, *argv = hooks["get-manifest"].split()
    assert program == ".venv/bin/portero"
    assert main([*argv, "--source=/srv/portero"]) == 0
    assert json.loads(capsys.readouterr().out) == SOCKET
    assert parsed(hooks["start"].split()[1:]).for_slack


def test_an_app_without_agents_has_neither_their_view_nor_their_scope(capsys):
    assert main(["manifest", "--no-agent"]) == 0
    made = yaml.safe_load(capsys.readouterr().out)
    assert "agent_view" not in made["features"]
    assert "assistant:write" not in made["oauth_config"]["scopes"]["bot"]
    assert made["settings"] == SOCKET["settings"]


@pytest.mark.parametrize("argv", [["--mode", "http"], ["--url", URL]])
def test_a_mode_without_its_url_is_wrong_use(argv, capsys):
    assert main(["manifest", *argv]) == 2
    assert "--url goes with --mode http" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["http://portero.example.com", "ftp://x", "portero.example.com", "https://", "https://x?y"]
)
def test_a_url_that_slack_refuses_is_refused(url, capsys):
    assert main(["manifest", "--mode", "http", "--url", url]) == 2
    assert "not an https:// URL" in capsys.readouterr().err


def test_the_path_of_the_events_is_not_doubled(capsys):
    assert main(["manifest", "--mode", "http", "--url", f"{URL}slack/events"]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == HTTP
