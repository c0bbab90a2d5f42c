"""The card of one watch, and what was done to several."""

from commands.watch.state.actions import acknowledge
from commands.watch.state.model import Incident, State
from commands.watch.state.selector import Selector
from commands.watch.view import listing
from commands.watch.view.card import card
from commands.watch.view.plain_text import plain
from tests.every import every

from .samples import NOON, a_watch


@every([
    (("C1", "C1"), "C1", "2 watches of `all` are muted: mail.example.com."),
    (("C1", "C2", "C1"), "C1", "3 watches of `all` (2 in #C1, 1 in #C2) are muted: mail.example.com."),
    (("C2",), "C1", "1 watch of `all` (1 in #C2) is muted: mail.example.com."),
    (("C1", "D1"), "", "2 watches of `all` (1 in #C1, 1 in direct messages) are muted: mail.example.com."),
])  # fmt: skip
def test_what_is_done_to_watches_of_other_channels_says_of_which(channels, here, text):
    done = [a_watch(id=f"w-{number}", channel=channel) for number, channel in enumerate(channels)]
    assert plain(listing.several(done, Selector("all"), "muted", here)) == text


def test_the_card_of_what_is_down_has_its_incident_and_acknowledges_it():
    down = a_watch(state=State("down", incident=Incident("w-1.3", NOON, told=True)))
    for watch, said in ((down, "Incident `w-1.3`"), (acknowledge(down, "U9", NOON).watch, "acknowledged by @U9")):
        shown = card(watch, NOON, [])
        buttons = [one["text"]["text"] for one in shown.blocks[-1]["elements"][:-1]]
        assert said in plain(shown.text) and "Incident `w-1.3`" in plain(shown.text)
        assert ("Acknowledge" in buttons) == (watch is down)
        assert len(buttons) <= 5
