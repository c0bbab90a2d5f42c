"""What lists and digests say of several watches, and of several ports of one."""

from commands.watch.view import digest


def test_ports_that_were_as_well_as_each_other_stand_together_in_a_digest():
    shares = [("mx.x:25", "100 %"), ("mx.x:465", "0 % (1h down)"), ("mx.x:587", "0 % (1h down)"), ("b.x:25", "100 %")]
    assert list(digest._by_place(shares, "mx.x")) == ["25, b.x:25: 100 %", "465, 587: 0 % (1h down)"]
