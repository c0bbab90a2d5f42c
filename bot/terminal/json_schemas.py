"""The JSON that Portero prints and sends, as JSON Schema (2020-12): docs/schemas/. Data; words come from their tables.

A later version may add fields; it takes none away and changes no meaning without another number behind the name.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias, get_args

from bot.doctor.result.codes import Code as DoctorCode
from bot.doctor.result.codes import State as DoctorState
from commands.pmta.findings.model import DOCUMENTED, INFERRED, SEVERITIES
from commands.smtpcheck.result.findings import Code
from commands.smtpcheck.result.scales import Severity
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.result.states import State, TlsState
from commands.watch.state import rows
from commands.watch.state.events import EventKind
from commands.watch.state.model import KINDS, Phase

Schema: TypeAlias = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
TRUTH: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ANYTHING: Schema = {}


def words(*allowed: object) -> Schema:
    return {"enum": [str(one) for one in allowed]}


def several(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def each(of: Schema) -> Schema:
    """An object whose names are not fixed."""
    return {"type": "object", "additionalProperties": of}


def maybe(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "null"}]}


def fields(optional: Mapping[str, Schema] | None = None, /, **required: Schema) -> Schema:
    """An object; a name that is a word of Python ends with `_` here."""
    named = {name.removesuffix("_"): one for name, one in required.items()}
    return {"type": "object", "properties": {**named, **(optional or {})}, "required": list(named)}


def headed(name: str, one: Schema) -> Schema:
    """An object that says which document it is."""
    return {
        **one,
        "properties": {"schema": {"const": name}, **one["properties"]},
        "required": ["schema", *one["required"]],
    }


FINDING = fields(code=words(*Code), severity=words(*Severity.__members__), params=each(ANYTHING), message=TEXT)
TRANSCRIPT = several(fields(at_ms=NUMBER, from_=words("client", "server"), text=TEXT))
BOTH = fields(before_tls=several(TEXT), after_tls=several(TEXT))
CERTIFICATE = fields(
    subject=TEXT, issuer=TEXT, names=several(TEXT), not_before=maybe(MOMENT), not_after=maybe(MOMENT),
    days_left=maybe(WHOLE), key=TEXT, sha256=TEXT, trusted=TRUTH, name_matches=TRUTH,
)  # fmt: skip
TLS = fields(
    {"versions": each(TEXT), "suites": each(TEXT)},
    mode=words("starttls", "implicit"), state=words(*TlsState), version=maybe(TEXT), cipher=maybe(TEXT),
    certificate=maybe(CERTIFICATE),
)  # fmt: skip
ENDPOINT = fields(
    host=TEXT, address=TEXT, port=WHOLE, state=words(*State), extensions=BOTH, auth=BOTH, tls=maybe(TLS),
    greeting=maybe(fields(code=WHOLE, text=TEXT, delay_ms=NUMBER)), timings_ms=each(NUMBER),
    findings=several(FINDING), transcript=TRANSCRIPT,
)  # fmt: skip
RESULT = {
    "id": TEXT, "target": TEXT, "vantage": TEXT, "started_at": MOMENT, "elapsed_ms": NUMBER,
    "verdict": words(*WORDS.VERDICTS), "summary": TEXT,
}  # fmt: skip
CHECK = fields(
    {
        "deep": TRUTH,
        "fine_from": several(TEXT),
        "experiments": several(fields(host=TEXT, address=TEXT, port=WHOLE, purpose=TEXT, transcript=TRANSCRIPT)),
    },
    **RESULT,
    kind=TEXT,
    recommended=maybe(fields(port=WHOLE, tls=TEXT, reason=TEXT)),
    dns=fields(
        mx=several(fields(preference=WHOLE, host=TEXT)), null_mx=TRUTH, addresses=several(TEXT),
        findings=several(FINDING),
    ),
    endpoints=several(ENDPOINT),
    findings=several(FINDING),
)  # fmt: skip
NETWORK = fields(
    **RESULT,
    ports=several(
        fields(
            port=WHOLE, state=TEXT, by=TEXT, controls=several(fields(host=TEXT, outcome=TEXT, elapsed_ms=NUMBER)),
        )
    ),
)  # fmt: skip
CHOICE = {"port": WHOLE, "tls": words("starttls", "implicit", "none")}
PORT = fields(
    understood=each(ANYTHING),
    recommended=maybe(fields(**CHOICE)),
    certain=TRUTH,
    condition=maybe(TEXT),
    otherwise=maybe(fields(**CHOICE, certain=TRUTH)),
    lead=maybe(TEXT),
    general=TRUTH,
    reasons=several(TEXT),
    why=several(TEXT),
    fallbacks=several(fields({"host": TEXT}, **CHOICE, reason=TEXT)),
    avoid=several(fields(port=WHOLE, reason=TEXT)),
    provider=maybe(fields(name=TEXT, login=maybe(TEXT), note=maybe(TEXT))),
    network=maybe(
        fields(
            name=TEXT, scope=maybe(TEXT), state=maybe(TEXT), lift=maybe(TEXT), symptom=maybe(TEXT), note=maybe(TEXT),
        )
    ),
    about=several(
        fields(
            port=WHOLE, title=TEXT, registered=maybe(TEXT), tls=maybe(TEXT), story=several(TEXT),
            offered_by=several(TEXT),
        )
    ),
    host=maybe(TEXT),
    checkable=TRUTH,
    snippets=each(TEXT),
    shown=several(TEXT),
    diagnosis=maybe(fields(code=TEXT, side=TEXT, port_problem=TRUTH, certain=TRUTH, title=TEXT, message=TEXT)),
    undecided=TRUTH,
    readings=several(fields(code=TEXT, title=TEXT)),
    sources=several(TEXT),
)  # fmt: skip
PMTA = fields(
    {
        "more": several(fields(code=TEXT, rule=TEXT, severity=words(*SEVERITIES), count=WHOLE, endless=TRUTH)),
        "files": several(TEXT),
        "unread": several(
            fields(name=TEXT, why=TEXT, file=TEXT, line=WHOLE, circle=several(TEXT), decides=TRUTH)
        ),
    },
    findings=several(
        fields(
            {"file": TEXT, "state": words("new", "unchanged")},
            code=TEXT, rule=TEXT, severity=words(*SEVERITIES), line=WHOLE, column=WHOLE, end_column=WHOLE,
            message=TEXT, suggestion=maybe(TEXT), basis=words(DOCUMENTED, INFERRED),
        )
    ),
    secrets_masked=WHOLE,
    reflowed=TRUTH,
)  # fmt: skip
ALERT = fields(
    id=TEXT, kind=words(*get_args(EventKind)), incident=TEXT, at=MOMENT, since=MOMENT, watch=TEXT, watch_kind=TEXT,
    target=TEXT, team=TEXT, channel=TEXT, quiet=TRUTH, headline=TEXT, facts=each(ANYTHING),
)  # fmt: skip
OUTAGE = {
    "id": TEXT,
    "watch": TEXT,
    "target": TEXT,
    "since": MOMENT,
    "ended": maybe(MOMENT),
    "ending": TEXT,
    "seconds": WHOLE,
    "unwatched_seconds": WHOLE,
    "well_seconds": WHOLE,
    "failing": several(TEXT),
}
INCIDENTS = fields(
    incidents=several(
        fields(
            {"parts": several(fields(**OUTAGE))},
            **OUTAGE,
            kind=TEXT,
            channel=TEXT,
            acknowledged_by=maybe(TEXT),
            acknowledged_at=maybe(MOMENT),
            told=several(TEXT),
            flapping=TRUTH,
            runbook=maybe(TEXT),
            timeline=several(fields(at=MOMENT, kind=words(*get_args(EventKind)), text=TEXT)),
        )
    )
)
DOCTOR = fields(
    good=TRUTH,
    summary=TEXT,
    lines=several(
        fields(
            check=TEXT, state=words(*DoctorState), code=words(*DoctorCode), params=each(ANYTHING), message=TEXT,
            do=maybe(TEXT),
        )
    ),
    destinations=several(each(ANYTHING)),
)  # fmt: skip
SILENCE = maybe(fields(who=TEXT, at=MOMENT, until=maybe(MOMENT), why=TEXT))
OPEN = fields(
    id=TEXT, since=MOMENT, failing=several(TEXT), told=TRUTH, silenced=TRUTH, acked_by=TEXT, acked_at=maybe(MOMENT),
    note=TEXT, note_by=TEXT, entry=TEXT, events=WHOLE, message=TEXT, flapping=TRUTH, began=each(MOMENT),
    ever=several(TEXT), told_at=maybe(MOMENT), reminded_at=maybe(MOMENT), escalated_at=maybe(MOMENT),
    told_to=several(TEXT), kept=each(ANYTHING),
)  # fmt: skip
STATE = fields(
    phase=words(*get_args(Phase)), count=WHOLE, since=maybe(MOMENT), incident=maybe(OPEN), baseline=each(ANYTHING),
    serial=WHOLE, held=TEXT, later=TRUTH, slow=TRUTH, last_at=maybe(MOMENT), last_entry=TEXT, last_verdict=TEXT,
    last_ms=maybe(NUMBER), failing=several(TEXT), opened=several(MOMENT),
    rising=each(several(ANYTHING)), unseen_before=maybe(MOMENT),
    unseen=maybe(
        fields(since=MOMENT, runs=WHOLE, why=TEXT, places=several(TEXT), held=several(TEXT), said=TEXT)
    ),
)  # fmt: skip
WATCH = fields(
    schema={"const": rows.SCHEMA}, id=TEXT, target=TEXT, kind=words(*KINDS), channel=TEXT, owner=TEXT,
    due_at=maybe(MOMENT), tags=several(TEXT), every_s=NUMBER, created_at=MOMENT, ports=several(WHOLE), notify=TEXT,
    zone=TEXT, fail_after=WHOLE, recover_after=WHOLE, then=maybe(fields(notify=TEXT, after_s=NUMBER)), runbook=TEXT,
    vantage=TEXT, handles=each(TEXT), moves=several(several(TEXT)),
    windows=several(fields(start=TEXT, end=TEXT, zone=TEXT, days=several(WHOLE))), routes=each(several(TEXT)),
    paused=SILENCE, snoozed=SILENCE, muted=SILENCE, unposted=SILENCE, state=STATE,
    spans=fields(until=maybe(MOMENT), lasting=TEXT, open=each(several(TEXT))),
)  # fmt: skip
LOG = fields(
    changes=several(
        fields(at=MOMENT, actor=TEXT, action=TEXT, target=TEXT, channel=TEXT, summary=TEXT, facts=each(ANYTHING))
    )
)
SETTINGS = fields(
    settings=several(fields(name=TEXT, value=TEXT, source=TEXT, path=maybe(TEXT))), problems=several(TEXT)
)


class Printed(NamedTuple):
    """What prints or sends a document."""

    by: str
    schema: Schema


DOCUMENTS: Mapping[str, Printed] = {
    "portero.check/2": Printed("`portero check HOST --json`", CHECK),
    "portero.network/2": Printed("`portero check --network --json`", NETWORK),
    "portero.port/1": Printed("`portero port QUESTION --json`", PORT),
    "portero.pmta/1": Printed("`portero pmta FILE --json`", PMTA),
    "portero.alert/2": Printed("a webhook", ALERT),
    "portero.places/1": Printed(
        "`portero check HOST --from all --json`",
        fields(target=TEXT, summary=TEXT, checks=several(headed("portero.check/2", CHECK))),
    ),
    "portero.watches/1": Printed("`portero watch list --json`", fields(watches=several(WATCH))),
    "portero.incidents/1": Printed("`portero watch incidents --json`, and `/smtpwatch incidents as json`", INCIDENTS),
    "portero.doctor/1": Printed("`portero doctor --json`", DOCTOR),
    "portero.log/1": Printed("`portero log --json`", LOG),
    "portero.settings/1": Printed("`portero settings --json`", SETTINGS),
}


def schema(name: str) -> Schema:
    """The whole schema of a document."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name}
    return {**head, **headed(name, DOCUMENTS[name].schema)}


def file_of(name: str) -> str:
    """`check-2.json`."""
    return name.removeprefix("portero.").replace("/", "-") + ".json"


def files() -> Iterator[tuple[str, str]]:
    """The name of each file and its text."""
    for name in DOCUMENTS:
        yield file_of(name), json.dumps(schema(name), indent=1) + "\n"


def table() -> Iterator[str]:
    yield "| Document | Printed by |"
    yield "|---|---|"
    for name, printed in DOCUMENTS.items():
        yield f"| [`{name}`](schemas/{file_of(name)}) | {printed.by} |"
