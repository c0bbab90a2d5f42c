"""Every way out of the process is a named opener with a policy. SECURITY.md has the table of them."""

import ast
import re

import pytest

from tests.every import every

from .sources import ROOT, imports, modules, name_of

OPENERS = {
    "bot.ehlo_name": {"socket.socket"},
    "bot.doctor.checks.listening": {"aiohttp.ClientSession"},
    "bot.operations.systemd": {"socket.socket"},
    "bot.slack.client.web_client": {"slack_sdk.web.async_client.AsyncWebClient"},
    "bot.slack.client.session": {"aiohttp.ClientSession", "aiohttp.TCPConnector", "socket.socket"},
    "bot.slack.transports.socket_mode": {"slack_bolt.adapter.socket_mode.aiohttp.AsyncSocketModeHandler"},
    "bot.validation.validator": {"subprocess.Popen"},
    "bot.vantages.link": {"nats.aio.client.Client"},
    "bot.vantages.managed": {"subprocess.Popen"},
    "bot.watches.notifiers.alertmanager": {"aiohttp.ClientSession"},
    "bot.watches.notifiers.apprise": {"apprise"},
    "bot.watches.notifiers.mail": {"aiosmtplib.send"},
    "commands.smtpcheck.lookup.question": {"dns.asyncresolver.Resolver"},
    "commands.smtpcheck.wire.connection": {"socket.socket", ".sock_connect"},
}
"""Who opens connections, and with what. `commands.smtpcheck.https.client` speaks over what `connection` opened."""

POLICIES = (*OPENERS, "commands.smtpcheck.https.client")
DEMO = ("bot.demo",)
"""The demo's own servers and their clients: on loopback, and nothing outside the demo and the tests imports them."""

LIBRARIES = re.compile(
    r"(?:urllib\.request|urllib3|http\.client|xmlrpc|requests|apprise|httpx|httplib2|pycurl|websockets?|wsproto|paramiko|asyncssh"
    r"|smtplib|ftplib|imaplib|poplib|nntplib|telnetlib|socketserver|multiprocessing\.connection|logging\.handlers"
    r"|dns\.(?:query|asyncquery|zone|xfr|asyncbackend)|aiodns|pycares|anyio|httpcore|trio|webbrowser|_socket|_ssl"
    r"|xml\.sax\.saxutils\.prepare_input_source|slack_sdk\.(?:web\.client|webhook\.client|rtm\w*|scim\.\w+|audit_logs\.\w+))(?:\..+)?"
)
"""Nobody imports these: what they open goes through no opener."""

CALLS = re.compile(
    r"asyncio\.(?:open_connection|open_unix_connection|create_subprocess_\w+|subprocess\.create_\w+)"
    r"|subprocess\.(?:Popen|run|call|check_call|check_output|getoutput|getstatusoutput)"
    r"|os\.(?:system|popen|exec\w+|spawn\w+|posix_spawnp?|fork|forkpty)|pty\.spawn|multiprocessing\.(?:Process|Pool)"
    r"|prometheus_client\.(?:\w+\.)*(?:push\w*_to_gateway|pushadd_to_gateway|delete_from_gateway|start_\w*_server|write_to_\w+)"
    r"|xml\.(?:sax|dom|etree)\b.*\.(?:parse|make_parser|iterparse)"
    r"|socket\.(?:socket|SocketType|create_connection|fromfd|getaddrinfo|getnameinfo|gethostby\w+|getfqdn)"
    r"|ssl\.(?:get_server_certificate|SSLSocket)"
    r"|aiohttp\.(?:ClientSession|request|\w*Connector|client\..+|connector\..+)"
    r"|aiosmtplib\.(?:SMTP|send)"
    r"|nats\.(?:aio\.client\.Client|connect|NATS)"
    r"|dns\.(?:resolver|asyncresolver)\.(?:\w*Resolver|resolve\w*|query|\w*_default_resolver|zone_for_name|make_resolver_at\w*|try_ddr)"
    r"|slack_(?:sdk|bolt)\..*(?:Client|SocketModeHandler|App)|slack_(?:sdk|bolt)\.\w*(?:Client|App)"
)
METHODS = {
    "create_connection", "create_unix_connection", "create_datagram_endpoint", "sock_connect", "sock_sendto",
    "connect_ex", "make_socket", "getaddrinfo", "getnameinfo", "open_connection", "ws_connect", "urlopen",
    "urlretrieve", "subprocess_exec", "subprocess_shell",
}  # fmt: skip
"""Methods of the event loop and of sessions, whatever the object is called."""

BARE = {"socket", "ssl", "subprocess", "create_subprocess_exec", "ClientSession"}
"""Names that are as good as a way out where something is taken by its name."""

WEB, HOOK = "slack_sdk.web.async_client", "slack_sdk.webhook.async_client"
GIVEN = {
    "asyncio.open_connection": "sock",
    "aiosmtplib.SMTP": "sock",
    "slack_bolt.async_app.AsyncApp": "client",
    f"{WEB}.AsyncWebClient": "session",
    f"{HOOK}.AsyncWebhookClient": "session",
}
"""What opens nothing when it is handed what somebody else opened."""


def names_of(tree):
    """What the names of a module stand for: `aiohttp.ClientSession` for `ClientSession`."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname or alias.name.partition(".")[0]: alias for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {
                alias.asname or alias.name: ast.alias(f"{node.module}.{alias.name}", "as") for alias in node.names
            }
    return {name: alias.name if alias.asname else alias.name.partition(".")[0] for name, alias in found.items()}


def dotted(node, names):
    """The full name of an expression, or nothing for one that begins with something else than an imported name."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value, names)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def annotations_in(tree):
    """The nodes that only say what type something has."""
    roots = [getattr(node, part, None) for node in ast.walk(tree) for part in ("annotation", "returns")]
    return {id(inner) for root in roots if root is not None for inner in ast.walk(root)}


def handed_over(tree, names):
    """The nodes that name a class or a function which is given the connection, the session or the client to use."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {id(call.func) for call in calls if GIVEN.get(dotted(call.func, names)) in words_given(call)}


def words_given(call):
    """The keywords of a call that bring something: `session=None` brings nothing."""
    nothing = [word for word in call.keywords if isinstance(word.value, ast.Constant) and word.value.value is None]
    return {word.arg for word in call.keywords if word not in nothing and word.arg}


def named(tree):
    """The modules and functions that a text in the code names, for import_module, __import__ and getattr."""
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {text.value for text in texts if re.fullmatch(r"[\w.]{3,80}", text.value)}


def asked_by_name(tree):
    """Whether something is imported, or taken out of an object, by a name that is a text."""
    uses = {"import_module", "__import__", "getattr"}
    return any(
        isinstance(node, ast.Call) and (getattr(node.func, "id", "") in uses or getattr(node.func, "attr", "") in uses)
        for node in ast.walk(tree)
    )


def by_name(tree):
    """Ways out that are taken by their names."""
    if not asked_by_name(tree):
        return set()
    return {
        text for text in named(tree) if LIBRARIES.fullmatch(text) or CALLS.fullmatch(text) or text in METHODS | BARE
    }


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def ways_out(source):
    """Everything in a module that could open a connection or look a name up."""
    tree = ast.parse(source)
    names = names_of(tree)
    harmless = annotations_in(tree) | handed_over(tree, names)
    found = {module for module in imported(tree) if LIBRARIES.fullmatch(module)} | by_name(tree)
    for node in ast.walk(tree):
        if id(node) in harmless or not isinstance(node, ast.Name | ast.Attribute):
            continue
        name = dotted(node, names)
        if CALLS.fullmatch(name) or LIBRARIES.fullmatch(name):
            found.add(name)
        elif isinstance(node, ast.Attribute) and node.attr in METHODS:
            found.add(f".{node.attr}")
    return found


def is_demo(name):
    return any(name == one or name.startswith(f"{one}.") for one in DEMO)


def test_only_openers_open_connections():
    found = {name_of(path): ways_out(path.read_text(encoding="utf-8")) for path in modules()}
    assert {name: ways for name, ways in found.items() if ways and not is_demo(name)} == OPENERS


@pytest.mark.parametrize("name", POLICIES)
def test_an_opener_states_its_policy(name):
    path = ROOT / f"{name.replace('.', '/')}.py"
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert "\nPolicy: " in said


def test_the_table_of_openers_is_true():
    said = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w/]+\.py)` \|", said, re.MULTILINE)
    assert sorted(rows) == sorted(f"{name.replace('.', '/')}.py" for name in POLICIES)


def test_only_its_command_imports_the_demo():
    users = {name_of(path) for path in modules() if any(map(is_demo, imports(path)))}
    assert {name for name in users if not is_demo(name)} == {"bot.terminal.demo"}


@every(
    [
        ("import asyncio\nasyncio.open_connection('a', 1, sock=None)", "asyncio.open_connection"),
        (f"from {HOOK} import AsyncWebhookClient as W\nW(u, session=None)", f"{HOOK}.AsyncWebhookClient"),
        ("from prometheus_client import push_to_gateway\npush_to_gateway(u)", "prometheus_client.push_to_gateway"),
        ("import subprocess\nsubprocess.run(['curl'])", "subprocess.run"),
        ("from subprocess import Popen\nPopen(a)", "subprocess.Popen"),
        ("import subprocess\nraise subprocess.CalledProcessError", ""),
        ("import os\nos.system('curl')", "os.system"),
        ("import os\nos.posix_spawn(a)", "os.posix_spawn"),
        ("import asyncio\nasyncio.create_subprocess_exec('curl')", "asyncio.create_subprocess_exec"),
        ("def f(loop): loop.subprocess_shell(p, 'curl')", ".subprocess_shell"),
        ("import importlib\nimportlib.import_module('smtplib')", "smtplib"),
        ("from importlib import import_module\nimport_module('urllib.request')", "urllib.request"),
        ("__import__('socket')", "socket"),
        ("import asyncio\ngetattr(asyncio, 'open_connection')('a', 1)", "open_connection"),
        ("import aiohttp\ngetattr(aiohttp, 'ClientSession')()", "ClientSession"),
        ("getattr(record, 'name')", ""),
        ("from dns.asyncresolver import make_resolver_at\nmake_resolver_at('a')", "dns.asyncresolver.make_resolver_at"),
        ("import dns.zone", "dns.zone"),
        ("from dns import query\nquery.xfr('a', 'b')", "dns.query"),
        ("from dns.asyncbackend import get_default_backend", "dns.asyncbackend"),
        ("def f(backend): backend.make_socket(a)", ".make_socket"),
        ("import _socket", "_socket"),
        ("import aiodns", "aiodns"),
        ("import pycares", "pycares"),
        ("import anyio", "anyio"),
        ("import httpx", "httpx"),
        ("import webbrowser\nwebbrowser.open(u)", "webbrowser"),
        ("import xml.sax\nxml.sax.parse(u, h)", "xml.sax.parse"),
        ("import asyncio\nasyncio.open_connection('a', 1)", "asyncio.open_connection"),
        ("from asyncio import open_connection as go\ngo('a', 1)", "asyncio.open_connection"),
        ("import asyncio as aio\naio.open_unix_connection('a')", "asyncio.open_unix_connection"),
        ("import asyncio\nasyncio.get_running_loop().create_connection(f, 'a', 1)", ".create_connection"),
        ("def f(loop): loop.create_datagram_endpoint(g)", ".create_datagram_endpoint"),
        ("def f(loop, sock): loop.sock_connect(sock, a)", ".sock_connect"),
        ("import socket\nsocket.socket()", "socket.socket"),
        ("import socket as s\nmake = s.socket", "socket.socket"),
        ("from socket import create_connection\ncreate_connection(a)", "socket.create_connection"),
        ("import socket\nsocket.gethostbyname('a')", "socket.gethostbyname"),
        ("from aiohttp import ClientSession\nClientSession()", "aiohttp.ClientSession"),
        ("import aiohttp\naiohttp.ClientSession()", "aiohttp.ClientSession"),
        ("import aiohttp.client\naiohttp.client.ClientSession()", "aiohttp.client.ClientSession"),
        ("from aiohttp import request", ""),
        ("from aiohttp import request\nrequest('GET', u)", "aiohttp.request"),
        ("from aiohttp import ClientSession as S\nfield(default_factory=S)", "aiohttp.ClientSession"),
        ("from aiohttp import TCPConnector\nclass Mine(TCPConnector): pass", "aiohttp.TCPConnector"),
        ("def f(session): session.ws_connect(u)", ".ws_connect"),
        ("import urllib.request", "urllib.request"),
        ("from urllib import request", "urllib.request"),
        ("from urllib.parse import urlsplit\nurlsplit('a')", ""),
        ("import http.client", "http.client"),
        ("from http import client", "http.client"),
        ("import smtplib", "smtplib"),
        ("import requests", "requests"),
        ("import httpx as h", "httpx"),
        ("import aiosmtplib\naiosmtplib.send(m)", "aiosmtplib.send"),
        ("import aiosmtplib\naiosmtplib.SMTP(hostname='a')", "aiosmtplib.SMTP"),
        ("import aiosmtplib\naiosmtplib.SMTP(sock=s)", ""),
        ("from aiosmtplib import SMTP\nSMTP('a')", "aiosmtplib.SMTP"),
        ("import dns.asyncquery", "dns.asyncquery"),
        ("import dns.resolver\ndns.resolver.resolve('a')", "dns.resolver.resolve"),
        ("import dns.resolver\nraise dns.resolver.NXDOMAIN", ""),
        ("from dns.asyncresolver import Resolver\nResolver()", "dns.asyncresolver.Resolver"),
        ("import asyncio\nasyncio.open_connection(sock=s)", ""),
        ("from slack_sdk import WebClient\nWebClient()", "slack_sdk.WebClient"),
        (f"from {WEB} import AsyncWebClient as C\nC('t')", f"{WEB}.AsyncWebClient"),
        (f"from {WEB} import AsyncWebClient as C\nC('t', session=s)", ""),
        (f"from {WEB} import AsyncWebClient as C\ndef f(c: C) -> C: ...", ""),
        (f"from {HOOK} import AsyncWebhookClient as W\nW(u)", f"{HOOK}.AsyncWebhookClient"),
        ("from slack_bolt.async_app import AsyncApp\nAsyncApp()", "slack_bolt.async_app.AsyncApp"),
        ("from logging.handlers import HTTPHandler", "logging.handlers.HTTPHandler"),
        ("import socket\ndef f(s: socket.socket | None) -> socket.socket: ...", ""),
    ]
)  # fmt: skip
def test_the_walk_sees_a_way_out(source, way):
    assert (way in ways_out(source)) if way else ways_out(source) == set()
