"""Many results, as if a team had worked for weeks: written into the history, not checked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from commands.smtpcheck.stored.document import outcome_of
from storage.sqlite.tables.recording import add_entry
from tests.history.documents import HOST, certificate, document, endpoint, entry, reading

PORTS = (25, 465, 587, 2525)


def stored_check(number, at, ends, *, host=HOST, bad=False, clear=False, **changes):
    """A check as it is kept: `bad` when nothing answered, `clear` when 587 had lost STARTTLS."""
    shown = certificate(f"{ends:%Y%m%d}", ends=f"{ends:%Y-%m-%dT00:00:00Z}", names=[], not_before=None, key="RSA 2048")
    points = [_endpoint(port, host, shown, bad=bad, clear=clear) for port in PORTS]
    verdict = "failed" if bad else "degraded" if clear else "ok"
    made = document(
        *points, verdict=verdict, target=host, id=f"{number:028x}", recommended=None if bad else (465, "implicit")
    )
    made |= {"schema": "portero.check/1", "kind": "host", "vantage": "local", "elapsed_ms": 40.0, "findings": []}
    made |= {"started_at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "summary": f"{host} was checked."}
    if made["recommended"]:
        made["recommended"]["reason"] = "TLS from the first byte"
    kept = entry(made["id"], made, target=host, verdict=verdict, summary=made["summary"], started_at=at, **changes)
    readings = [_reading(point, ends) for point in points]
    return replace(kept, scope="25,465,587,2525", outcome=outcome_of(made)), readings


def _endpoint(port, host, shown, *, bad, clear):
    if bad or port == 2525:
        made = endpoint(port, host=host, state="no_answer" if bad else "refused", tls="", shown=False, tls_state=None)
        return {**made, "tls": None, "transcript": []}
    plain = clear and port == 587
    made = endpoint(port, host=host, tls="not_offered" if plain else "ok", shown=False if plain else shown)
    made["tls"]["cipher"] = "TLS_AES_256_GCM_SHA384"
    return {**made, "transcript": [{"at_ms": 1.0, "from": "server", "text": f"220 {host} secret-banner"}]}


def _reading(point, ends):
    open_ = point["state"] == "open"
    seen = bool(point["tls"] and point["tls"]["certificate"])
    made = reading(point["port"], host=point["host"], state=point["state"], ok=open_, latency_ms=4.0 if open_ else None)
    return made._replace(certificate="aa", certificate_ends=ends) if seen else made


async def fill_with_runs(history, count, owner, channel):
    """A check that somebody asked (a bad one), and what their watch ran in that channel every 15 minutes since."""
    now = datetime.now(UTC)
    for number in range(count + 1):
        at, asked = now - timedelta(minutes=15 * (count - number)), number == 0
        how = {"bad": asked, "surface": "slash" if asked else "watch", "actor": owner, "channel": channel}
        await history.add(*stored_check(number, at, now + timedelta(days=80), **how))


async def fill(history, count, people, channels, now=None):
    """`count` checks of a few hosts, one every 17 minutes back from now; every 37th is bad, the newest 12 are clear.

    In one transaction, which takes half the time of as many results that come one by one.
    """
    now = now or datetime.now(UTC)
    made = []
    for number in range(count):
        host = HOST if number % 3 == 0 else f"mx{number % 50}.example.org"
        at = now - timedelta(minutes=17 * number)
        who, where = people[number % len(people)], channels[number % len(channels)]
        how = {"bad": number % 37 == 36, "clear": number < 12}
        ends = now + timedelta(days=20 if host.startswith("mx1") else 80)
        made.append(stored_check(number, at, ends, host=host, actor=who, channel=where, **how))
    await history._writer.run(lambda db: [add_entry(db, kept, readings) for kept, readings in made])
