"""What hosts are like: by the last result of each; of a time, by any result in it."""

from dataclasses import replace
from datetime import timedelta

from bot.terminal.history_answer import Services, in_words
from commands.contract import Actor, Request
from commands.history.handler import answered
from commands.history.listing import Place
from commands.history.typed_filters import parse_filters
from commands.smtpcheck.stored.document import outcome_of
from storage.queries import OPERATOR
from storage.sqlite.tables.recording import add_entry
from tests.histories import history_at
from tests.history.documents import AT, document, endpoint, entry, reading

HOUR = timedelta(hours=1)
SEEN = {
    "down.example.com": ["open", "open", "refused"],
    "recovered.example.com": ["open", "refused", "open"],
    "long-ago.example.com": ["refused", "open", "open"],
    "well.example.com": ["open", "open", "open"],
}
"""What 465 was 50 hours ago, 5 hours ago, an hour ago."""


async def filled(path):
    history = await history_at(path)
    for host, states in SEEN.items():
        for hours, state in zip((50, 5, 1), states, strict=True):
            is_open = state == "open"
            made = document(
                endpoint(587, host=host),
                endpoint(465, host=host, state=state, tls="ok" if is_open else "", shown=is_open),
                id=f"{host.replace('.', '-')}-{hours}",
                target=host,
            )
            kept = entry(made["id"], made, target=host, started_at=AT - hours * HOUR, surface="watch")
            kept = replace(kept, scope="465,587", outcome=outcome_of(made))
            readings = [reading(587, host=host), reading(465, host=host, state=state, ok=is_open)]
            await history._writer.run(
                lambda db, kept=kept, readings=readings, bad=not is_open: add_entry(db, kept, readings, alerted=bad)
            )
    return history


async def asked(history, words):
    services = Services(history, history.watches, OPERATOR)
    request = Request("smtphistory", Actor("", "", admin=True, zone_name="UTC"), AT, text=words)
    return await answered(Place(parse_filters(words)), request, services)


async def test_in_a_time_whatever_was_so_is_found_with_what_became_of_it(tmp_path):
    history = await filled(tmp_path / "history.db")
    for words, hosts, counted in (
        (
            "*.example.com failed since yesterday",
            ["down", "recovered"],
            "2 hosts of 4 at some point in that time; 1 of",
        ),
        ("*.example.com failed port 465 since 1d", ["down", "recovered"], "2 hosts of 4"),
        ("*.example.com refused since yesterday", ["down", "recovered"], "; 1 of them so by the last result."),
        ("*.example.com failed since 90m", ["down"], "1 host of 4 at some point in that time; so by the"),
        ("*.example.com failed before yesterday", ["long-ago"], "1 host of 4 at some point"),
        ("*.example.com failed", ["down"], "1 host of 4, by the last result of each."),
        ("refused", ["down"], "1 host of 4, by the last"),
        ("*.example.com failed port 587 since yesterday", [], "0 hosts of 4 at some point in that time."),
        ("long-ago.* failed since yesterday", [], "before: *long-ago.example.com*, seen <!date^1795334400^"),
        ("long-ago.* refused since yesterday", [], "Last so before: *long-ago.example.com*, seen"),
        ("long-ago.* failed", [], "by the last result of each.\nLast so: *long-ago.example.com*, seen"),
        ("recovered.* failed until yesterday", [], "time.\nLast so: *recovered.example.com*, seen"),
        ("well.* failed since yesterday", [], "0 hosts of 1 at some point in that time."),
    ):
        reply = await asked(history, words)
        assert [fact["host"].partition(".")[0] for fact in reply.facts] == hosts, words
        assert counted in reply.text, (words, reply.text)
        assert reply.good == (not hosts), words
    narrow = document(endpoint(587, host="down.example.com"), id="narrow", target="down.example.com")
    kept = entry("narrow", narrow, target="down.example.com", started_at=AT - HOUR / 2, surface="watch")
    kept = replace(kept, scope="587", outcome=outcome_of(narrow))
    await history._writer.run(lambda db: add_entry(db, kept, [reading(587, host="down.example.com")]))
    for words in ("refused", "down", "refused port 465", "*.example.com failed", "*.example.com failed refused"):
        assert [fact["host"] for fact in (await asked(history, words)).facts] == ["down.example.com"], words
    assert not (await asked(history, "refused port 587")).facts
    everything = await asked(history, "*.example.com")
    assert "4 hosts of 4, by the worst of the last results of each." in everything.text
    assert everything.facts[0]["id"] == "down-example-com-1" and "465 refused" in everything.text
    shut = document(
        endpoint(465, host="well.example.com", state="refused", tls="", shown=False),
        id="fra",
        target="well.example.com",
        verdict="failed",
    )
    seen = entry("fra", shut, target="well.example.com", started_at=AT - 2 * HOUR, verdict="failed", vantage="fra-1")
    seen = replace(seen, scope="465", outcome=outcome_of(shut))
    await history._writer.run(
        lambda db: add_entry(db, seen, [reading(465, host="well.example.com", state="refused", ok=False)])
    )
    for words in ("*.example.com", "*.example.com refused", "*.example.com failed"):
        assert "*well.example.com* is not usable from fra-1" in (await asked(history, words)).text, words
    failed = in_words((await asked(history, "*.example.com failed since yesterday")).text)
    assert "3 hosts of 4 at some point in that time; 2 of them so by the last result of each port." in failed
    assert failed.count("Last result, 2026-11-24") == 3  # beside what is so of a port, or from elsewhere, too
    compared = (await asked(history, "compare down.example.com yesterday today")).text
    assert "465" in compared and "587" not in compared, compared
    [one] = (await asked(history, "down.example.com failed refused")).facts  # the others answer, so the verdict is good
    assert one["results"] == 1 and "1 of 4 results" in (await asked(history, "down.example.com failed refused")).text
    none = (await asked(history, "long-ago.example.com refused since yesterday")).text
    assert "0 of 2 results" in none and "Last so before: *long-ago.example.com*, seen <!date^1795334400^" in none
    opened = await asked(history, "down-example-com-1")  # as ids are written, without a dot
    assert opened.text.startswith(":warning: *down.example.com* works") and opened.blocks[0]["accessory"]
    said = in_words((await asked(history, "*.example.com failed since yesterday")).text)
    assert "465 refused" in said and "Last result, 2026-11-24 09:00 UTC: it works" in said, said
    await history.close()


async def test_a_mail_policy_that_holds_again_is_so_no_more_whoever_saw_it_from_elsewhere_before(tmp_path):
    history = await history_at(tmp_path / "history.db")
    broken = {"findings": [{"code": "dane_mismatch", "severity": "error", "params": {}, "message": ""}]}
    for number, (vantage, more) in enumerate((("fra-1", broken), ("local", {}))):
        made = document(endpoint(25), id=f"e{number}", verdict="degraded" if more else "ok") | more
        kept = entry(made["id"], made, started_at=AT - (2 - number) * HOUR, vantage=vantage, verdict=made["verdict"])
        await history.add(replace(kept, scope="25", outcome=outcome_of(made)), [reading(25)])
    said = in_words((await asked(history, "dane_mismatch since yesterday")).text)
    assert "1 host of 1 at some point in that time; not any more" in said
    assert "0 hosts of 1" in in_words((await asked(history, "dane_mismatch")).text)
    await history.close()
