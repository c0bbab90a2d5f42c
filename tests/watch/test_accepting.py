"""*Accept as the new normal*: for each watch of a channel that told the same, said in the message that told it."""

from types import SimpleNamespace

from commands.contract import Actor, Request
from commands.watch.handler import handle
from commands.watch.state.accepting import acceptable
from commands.watch.state.limits import Rules
from commands.watch.state.selector import Selector
from commands.watch.typed.asked import Named
from commands.watch.verbs.many import do_to_several
from commands.watch.verbs.needs import NoSlack
from commands.watch.verbs.quieting import accepted
from commands.watch.verbs.showing import show
from commands.watch.view.plain_text import plain
from storage.queries import OPERATOR

from .room import room
from .samples import DAY, HOUR, MINUTE, NOON, a_watch, seen
from .test_certificates import certificate


def look(watch, at):
    """From 12:30 on another MX for all, and for one another TLSA record as well."""
    changed = at >= NOON + 30 * MINUTE
    records = {"mx example.com": ("mx2" if changed else "mx1",)}
    if watch.id == "w-b":
        records["tlsa example.com"] = ("2" if changed else "1",)
    return seen("good", watch, records=records)


def needs_of(here):
    async def viewer():
        return OPERATOR

    parts = {
        "viewer": viewer,
        "now": here.clock,
        "channel_posts": NoSlack(),
        "watches_changed": lambda: None,
        "watch_rules": Rules(),
        "target_of": lambda text: (text, None, False),
    }
    return SimpleNamespace(watches=here.store, **parts)


async def test_what_two_watches_told_is_accepted_for_both_and_their_messages_say_by_whom(tmp_path):
    async with room(tmp_path, look) as here:
        places = {"w-a": "C1", "w-b": "C1", "w-c": "C2"}
        await here.add(*(a_watch(id=name, target="example.com", channel=channel) for name, channel in places.items()))
        await here.until(NOON + 2 * HOUR)

        needs = needs_of(here)
        known = {watch.id: watch for watch in await here.watches()}
        request = Request("smtpwatch", Actor("U9", "T1"), here.clock.at, channel="C1")
        said = await accepted(known["w-a"], request, needs)
        assert plain(said.text).endswith("What is different at example.com is normal from now on, for 2 watches.")
        await here.delivery.deliver_waiting()
        left = {watch.id: acceptable(watch) for watch in await here.watches()}
        assert left == {"w-a": False, "w-b": True, "w-c": True}
        assert sorted("Accepted as the new normal by @U9" in text for text in here.messages()) == [False, True]
        again = next(watch for watch in await here.watches() if watch.id == "w-a")
        said = plain((await accepted(again, request, needs)).text)
        assert said == "@U9 accepted example.com as it is already, 2026-11-24 14:00 UTC."
        said = await accepted(known["w-b"], request, needs)
        await here.delivery.deliver_waiting()
        assert not plain(said.text).endswith("watches.")
        assert all("Accepted as the new normal by @U9" in text for text in here.messages())
        assert "Accepted" not in str(here.messages("C2")) and not here.replies()
        shown = plain((await show({watch.id: watch for watch in await here.watches()}["w-a"], request, needs)).text)
        assert "Accepted as normal by @U9 2026-11-24 14:00 UTC: MX of example.com: mx1 → mx2" in shown.replace("`", "")


async def test_a_host_that_is_named_is_accepted_for_all_its_watches_of_the_channel(tmp_path):
    """Also what one of them told alone; not in another channel, and nothing is asked back."""
    async with room(tmp_path, look) as here:
        places = {"w-a": "C1", "w-b": "C1", "w-c": "C2"}
        await here.add(*(a_watch(id=name, target="example.com", channel=channel) for name, channel in places.items()))
        await here.until(NOON + 2 * HOUR)
        request = Request("smtpwatch", Actor("U9", "T1"), here.clock.at, text="accept Example.com", channel="C1")
        [said] = [step async for step in handle(request, needs_of(here))]
        assert plain(said.text).endswith("What is different at example.com is normal from now on, for 2 watches.")
        left = {watch.id: acceptable(watch) for watch in await here.watches()}
        assert left == {"w-a": False, "w-b": False, "w-c": True}
        [again] = [step async for step in handle(request, needs_of(here))]
        assert plain(again.text).startswith("@U9 accepted example.com as it is already, ")


async def test_what_stands_in_one_message_is_accepted_for_each_in_it(tmp_path):
    """Logins are gone at two hosts of one network; at the third a port is refused, which nobody can mean."""

    def gone(watch, at):
        what = "refused" if watch.id == "w-2" else "auth_not_offered"
        records = {f"address {watch.target}": ("192.0.2.1",)}
        bad = {"failing": (f"{what} {watch.target}:587",)} if at > NOON else {}
        return seen("bad" if bad else "good", watch, records=records, **bad)

    async with room(tmp_path, gone) as here:
        await here.add(*(a_watch(id=f"w-{n}", target=f"mx{n}.example.com", every=MINUTE) for n in range(3)))
        await here.until(NOON + HOUR)
        known = {watch.id: watch for watch in await here.watches()}
        request = Request("smtpwatch", Actor("U9", "T1"), here.clock.at, channel="C1")
        assert plain((await accepted(known["w-0"], request, needs_of(here))).text).endswith(", for 2 watches.")
        assert [watch.state.incident is not None for watch in await here.watches()] == [False, False, True]
        shown = plain((await show((await here.watches())[0], request, needs_of(here))).text)
        assert "Accepted as normal by @U9 2026-11-24 13:00 UTC: 587 no login offered any more, since" in shown


async def test_what_is_different_at_several_is_accepted_for_all_that_are_chosen(tmp_path):
    def gone(watch, at):
        bad = {"failing": (f"auth_not_offered {watch.target}:587",)} if at > NOON and watch.id != "w-2" else {}
        return seen("bad" if bad else "good", watch, **bad)

    async with room(tmp_path, gone) as here:
        await here.add(*(a_watch(id=f"w-{n}", target=f"mx{n}.example.com", every=MINUTE) for n in range(3)))
        await here.until(NOON + HOUR)
        request = Request("smtpwatch", Actor("U9", "T1"), here.clock.at, channel="C1")
        mx = Selector(pattern="mx*.example.com")
        said = plain((await do_to_several(Named("accept", "", chosen=mx), mx, request, needs_of(here))).text)
        assert said.endswith(
            "2 watches of `mx*.example.com` are accepted as they are: "
            "mx0.example.com, mx1.example.com. The other one has nothing to accept."
        )
        assert not any(watch.state.incident for watch in await here.watches())


async def test_a_certificate_that_two_hosts_show_is_accepted_for_both_and_its_message_keeps_both(tmp_path):
    def ending(watch, at):
        return seen("good", watch, certificates={f"{watch.target}:465": certificate(NOON + 6 * DAY)})

    async with room(tmp_path, ending) as here:
        await here.add(*(a_watch(id=f"w-{n}", target=f"mx{n}.example.com", every=(n + 1) * HOUR) for n in range(2)))
        await here.until(NOON + 2 * HOUR)
        known = {watch.id: watch for watch in await here.watches()}
        request = Request("smtpwatch", Actor("U9", "T1"), here.clock.at, channel="C1")
        assert plain((await accepted(known["w-0"], request, needs_of(here))).text).endswith(", for 2 watches.")
        await here.delivery.deliver_waiting()
        [message] = here.messages()
        assert message.splitlines()[1].endswith(": mx0.example.com port 465; mx1.example.com port 465")
        assert "Accepted as the new normal by @U9" in message
        assert not any(acceptable(watch) for watch in await here.watches())
        await here.until(NOON + 4 * DAY)
        assert len(here.messages()) == 1
