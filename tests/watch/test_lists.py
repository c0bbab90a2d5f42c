"""What lists and digests say of several watches, and of several ports of one."""

from commands.watch.view import digest, listing
from tests.every import every

from .samples import NOON, a_watch


def test_ports_that_were_as_well_as_each_other_stand_together_in_a_digest():
    shares = [("mx.x:25", "100 %"), ("mx.x:465", "0 % (1h down)"), ("mx.x:587", "0 % (1h down)"), ("b.x:25", "100 %")]
    assert list(digest._by_place(shares, "mx.x")) == ["25, b.x:25: 100 %", "465, 587: 0 % (1h down)"]


@every(
    [
        (0, 3, "*Nothing is down*: 3 watches that you may see, 3 waiting for a run."),
        (1, 3, "*1 of 3 watches that you may see* (`down`)"),
        (2, 2, "*2 of 2 watches that you may see* (`down`)"),
        (0, 0, "*No watches that you may see*"),
    ]
)
def test_a_list_of_what_was_chosen_says_of_how_many_it_is(shown, of, title):
    every = [a_watch(id=f"w-{one}") for one in range(of)]
    page = listing.Page("all down", of=every, criteria="(`down`)" if of else "")
    said = listing.overview(every[:shown], "that you may see", NOON, page)
    assert said.text.splitlines()[0] == title
    assert ("looks at a host and alerts" in said.text) == (of == 0)
