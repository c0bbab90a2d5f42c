"""How the trial of a reply looks: as text and as JSON (`portero.pmta.try/1`)."""

from collections.abc import Iterator, Sequence
from typing import Any

from commands.pmta.language.tree import Statement
from commands.pmta.language.words import bare
from commands.pmta.queues.effective import Setting
from commands.pmta.queues.wording import Words
from commands.pmta.replies.trial import BACKOFF, Bounce, Caught, ListTrial, Trial, User

SCHEMA = "portero.pmta.try/1"
NAMED = 8
NEVER = "nothing ends it: no backoff-to-normal-after holds"

SAYS = {
    "mode=backoff": "the queue goes into backoff mode",
    "mode=normal": "the queue goes back to normal",
    "skip-mx": "this MX host is skipped",
    "bounce-queue": "all mail of the queue bounces",
    "bounce-rcpt": "the recipient bounces (of a 4xx to RCPT alone)",
    "disable-source-ip": "the source address is not used any more for this queue",
    "defer-queue": "the queue waits for its next retry",
}


def document(trial: Trial, words: Words) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "caught": trial.is_caught,
        "lists": [_list(one, words) for one in trial.lists],
        "bounce": _bounce(trial.bounce, words) if trial.bounce else None,
        "unread": words.unread(),
    }


def _list(one: ListTrial, words: Words) -> dict[str, Any]:
    return {
        "list": words.stanza(one.block),
        "caught_by": [_caught(line, words) for line in one.caught],
        "used_by": [_user(user, words) for user in one.users],
        "unreachable": [_unreachable(*pair, words) for pair in one.unreachable],
        "misses": [reply._asdict() for reply in one.misses],
        "slowed_by_one_mailbox": [reply._asdict() for reply in one.slowed_by],
        "not_tried": [words.json(line) for line in one.unknown],
    }


def _caught(one: Caught, words: Words) -> dict[str, Any]:
    happens, decided = (["=".join(filter(None, action)) for action in said] for said in (one.happens, one.decided))
    return {**words.json(one.line), "happens": happens, "decided_above": decided}


def _user(user: User, words: Words) -> dict[str, Any]:
    settings = {one.name: words.value(one.held[0]) if one.certain else None for one in user.settings}
    return {"stanza": words.stanza(user.stanza), "at": words.at(user.named_at), "settings": settings}


def _unreachable(one: Statement, above: Statement, words: Words) -> dict[str, Any]:
    return {**words.json(one), "because_of": words.json(above)}


def _bounce(bounce: Bounce, words: Words) -> dict[str, Any]:
    by_code, by_status = (category(one) for one in (bounce.by_code, bounce.by_status))
    return {
        "category": by_code if by_code == by_status else None,
        "by_code": words.json(bounce.by_code) if bounce.by_code else None,
        "by_status": words.json(bounce.by_status) if bounce.by_status else None,
        "unreachable": [_unreachable(*pair, words) for pair in bounce.unreachable],
    }


def category(one: Statement | None) -> str:
    """The name behind the pattern, "" where no line decides."""
    return one.word(1) if one else ""


def lines(trial: Trial, words: Words) -> list[str]:
    made = [f"Not read: {'; '.join(words.unread()[:5])}."] if words.origin.unread else []
    if not trial.lists:
        made.append("There is no <smtp-pattern-list> here: the reply changes nothing but its own message.")
    elif not trial.is_caught:
        made.append("No line catches this reply: it changes nothing but its own message.")
    for one in trial.lists:
        made += [*_told(one, words), ""]
    return [*made, *(_category(trial.bounce, words) if trial.bounce else [NO_CATEGORIES])]


NO_CATEGORIES = (
    "Bounce category: there are no <bounce-category-patterns> here, so those that PowerMTA ships with decide."
)


def _told(one: ListTrial, words: Words) -> Iterator[str]:
    yield f"{words.stanza(one.block)} ({words.at(one.block.opening) if one.block.opening else ''}):"
    for caught in one.caught:
        yield f"  caught by {words.value(caught.line)}  ({words.at(caught.line)})"
        yield from (f"    {_action(*action)}" for action in caught.happens)
        yield from (f"    without effect, a line above decides: {'='.join(filter(None, a))}" for a in caught.decided)
    if not one.caught:
        yield "  does not catch it"
    if any(BACKOFF in caught.happens for caught in one.caught):
        yield from _backoff(one, words)
    yield from _remarks(one, words)


def _action(name: str, value: str) -> str:
    said = f"{name}={value}" if value else name
    return f"{said}: {SAYS[said]}" if said in SAYS else said


def _backoff(one: ListTrial, words: Words) -> Iterator[str]:
    """What backoff does and how it ends, for each <domain> that names the list."""
    timed = any(
        name == "backoff-to-normal-after" and value.lower() != "never"
        for caught in one.caught
        for name, value in caught.happens
    )
    for user in one.users[:NAMED]:
        said = [f"{setting.name} {_held(setting.held, words)}" for setting in user.settings]
        ends = timed or any(map(_may_end, user.settings))
        own = any(setting.name == "backoff-to-normal-after" for setting in user.settings)
        yield (
            f"  in {words.stanza(user.stanza)}: {', '.join(said) or 'nothing is set for backoff'}"
            f"{'' if ends else f'; {NEVER}'}{'; the time in the line beats its own' if timed and own else ''}"
        )
    if len(one.users) > NAMED:
        yield f"  and in {len(one.users) - NAMED} more"


def _may_end(setting: Setting) -> bool:
    """Whether a <domain> ends backoff, as far as that is certain: `never` and `no` end nothing."""
    return setting.name.startswith("backoff-to-normal-after") and any(
        bare(one.value).lower() not in ("never", "no", "false") for one in setting.held
    )


def _held(held: Sequence[Statement], words: Words) -> str:
    values = " or ".join(dict.fromkeys(words.value(one) for one in held))
    return f"{values} ({words.at(held[0])})" if len(held) == 1 else f"{values} (not documented which)"


def _remarks(one: ListTrial, words: Words) -> Iterator[str]:
    if not one.users:
        yield "  no <domain> here names this list, so it does nothing"
    yield from (
        f"  never reached: {words.value(line)}  ({words.at(line)}): {words.at(above)} takes it all"
        for line, above in one.unreachable[:NAMED]
    )
    if len(one.unreachable) > NAMED:
        yield f"  and {len(one.unreachable) - NAMED} more are never reached"
    if one.misses:
        yield f"  of what providers say today it misses: {', '.join(reply.provider for reply in one.misses)}"
    if one.slowed_by:
        names = ", ".join(reply.provider for reply in one.slowed_by)
        yield f"  one mailbox slows the whole queue: {names}"
    if one.unknown:
        said = ", ".join(words.at(line) for line in one.unknown[:NAMED])
        yield f"  not tried, since it is PCRE that is not understood here, or no pattern: {said}"


def _category(bounce: Bounce, words: Words) -> Iterator[str]:
    by_code, by_status = bounce.by_code, bounce.by_status
    if category(by_code) == category(by_status):
        yield f"Bounce category: {_decided(by_code, words)}."
    else:
        yield (
            f"Bounce category: {_decided(by_code, words)} if the text begins with the code of the reply, "
            f"{_decided(by_status, words)} if with its status: which is not documented."
        )
    yield from (
        f"  never reached: {words.value(line)}  ({words.at(line)}): {words.at(above)} takes it all"
        for line, above in bounce.unreachable[:NAMED]
    )
    if len(bounce.unreachable) > NAMED:
        yield f"  and {len(bounce.unreachable) - NAMED} more are never reached"


def _decided(one: Statement | None, words: Words) -> str:
    if one is None:
        return "none of these lines decides (those that PowerMTA ships with do)"
    return f"{words.mask.about(category(one))} ({words.at(one)})"
