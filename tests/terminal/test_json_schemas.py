"""The published schemas are those of the documents that are really printed and sent."""

import asyncio
import json
from datetime import time

from bot.cli import main
from bot.doctor import view as doctor
from bot.doctor.examination import Examined
from bot.doctor.result.codes import Code, Found
from bot.doctor.table import CHECKS
from bot.terminal.check_places import document as of_places
from bot.terminal.json_schemas import schema
from bot.terminal.watch import document as of_watches
from bot.watches.notifiers.webhook import document as alert
from commands.smtpcheck.result.sentences.choice import with_words
from commands.smtpcheck.stored.document import to_document
from commands.watch.state.model import Incident, Second, Silence, State, Unseen
from commands.watch.state.rows import to_row
from commands.watch.state.story import Story
from commands.watch.state.windows import Window
from commands.watch.view.incident_files import as_json
from tests.histories import history_at
from tests.smtpcheck.labs import checked, in_words, probing
from tests.smtpcheck.test_network import asked
from tests.watch.samples import HOUR, NOON, a_watch
from tests.watch.test_mail import event
from tests.watch.test_webhook import delivery

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
HOSTS = ("mail.lab.example", "expired.lab.example", "hostile.lab.example", "nosuch.lab.example", "masked.lab.example")


def problems(made, of, at="$"):
    """What of a document is not as the schema says; also names that it does not have."""
    if "anyOf" in of:
        tried = [list(problems(made, one, at)) for one in of["anyOf"]]
        yield from () if [] in tried else tried[0]
    elif of.get("type") == "null" or "const" in of:
        yield from () if made == of.get("const") else [f"{at}: {made!r}"]
    elif "enum" in of:
        yield from () if made in of["enum"] else [f"{at}: {made!r}"]
    elif "type" in of:
        right = isinstance(made, TYPES[of["type"]]) and (of["type"] == "boolean") == isinstance(made, bool)
        yield from _inside(made, of, at) if right else [f"{at}: {made!r} is no {of['type']}"]


def _inside(made, of, at):
    if isinstance(made, list):
        for number, one in enumerate(made):
            yield from problems(one, of["items"], f"{at}[{number}]")
    elif isinstance(made, dict):
        named, rest = of.get("properties", {}), of.get("additionalProperties")
        yield from (f"{at}: lacks {name}" for name in of.get("required", ()) if name not in made)
        for name, one in made.items():
            told = named.get(name, rest)
            yield from [f"{at}: has {name}, too"] if told is None else problems(one, told, f"{at}.{name}")


def fits(made):
    assert list(problems(json.loads(json.dumps(made)), schema(made["schema"]))) == []


def test_a_document_that_does_not_fit_is_told():
    wrong = {"schema": "portero.log/1", "changes": [{"at": 3, "more": 1}]}
    found = list(problems(wrong, schema("portero.log/1")))
    assert "$.changes[0].at: 3 is no string" in found
    assert {"$.changes[0]: has more, too", "$.changes[0]: lacks actor"} <= set(found)


async def test_checks_fit():
    async with probing() as (_, prober):
        for host in HOSTS:
            fits(in_words(await checked(prober, host)))


async def test_what_our_network_lets_out_fits(tmp_path):
    history = await history_at(tmp_path / "portero.db")
    _, _, entry = await asked("network", history)
    await history.close()
    fits(with_words(entry.document))


TYPED = (
    "port sparkpost from hetzner",
    "port 465",
    "port 587 times out from linode with ses",
    "port printer to office 365",
    "pmta config",
    "pmta config other",
    "settings",
    "log",
)


def test_what_the_terminal_prints_fits(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORTERO_DATABASE", str(tmp_path / "portero.db"))
    (tmp_path / "config").write_text("smtp-listner 0/0:25\n<source 0/0>\nalways-allow-relaying yes\n</source>\n")
    (tmp_path / "other").write_text("include missing.conf\n")
    asyncio.run(an_empty_history(tmp_path / "portero.db"))
    for typed in TYPED:
        assert main([*typed.split(), "--json"]) <= 1
        fits(json.loads(capsys.readouterr().out))


async def an_empty_history(path):
    await (await history_at(path)).close()


def test_incidents_fit():
    over = Story("w-1.1", (event(), event("acked", 2, facts={"who": "U2"}), event("recovered", 3)))
    fits(json.loads(as_json([over, Story("w-1.2", (event(),))], NOON, {})))


def test_watches_fit():
    silence = Silence("U1", NOON, NOON + HOUR, "works")
    incident = Incident("w-1.1", NOON, ("refused a:25",), acked_by="U2", acked_at=NOON, began={"refused a:25": "x"})
    state = State("down", incident=incident, unseen=Unseen(NOON, 3, "unknown"), places={"a:25": ("down", "x")})
    full = a_watch(
        then=Second("U2", HOUR), paused=silence, muted=silence, tags=("prod",), routes={"mail": ("a@b.example",)},
        windows=(Window(time(2), time(4), "UTC", frozenset({6})),), state=state, ports=(25,),
    )  # fmt: skip
    fits(of_watches([to_row(a_watch()), to_row(full)]))


async def test_checks_from_several_places_fit():
    async with probing() as (_, prober):
        seen = await checked(prober, HOSTS[0])
    fits(of_places(HOSTS[0], {"local": to_document(seen), "mta-03": to_document(seen)}))


def test_alerts_and_the_doctor_fit():
    fits(alert(delivery("https://hooks.example.com/")))
    found = (Found(Code.PROXY_NONE, {}), Found(Code.PORT_BLOCKED, {"port": 25, "silent": "mx.example"}))
    fits(doctor.document([Examined(CHECKS[0], found)], []))
