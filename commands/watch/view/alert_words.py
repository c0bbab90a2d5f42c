"""What an event says, in a headline and facts: the same in Slack, in mail and in a webhook. Mrkdwn, escaped.

An alert is read at night by somebody who was asleep: first what is broken where, then since when, then why it is not
our own network, then what stands in the way of believing it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from commands.slack_text import escape
from commands.smtpcheck.result.findings import RELAY
from commands.smtpcheck.result.sentences.choice import is_said, message_of, summary_of, told
from commands.times import ends_in
from commands.watch.state.certificates import WRONG
from commands.watch.state.compared import CERTIFICATE
from commands.watch.state.dns_changes import LEFT, OFTEN, VANISHED
from commands.watch.state.events import DELETED, DOWN, GONE, MOVED_FROM, UNLOOKED, Event, times_unlooked, unlooked
from commands.watch.state.grouping import MOVED
from commands.watch.state.model import Watch
from commands.watch.state.observation import endpoint_of
from commands.watch.view.alert_lines import (
    as_before,
    certificate_lines,
    endpoint_lines,
    finding_lines,
    flaps,
    looked_after,
    often_lines,
    record_lines,
    record_names,
    side_lines,
    vanished_lines,
)
from commands.watch.view.closing_words import closed_why
from commands.watch.view.digest import digest_lines
from commands.watch.view.event_text import GREEN, RED, WHITE, YELLOW, EventText
from commands.watch.view.group_words import UNSEEN_BEFORE, doubts, group_text, until_of
from commands.watch.view.notice_words import BLOCKED, HELD, blind, seen_again, sees, unseen
from commands.watch.view.wording import (
    between,
    broken,
    by_ports,
    lasted,
    link,
    person,
    seen_name,
    target_name,
    when,
)
from storage.entries import LOCAL


def lasted_for(event: Event) -> str:
    """How long what is over went on; of several incidents from the first to the last."""
    if "group" in event.facts:
        return between(datetime.fromisoformat(str(event.facts["group"]["since"])), until_of(event))
    return between(event.first, ended_of(event), unlooked(event.facts))


def ended_of(event: Event) -> datetime:
    """The first good run of what is over."""
    return datetime.fromisoformat(str(event.facts.get("ended") or event.at.isoformat()))


def facts_in_words(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Findings with their messages, the summary as text. Facts of schema 1 are text already."""
    words = dict(facts)
    if "summary" in facts:
        words["summary"] = summary_of(facts)
    if "findings" in facts:
        words["findings"] = told([one if isinstance(one, Mapping) else said(one) for one in facts["findings"]])
    return words


def said(message: str) -> Mapping[str, Any]:
    """A finding of which only its sentence was kept."""
    return {"code": "", "message": str(message)}


ALSO_CHANGED = "What changed beside it, and may be the cause:"
CHECK_SAID, MEANWHILE = "The check said: {head}", "Meanwhile: {head}"
WORKS = frozenset({"verdict.ok", "verdict.degraded"})
"""Of a host of which a watched port is broken nothing says that it works; what does work may help meanwhile."""

POINTER = "see_findings"
"""How the summary of a check ends that has only states to tell: those stand in the headline."""


def text_of(event: Event, watch: Watch | None) -> EventText:
    """The words of an event. `watch` is as it is now."""
    return _TEXTS[event.kind](event, watch)


def _told_again(event: Event) -> list[str]:
    """Why, as long as that is known: what is told of it later does not keep from where its watch was moved."""
    if "quiet_why" not in event.facts:
        return []
    unposted = NOT_POSTED if event.kind == "refired" else ""
    if MOVED_FROM in event.facts:
        unposted = MOVED_HERE.format(old=escape(str(event.facts[MOVED_FROM]), 40))
    return list(filter(None, [REFIRED.get(str(event.facts["quiet_why"]), unposted)]))


def _failing(event: Event, watch: Watch | None) -> EventText:
    if "group" in event.facts:
        return group_text(event)
    facts = [_since(event, watch), *doubts(event.facts, {"unseen_before": UNSEEN_BEFORE})]
    if event.facts.get("flapping"):
        facts.append(flaps(event.facts["flapping"], event.facts.get("within"), event.first))
    if event.facts.get("broke_why"):
        who = person(str(event.facts.get("broke_by") or ""))
        facts.append(BROKE[str(event.facts["broke_why"])].format(when=when(event.since), who=who))
    facts += _told_again(event)
    if watch is not None and watch.state.phase == "recovering" and watch.state.incident is not None:
        facts.append(ANSWERS_NOW if event.facts.get("flapping") else "It answers again; waiting for confirmation.")
    facts += [HELD] if event.watch_kind == "network" else []
    facts += [RUNBOOK.format(url=link(watch.runbook))] if watch is not None and watch.runbook else []
    failing = [str(code) for code in event.facts.get("failing", ())]
    gone = vanished_lines(failing, event.facts.get(VANISHED, {}))
    facts[1:1] = gone
    changes = event.facts.get("changes", ())
    before = [ALSO_CHANGED, *record_lines(changes)] if changes else []
    details = [
        *endpoint_lines(failing, event.facts.get("began")),
        *([] if gone else _check_said(event)),
        *side_lines(failing),
        *before,
    ]
    never = event.facts.get("never", ())
    facts[1:1] = [by_ports(ports_in(never), NEVER)] if never else []
    return EventText(YELLOW if set(failing) == set(never) else RED, _down(event), tuple(facts), tuple(details))


NEVER = (
    "Port {ports} has not been open since it is watched: perhaps it is no service of this host.",
    "Ports {ports} have not been open since they are watched: perhaps they are no service of this host.",
)


def _check_said(event: Event) -> list[str]:
    """Its summary and its findings, each once; a summary that only points to findings goes without any.

    It recommends no port that is broken for this watch.
    """
    facts = event.facts
    summary = facts.get("summary") or ()
    if not isinstance(summary, str):
        down = {endpoint_of(str(code)) for code in facts.get("failing", ())}
        summary = [one for one in summary if _recommended(one, event.target) not in down]
    found = facts_in_words(facts).get("findings", ())
    findings = [message_of(one) for one in found if not is_said(one, {"summary": summary})]
    said, statements = CHECK_SAID, summary
    if not isinstance(summary, str) and any(one["code"] in WORKS for one in summary):
        said, statements = MEANWHILE, [one for one in summary if one["code"] not in WORKS | {POINTER}]
    points = not isinstance(summary, str) and any(one["code"] == POINTER for one in summary)
    head = summary_of({"summary": statements}) if statements and (findings or not points) else ""
    return [*([said.format(head=escape(head, 600))] if head else []), *finding_lines(findings)]


def _recommended(statement: Mapping[str, Any], target: str) -> str:
    """The endpoint that a statement of a check says to use; "" where it says something else."""
    told = statement["params"]
    return f"{told.get('host') or target}:{told.get('port')}" if statement["code"].startswith("use.") else ""


def _name(event: Event) -> str:
    return seen_name(event.target, str(event.facts.get("from", LOCAL)))


def _down(event: Event) -> str:
    name = _name(event)
    failing = event.facts.get("failing", ())
    if event.watch_kind == "network":
        return by_ports(ports_in(failing), BLOCKED)
    what = broken(failing, event.target) or "not usable"
    return f"{name}: {UP_AND_DOWN.format(what=what) if event.facts.get('flapping') else what}"


def ports_in(codes: Iterable[str]) -> set[int]:
    return {int(code.rpartition(":")[2]) for code in codes}


def _since(event: Event, watch: Watch | None) -> str:
    since = _began(event, watch)
    if since > event.since:
        return f"Since {when(since)}; something of it has been down since {when(event.since)}"
    if watch is None or watch.fail_after < 2 or event.kind == "changed":
        return f"Since {when(event.since)}"
    return f"Since {when(event.since)}, confirmed by {watch.fail_after} runs in a row"


def _began(event: Event, watch: Watch | None) -> datetime:
    """When the first of what is broken now broke: an incident may have begun with what is well again."""
    incident = watch.state.incident if watch is not None else None
    began = event.facts.get("began") or (incident.began if incident is not None and incident.id == event.own else {})
    known = [datetime.fromisoformat(str(began[code])) for code in event.facts.get("failing", ()) if code in began]
    return min(known, default=event.since)


BROKE: Mapping[str, str] = {
    "snooze": "It broke {when} during the snooze of {who}, so it is told only now.",
    "mute": "It broke {when} during the mute of {who}, so it is told only now.",
    "maintenance": "It broke {when} during the maintenance of {who}, so it is told only now.",
}
NOT_LOOKED = "From {since} to {until} it was {what} and nobody looked: that is not counted."
RUNBOOK = ":notebook: Runbook: {url}"
ANSWERS_NOW = "It answers now."
UP_AND_DOWN = "goes up and down ({what})"
MOVED_AWAY = "Its watch was moved to <#{new}>."
MOVED_HERE = "Its watch was moved here from <#{old}>, and it is *still bad*."
NOT_POSTED = "It could not be posted before, and is *still bad*."
REFIRED: Mapping[str, str] = {
    "snooze": "The snooze is over and it is *still bad*.",
    "mute": "The mute is over and it is *still bad*.",
    "maintenance": "The maintenance is over and it is *still bad*.",
}


def _not_looked(event: Event) -> list[str]:
    whats = [DELETED if DELETED in row else "paused" for row in event.facts.get(UNLOOKED, ())]
    return [
        NOT_LOOKED.format(since=when(since), until=when(until), what=what)
        for (since, until), what in zip(times_unlooked(event.facts), whats, strict=True)
    ]


def _recovered(event: Event, _watch: Watch | None) -> EventText:
    if "group" in event.facts:
        return group_text(event)
    was = broken(event.facts.get("ever") or event.facts.get("failing", ()), event.target)
    ended = ended_of(event)
    down = f"Down for {lasted_for(event)}: from {when(event.since)} to {when(ended)}"
    if event.facts.get("flapping"):
        down = f"It {went_up_and_down(event)}, and has been quiet for an hour."
    facts = [
        down,
        *doubts(event.facts),
        *_not_looked(event),
        *([f"Was: {was}"] if was else []),
        *([f"It ended {during}."] if (during := ended_during(event)) else []),
    ]
    facts += looked_after(event)
    network = event.watch_kind == "network"
    headline = "Outbound mail ports are open again on our network" if network else f"{_name(event)} recovered"
    return EventText(GREEN, headline, tuple(facts))


def went_up_and_down(event: Event) -> str:
    """From the first of its incidents to its end, and for how long of that it was down, where that is known."""
    return f"went up and down from {when(event.first)} to {when(ended_of(event))}{down_of_it(event.facts)}"


def down_of_it(facts: Mapping[str, Any]) -> str:
    return f", down for {lasted(float(facts[DOWN]))} of it" if DOWN in facts else ""


def ended_during(event: Event) -> str:
    """Whose quiet it ended in, where it did."""
    why = str(event.facts.get("ended_why") or "")
    return f"during the {why} of {person(str(event.facts.get('ended_by') or ''))}" if why else ""


def _closed(event: Event, _watch: Watch | None) -> EventText:
    if "group" in event.facts:
        return group_text(event)
    if event.facts.get("why") == MOVED:
        moved = (MOVED_AWAY.format(new=escape(event.channel, 40)),) if MOVED_FROM in event.facts else ()
        headline = "no longer watched here" if moved else "told in another message"
        return EventText(WHITE, f"{_name(event)}: {headline}", (*moved, *looked_after(event)))
    if event.facts.get("why") == "accepted":
        return EventText(GREEN, f"{_name(event)}: accepted as the new normal", tuple(_accepted_what(event)))
    if event.facts.get("why") == GONE:
        what = broken(event.facts.get("failing", ()), event.target)
        facts = (f"Not recovered: {what}, since {when(event.since)}", *looked_after(event))
        return EventText(WHITE, f"{_name(event)}: {closed_why(event)}", facts)
    return EventText(WHITE, f"{_name(event)}: no longer watched", (f"Not recovered: {closed_why(event)}.",))


def _accepted_what(event: Event) -> Iterator[str]:
    """What is normal now, since when it was so, by whom it was accepted and when, and who had heard of it."""
    if what := broken(event.facts.get("failing", ()), event.target):
        yield f"What is normal now: {what}, since {when(event.since)}"
    if event.facts.get("who"):
        yield f"Accepted by {person(str(event.facts['who']))} {when(event.at)}"
    yield from looked_after(event)


def _shown_by(event: Event) -> str:
    """The targets of all that stands in the message."""
    names = [target_name(str(name)) for name in event.facts.get("targets", (event.target,))]
    more = f" and {len(names) - MOST_TARGETS} more" if len(names) > MOST_TARGETS else ""
    return ", ".join(names[:MOST_TARGETS]) + more


MOST_TARGETS = 3


def _ending(event: Event, _watch: Watch | None) -> EventText:
    endpoints = event.facts.get("endpoints", ())
    days = int(event.facts.get("days", 0))
    icon = RED if days <= 3 else YELLOW
    return EventText(icon, f"{_shown_by(event)}: a certificate {ends_in(days)}", tuple(certificate_lines(endpoints)))


def _renewed(event: Event, _watch: Watch | None) -> EventText:
    rows = event.facts.get("endpoints", ())
    lines, wrong = certificate_lines(rows), [row for row in rows if WRONG in row]
    if not wrong:
        return EventText(GREEN, f"{_shown_by(event)}: the certificates were renewed", tuple(lines))
    codes = [f"{row[WRONG]['code']} {row['endpoint']}" for row in wrong]
    said = finding_lines([message_of(one) for one in told([row[WRONG] for row in wrong])])
    relayed = [NO_OUTAGE] if all(endpoint_of(code).endswith(f":{RELAY}") for code in codes) else []
    headline = f"{_shown_by(event)}: renewed, but wrong: {broken(codes, event.target)}"
    return EventText(YELLOW, headline, (*lines, *dict.fromkeys(said), *relayed))


NO_OUTAGE = (
    "Most servers look at no certificate on port 25, so mail still comes; those that check it, as with MTA-STS, do not "
    "deliver."
)


def _replaced(event: Event, _watch: Watch | None) -> EventText:
    flaw = broken(event.facts.get("failing", ()), event.target)
    lines = tuple(certificate_lines(event.facts.get("endpoints", ())))
    return EventText(RED, f"{target_name(event.target)}: a certificate was replaced, and now {flaw}", lines)


def _changed_records(event: Event, _watch: Watch | None) -> EventText:
    changes, often = event.facts.get("changes", ()), event.facts.get(OFTEN, ())
    wrong = [f"{one['after'][0]} {one['name']}" for one in changes if one["record"] == CERTIFICATE]
    what = broken(wrong, event.target) if len(wrong) == len(changes) > 0 else f"{record_names(changes)} changed"
    lines = (*record_lines(changes), *often_lines(often), *([NO_OUTAGE] if wrong else []))
    return EventText(YELLOW, f"{target_name(event.target)}: {what}", lines)


def _changed_back(event: Event, watch: Watch | None) -> EventText:
    """In green, unless something else of the message is still otherwise."""
    changes, left = event.facts.get("changes", ()), event.facts.get(LEFT, ())
    if not left:
        headline = f"{target_name(event.target)}: {as_before(changes)}"
        return EventText(GREEN, headline, tuple(record_lines(changes)))
    rest = _changed_records(replace(event, facts={"changes": left}), watch)
    return replace(rest, facts=(*rest.facts, f"As before: {record_names(changes)}"))


def _overtaken(event: Event, watch: Watch | None) -> EventText:
    """In white, unless something else of the message is still otherwise."""
    changes, left = event.facts.get("changes", ()), event.facts.get(LEFT, ())
    said = _changed_records(replace(event, facts={"changes": left or changes}), watch)
    if not left:
        return replace(said, icon=WHITE, facts=(*said.facts, OVERTAKEN.format(what="It")))
    return replace(said, facts=(*said.facts, OVERTAKEN.format(what=record_names(changes))))


OVERTAKEN = "{what} changed again: another message has it."


def _accepted(event: Event, watch: Watch | None) -> EventText:
    said = (_changed_records if "changes" in event.facts else _ending)(event, watch)
    return replace(said, icon=GREEN)


def _digest(event: Event, _watch: Watch | None) -> EventText:
    return EventText("", "The digest", tuple(digest_lines(event)))


_TEXTS: Mapping[str, Callable[[Event, Watch | None], EventText]] = {
    "opened": _failing,
    "broke": _failing,
    "changed": _failing,
    "refired": _failing,
    "escalated": _failing,
    "reminded": _failing,
    "acked": _failing,
    "noted": _failing,
    "recovered": _recovered,
    "closed": _closed,
    "cannot_see": blind,
    "sight_changed": blind,
    "sees_again": sees,
    "unseen": unseen,
    "unseen_changed": unseen,
    "seen_again": seen_again,
    "certificate_ends": _ending,
    "certificate_renewed": _renewed,
    "certificate_replaced": _replaced,
    "dns_changed": _changed_records,
    "changed_back": _changed_back,
    "overtaken": _overtaken,
    "accepted": _accepted,
    "digest": _digest,
}
