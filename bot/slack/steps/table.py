"""The steps that Portero brings to Workflow Builder: what each takes, what it gives, which command does it.

Who asks is an input: the event of a run names nobody, so whoever builds the workflow says whose name it runs in (the
person who used it, or somebody fixed where a schedule starts it). That person has to be one whom Portero serves, and
their limits count. Since a builder may name anybody, a step sees nothing of what that person asked before, and an
admin's name opens nothing more.

Sources: docs.slack.dev, tools/bolt-python/tutorial/custom-steps (2026-05-29); slackapi/manifest-schema, v2 (0.5.0).
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.services import Services
from commands.contract import Handler, Request, Step, UserError
from commands.pmta.handler import COMMAND as PMTA
from commands.smtpcheck.arguments import parse_arguments, parse_network
from commands.smtpcheck.handler import COMMAND as SMTPCHECK
from commands.smtpport.handler import COMMAND as SMTPPORT

USER, CHANNEL = "slack#/types/user_id", "slack#/types/channel_id"
WHO, WHERE = "user_id", "channel_id"


@dataclass(frozen=True, slots=True)
class Parameter:
    """`name` as programs have it, `title` and `about` as people read them in Workflow Builder."""

    name: str
    title: str
    about: str
    type: str = "string"
    required: bool = True


@dataclass(frozen=True, slots=True)
class WorkflowStep:
    """`handle` gets the inputs as `Request.form`; the facts of its answer are the outputs, by their names."""

    callback: str
    title: str
    about: str
    command: str
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]
    handle: Handler[Services]


async def check(request: Request, services: Services) -> AsyncIterator[Step]:
    asked = {"target": request.form.get("host"), "ports": str(request.form.get("ports") or "").split()}
    host = str(asked["target"] or "")
    if parse_network(host, services.ports) is not None:
        raise UserError("This step checks a host.", "Type one, such as `mail.example.com`.")
    parse_arguments(host, services.ports, flags=())  # one host, which the form may not insist on
    async for step in SMTPCHECK.forms["check"](replace(request, form=asked), services):
        yield step


async def advise(request: Request, services: Services) -> AsyncIterator[Step]:
    async for step in SMTPPORT.handle(replace(request, text=str(request.form.get("question") or "")), services):
        yield step


async def validate(request: Request, services: Services) -> AsyncIterator[Step]:
    async for step in PMTA.forms["check"](request, services):
        yield step


ASKER = (
    Parameter(WHO, "Who asks", "Their limits count, and it is logged as theirs", USER),
    Parameter(
        WHERE, "Where the whole answer goes", "Without a channel it goes to them directly", CHANNEL, required=False
    ),
)
VERDICT = Parameter("verdict", "Verdict", "ok, degraded, failed, blocked_here or unknown")
PORT = Parameter("port", "Port", "The port to use, if there is one", "integer", required=False)
TLS = Parameter("tls", "TLS", "starttls, implicit or none: on that port", required=False)
SUMMARY = Parameter("summary", "Summary", "The result in a sentence or two")
LINK = Parameter("link", "Link to the result", "Where the whole answer stands", required=False)

STEPS = (
    WorkflowStep(
        "check_mail_host",
        "Check a mail host",
        "Which SMTP port answers, what is wrong, and whose side the fault is on",
        "smtpcheck",
        (
            Parameter("host", "Host", "A host, a domain, an address or an e-mail address"),
            Parameter("ports", "Ports", "Such as 25 587; all of them unless you name some", required=False),
            *ASKER,
        ),
        (VERDICT, PORT, TLS, SUMMARY, LINK),
        check,
    ),
    WorkflowStep(
        "which_smtp_port",
        "Which port",
        "Which SMTP port to use for a provider, a network or a purpose, and why",
        "smtpport",
        (Parameter("question", "Question", "In your own words: sparkpost from google cloud"), *ASKER),
        (Parameter("verdict", "Verdict", "ok, or failed where no port is left"), PORT, TLS, SUMMARY, LINK),
        advise,
    ),
    WorkflowStep(
        "validate_pmta_config",
        "Validate PowerMTA config",
        "What is wrong, useless or dangerous in a PowerMTA configuration",
        "pmta",
        (Parameter("config", "Config", "The configuration, or a part of it"), *ASKER),
        (
            Parameter("verdict", "Verdict", "error, danger, warning, notice or ok: the worst that was found"),
            Parameter("errors", "Errors", "How many of them and of dangers", "integer"),
            SUMMARY,
            LINK,
        ),
        validate,
    ),
)


def functions() -> dict[str, Any]:
    """As the manifest declares them."""
    return {
        step.callback: {
            "title": step.title,
            "description": step.about,
            "input_parameters": _declared(step.inputs),
            "output_parameters": _declared(step.outputs),
        }
        for step in STEPS
    }


def _declared(parameters: tuple[Parameter, ...]) -> dict[str, Any]:
    return {
        "properties": {
            one.name: {"type": one.type, "title": one.title, "description": one.about} for one in parameters
        },
        "required": [one.name for one in parameters if one.required],
    }


def outputs_of(step: WorkflowStep, facts: Mapping[str, Any], link: str) -> dict[str, Any]:
    """Those that are declared and known. Slack refuses any other, and nothing that is empty says anything."""
    known = {**facts, "link": link}
    return {one.name: known[one.name] for one in step.outputs if known.get(one.name) not in (None, "")}
