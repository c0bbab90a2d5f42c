"""Stored checks made by hand, as small as they may be, and lines of history to go with them."""

from datetime import UTC, datetime, timedelta

from storage.history import Asker, Entry, Line, Reading

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOST = "mail.example.com"


def certificate(sha256="aa", *, ends="2027-02-01T00:00:00Z", **changes):
    made = {"sha256": sha256, "subject": f"CN={HOST}", "issuer": "CN=Example CA", "not_after": ends}
    return {**made, "trusted": True, "name_matches": True, "days_left": 60, **changes}


def endpoint(port=587, *, host=HOST, state="open", tls="ok", shown=True, findings=(), **changes):
    spoken = {"mode": "starttls", "state": tls, "version": "TLSv1.3" if tls == "ok" else None}
    spoken["certificate"] = certificate() if tls == "ok" and shown is True else shown or None
    made = {"host": host, "address": "192.0.2.25", "port": port, "state": state, "tls": spoken}
    made |= {"auth": {"before_tls": [], "after_tls": ["PLAIN"] if tls == "ok" else []}}
    return {**made, "findings": [{"severity": each} for each in findings], "timings_ms": {"connect": 1.0}, **changes}


def document(*endpoints, verdict="ok", mx=(), recommended=(587, "starttls"), target=HOST, id="id0"):  # noqa: A002
    port, tls = recommended or (0, "")
    return {
        "id": id,
        "target": target,
        "verdict": verdict,
        "dns": {"mx": [{"preference": 10, "host": name} for name in mx]},
        "recommended": {"port": port, "tls": tls} if port else None,
        "endpoints": list(endpoints),
    }


def line(id="id0", **changes):  # noqa: A002
    made = {
        "kind": "check",
        "target": HOST,
        "vantage": "local",
        "verdict": "ok",
        "summary": f"{HOST} works.",
        "started_at": AT,
        "elapsed_ms": 12.0,
        "actor": "U0000000002",
        "team": "T0000000001",  # that of the local workspace
        "channel": "C1",
        "surface": "slash",
    }
    return Line(id=id, **{**made, **changes})


def entry(id="id0", stored=None, asked_with="", **changes):  # noqa: A002
    shown = line(id, **changes, others=(Asker(asked_with, "C1"),) if asked_with else ())
    fields = {
        name: getattr(shown, name)
        for name in Line.__dataclass_fields__
        if name not in {"endpoints", "changed", "alerted"}
    }
    return Entry(**fields, document=stored or document(endpoint()))


def reading(port=587, *, host=HOST, state="open", ok=True, latency_ms=3.0, days=None):
    ends = None if days is None else AT + timedelta(days=days, hours=1)
    shown = "" if days is None else "aa"
    return Reading(host, "192.0.2.25", port, state, ok, "ok" if ok else "", latency_ms, shown, ends)
